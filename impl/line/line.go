// Lines: the text form in which machines of the log write commands and results.

// Package line reads a line word by word: words, quoted strings and numbers, with a space between them.
package line

import (
	"strconv"
	"strings"
)

// Reader reads a line. What is read after a word that is not as expected means nothing.
type Reader struct {
	rest   string
	failed bool
}

// New begins to read a line.
func New(text string) *Reader { return &Reader{rest: text} }

// Next goes on with another line, whatever is left of this one.
func (r *Reader) Next(text string) { r.rest = text }

// Done reports whether all words were as expected, and no more are there.
func (r *Reader) Done() bool { return !r.failed && r.rest == "" }

// Failed reports whether a word was not as expected.
func (r *Reader) Failed() bool { return r.failed }

// Fail has Failed report true: a word was read, and is not as its reader expects.
func (r *Reader) Fail() { r.failed = true }

// Word reads a word, "" where there is none.
func (r *Reader) Word() string {
	word, rest, _ := strings.Cut(r.rest, " ")
	r.rest = rest
	return word
}

// Quoted reads a Go string literal and gives what it stands for.
func (r *Reader) Quoted() string {
	if r.rest != "" && r.rest[0] == '"' {
		if n := 1 + plain(r.rest[1:]); n < len(r.rest) && r.rest[n] == '"' {
			word := r.rest[1:n]
			r.rest = strings.TrimPrefix(r.rest[n+1:], " ")
			return word
		}
	}
	prefix, err := strconv.QuotedPrefix(r.rest)
	if err != nil {
		r.failed = true
		return ""
	}
	r.rest = strings.TrimPrefix(r.rest[len(prefix):], " ")
	word, err := strconv.Unquote(prefix)
	r.failed = r.failed || err != nil
	return word
}

// plain is how many bytes a text begins with that stand for themselves in a Go string literal: most texts have no others.
func plain(text string) int {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return i
		}
	}
	return len(text)
}

// Number reads a number that is not negative.
func (r *Reader) Number() uint64 {
	n, err := strconv.ParseUint(r.Word(), 10, 64)
	r.failed = r.failed || err != nil
	return n
}
