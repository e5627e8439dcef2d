// Random texts: no input makes the lexer or the parser panic, and every position they report lies in the text.

package syntax_test

import (
	"errors"
	"strings"
	"testing"

	"synod/conformance/tla/syntax"
	"synod/conformance/tla/syntax/cases"
)

func FuzzTokens(f *testing.F) {
	cases.Seeds(f, "testdata/*.txt")
	f.Fuzz(func(t *testing.T, src string) {
		tokens, err := syntax.Tokens("f", []byte(src))
		checkPositions(t, src, err)
		last := tokens[len(tokens)-1]
		if last.Kind != syntax.KindEnd {
			t.Fatalf("the last token is %v", last)
		}
		line, col := 0, 0
		for _, tok := range tokens {
			at := tok.Span.Start
			if at.Line < line || at.Line == line && at.Col <= col {
				t.Fatalf("the token %q at %v does not stand behind the one before", tok.Text, at)
			}
			line, col = at.Line, at.Col
		}
	})
}

func FuzzParseModule(f *testing.F) {
	cases.Seeds(f, "testdata/*.txt")
	f.Fuzz(func(t *testing.T, src string) {
		src = "---- MODULE T ----\n" + src
		m, err := syntax.ParseModule("f", []byte(src))
		checkPositions(t, src, err)
		if err == nil {
			printModule(m)
		}
	})
}

func FuzzParseExpr(f *testing.F) {
	cases.Seeds(f, "testdata/*.txt")
	f.Fuzz(func(t *testing.T, src string) {
		e, err := syntax.ParseExpr("f", []byte(src))
		checkPositions(t, src, err)
		if err != nil {
			return
		}
		text := printExpr(e)
		for _, mark := range []string{`/\[`, `\/[`, "::", `"`, "_"} {
			if strings.Contains(text, mark) {
				return // the printed form of junction lists, labels, some strings and subscripts is not TLA+
			}
		}
		again, err := syntax.ParseExpr("f", []byte(text))
		if err != nil || printExpr(again) != text {
			t.Fatalf("%q is parsed as %s, which is then parsed in another way (%v)", src, text, err)
		}
	})
}

func checkPositions(t *testing.T, src string, err error) {
	var list syntax.ErrorList
	if err == nil {
		return
	}
	if !errors.As(err, &list) {
		t.Fatalf("the error is no list: %v", err)
	}
	lines := strings.Count(src, "\n") + strings.Count(src, "\r") + 1
	for _, e := range list {
		if at := e.Span.Start; !at.IsValid() || at.Line > lines || at.Col < 1 {
			t.Fatalf("%v is no place in a text of %d lines", e, lines)
		}
	}
	syntax.Render(list[len(list)-1], []byte(src))
}
