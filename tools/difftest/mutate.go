// Mutated specifications: texts that are nearly TLA+, to compare who accepts them.

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"synod/conformance/tla/resolve"
)

// lexeme matches a comment (which is left alone), a string, a word, a number, an operator or a bracket.
var lexeme = regexp.MustCompile(`(?s)\\\*[^\n]*|\(\*.*?\*\)|"(?:[^"\\\n]|\\.)*"|-{4,}|={4,}|\\?\w+|` +
	`/\\|\\/|<<|>>_?|\]_?|==|=>|<=>|\|->|->|<-|~>|\.\.|::|:>|@@|<=|>=|=<|#|/=|\[\]|<>|[-+*/^~=<>:,.()\[{}'!@%\\&|$?]`)

// mutate changes one or two tokens of a text: drops, doubles, swaps or replaces them, or moves one on its line.
func mutate(rng *rand.Rand, text string) string {
	for range 1 + rng.IntN(2) {
		text = mutateOnce(rng, text)
	}
	return text
}

func mutateOnce(rng *rand.Rand, text string) string {
	var tokens [][]int
	for _, span := range lexeme.FindAllStringIndex(text, -1) {
		if word := text[span[0]:span[1]]; !strings.HasPrefix(word, `\*`) && !strings.HasPrefix(word, "(*") {
			tokens = append(tokens, span)
		}
	}
	if len(tokens) < 8 {
		return text
	}
	at := 3 + rng.IntN(len(tokens)-4) // the module's first line and its end stay
	span, next := tokens[at], tokens[at+1]
	word := text[span[0]:span[1]]
	put := func(s string) string { return text[:span[0]] + s + text[span[1]:] }
	switch rng.IntN(7) {
	case 0:
		return put("")
	case 1:
		return put(word + " " + word)
	case 2:
		return text[:span[0]] + text[next[0]:next[1]] + text[span[1]:next[0]] + word + text[next[1]:]
	case 3:
		other := tokens[rng.IntN(len(tokens))]
		return put(text[other[0]:other[1]])
	case 4:
		return put(" " + word)
	case 5:
		if span[0] > 0 && text[span[0]-1] == ' ' {
			return text[:span[0]-1] + text[span[0]:]
		}
		return put("\n" + word)
	default:
		words := []string{"x", "(", ")", "'", "/\\", "\\/", ",", "==", "IN", "ELSE", "]", "[]", "-", ":", "!", "\\E", "LOCAL", "\n\n", "INSTANCE", "..", "CHOOSE", "1", "{}"}
		return put(word + " " + words[rng.IntN(len(words))])
	}
}

// reading compares who accepts texts: TLC's parser or the engine's.
type reading struct {
	judge  *judge
	folder string // scratch of the engine's; TLC has its own
}

// accepts gives what each of them finds wrong with a module; "" is nothing.
func (r reading) accepts(ctx context.Context, name, text string, others map[string]string) (tlc, engine string, err error) {
	theirs := filepath.Join(r.judge.folder, "read")
	for _, folder := range []string{theirs, r.folder} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", "", err
		}
		for other, content := range others {
			if err := os.WriteFile(filepath.Join(folder, other), []byte(content), 0o644); err != nil {
				return "", "", err
			}
		}
		if err := os.WriteFile(filepath.Join(folder, name+".tla"), []byte(text), 0o644); err != nil {
			return "", "", err
		}
	}
	engine = r.engine(name)
	err = r.judge.ask(ctx, func(a answer) { tlc = a.text }, "read", theirs, name)
	return tlc, engine, err
}

func (r reading) engine(name string) (wrong string) {
	defer func() {
		if p := recover(); p != nil {
			wrong = fmt.Sprintf("panic: %v", p)
		}
	}()
	if _, err := resolve.Load(filepath.Join(r.folder, name+".tla"), resolve.Options{}); err != nil {
		return err.Error()
	}
	return ""
}

// original is a module to mutate: its name, its text, and the files beside it.
type original struct {
	name, text string
	others     map[string]string
}

// originals reads the modules of a folder and of those below it.
func originals(folder string) ([]original, error) {
	files := map[string]map[string]string{}
	err := filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || !strings.HasSuffix(path, ".tla") || info.Size() > 60_000 {
			return err
		}
		data, err := os.ReadFile(path)
		dir := filepath.Dir(path)
		if files[dir] == nil {
			files[dir] = map[string]string{}
		}
		files[dir][filepath.Base(path)] = string(data)
		return err
	})
	var all []original
	for _, dir := range sortedKeys(files) {
		for _, file := range sortedKeys(files[dir]) {
			all = append(all, original{strings.TrimSuffix(file, ".tla"), files[dir][file], files[dir]})
		}
	}
	return all, err
}
