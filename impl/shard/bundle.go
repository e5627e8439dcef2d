// Bundles: commands for several shards of a group that its log takes as one, and their results.

package shard

import (
	"strconv"
	"strings"
)

// bundleMark begins a bundle. No command and no result begins with it.
const bundleMark = "bundle "

// Bundle makes one text of several. A Machine performs the commands in it one after the other, and answers with a bundle of
// their results.
func Bundle(texts []string) string {
	size := len(bundleMark) + 8*len(texts)
	for _, text := range texts {
		size += len(text)
	}
	b := append(make([]byte, 0, size), bundleMark...)
	for _, text := range texts {
		b = append(strconv.AppendInt(b, int64(len(text)), 10), ' ')
	}
	b[len(b)-1] = '\n'
	for _, text := range texts {
		b = append(b, text...)
	}
	return string(b)
}

// Unbundle gives the texts of a bundle. It is false of everything else.
func Unbundle(text string) (texts []string, ok bool) {
	sizes, ok := strings.CutPrefix(text, bundleMark)
	if !ok {
		return nil, false
	}
	sizes, rest, ok := strings.Cut(sizes, "\n")
	for ok && sizes != "" {
		var word string
		word, sizes, _ = strings.Cut(sizes, " ")
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 || n > len(rest) {
			return nil, false
		}
		texts, rest = append(texts, rest[:n]), rest[n:]
	}
	return texts, ok && rest == "" && len(texts) > 0
}

// each has every command of a bundle answered, as long as there are answers.
func each(commands []string, answer func(command string) (result string, ok bool)) (bundle string, ok bool) {
	results := make([]string, len(commands))
	for i, command := range commands {
		if results[i], ok = answer(command); !ok {
			return "", false
		}
	}
	return Bundle(results), true
}
