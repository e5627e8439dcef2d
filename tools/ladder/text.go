// Values as TLC prints them: taken apart, renamed, and put in one order.

package ladder

import (
	"fmt"
	"slices"
	"strings"
)

// term is a printed value: a word ("a1", 7, TRUE), or a bracketed list. In a set, a record and a function the order of
// the parts means nothing; in a tuple it does.
type term struct {
	word        string // of a leaf
	open, close string // the brackets of a list
	between     string // what stands between two parts
	parts       []part
	ordered     bool
}

// part is one element; in a record and a function it has a key, with arrow between the two.
type part struct {
	key   *term
	arrow string
	value *term
}

// parseTerm reads a value as TLC and the engine print it.
func parseTerm(text string) (*term, error) {
	r := &termReader{rest: text}
	t := r.term()
	r.space()
	if r.err == nil && r.rest != "" {
		r.fail("the value's end")
	}
	if r.err != nil {
		return nil, fmt.Errorf("%w in %q", r.err, text)
	}
	return t, nil
}

type termReader struct {
	rest string
	err  error
}

func (r *termReader) fail(wanted string) {
	if r.err == nil {
		r.err = fmt.Errorf("expected %s, got %.20q", wanted, r.rest)
	}
	r.rest = ""
}

func (r *termReader) space() { r.rest = strings.TrimLeft(r.rest, " \t\r\n") }

// take consumes a token if it is next.
func (r *termReader) take(token string) bool {
	r.space()
	rest, ok := strings.CutPrefix(r.rest, token)
	if ok {
		r.rest = rest
	}
	return ok
}

func (r *termReader) term() *term {
	switch {
	case r.take("<<"):
		return r.list(&term{open: "<<", close: ">>", between: ", ", ordered: true}, "")
	case r.take("{"):
		return r.list(&term{open: "{", close: "}", between: ", "}, "")
	case r.take("["):
		return r.list(&term{open: "[", close: "]", between: ", "}, "|->")
	case r.take("("):
		return r.list(&term{open: "(", close: ")", between: " @@ "}, ":>")
	}
	return r.leaf()
}

// list reads the parts up to the closing bracket; with an arrow each part has a key.
func (r *termReader) list(t *term, arrow string) *term {
	if r.take(t.close) {
		return t
	}
	for r.err == nil {
		p := part{value: r.term()}
		if arrow != "" {
			if !r.take(arrow) {
				r.fail(arrow)
			}
			p = part{key: p.value, arrow: " " + arrow + " ", value: r.term()}
		}
		t.parts = append(t.parts, p)
		if r.take(t.close) {
			return t
		}
		if !r.take(strings.TrimSpace(t.between)) {
			r.fail(t.close)
		}
	}
	return t
}

func (r *termReader) leaf() *term {
	r.space()
	if inner, ok := strings.CutPrefix(r.rest, `"`); ok {
		if end := strings.IndexByte(inner, '"'); end >= 0 {
			word := r.rest[:end+2]
			r.rest = r.rest[end+2:]
			return &term{word: word}
		}
		r.fail("a closing quote")
		return &term{}
	}
	end := strings.IndexFunc(r.rest, func(c rune) bool {
		return !(c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z')
	})
	if end < 0 {
		end = len(r.rest)
	}
	if end == 0 {
		r.fail("a value")
		return &term{}
	}
	word := r.rest[:end]
	r.rest = r.rest[end:]
	return &term{word: word}
}

// print writes the value with its words renamed. Parts whose order means nothing are sorted by their text, so that
// equal values have equal texts.
func (t *term) print(rename map[string]string) string {
	if t.open == "" {
		if name, ok := rename[t.word]; ok {
			return name
		}
		return t.word
	}
	texts := make([]string, len(t.parts))
	for i, p := range t.parts {
		texts[i] = p.value.print(rename)
		if p.key != nil {
			texts[i] = p.key.print(rename) + p.arrow + texts[i]
		}
	}
	if !t.ordered {
		slices.Sort(texts)
	}
	return t.open + strings.Join(texts, t.between) + t.close
}
