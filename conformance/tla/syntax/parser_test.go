// The parser against its test files.

package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla/syntax"
	"synod/conformance/tla/syntax/cases"
)

// A case is the inside of a module, unless it has its own head.
func TestParseModule(t *testing.T) {
	cases.Run(t, "testdata/*.txt", func(c *cases.Case) (string, error) {
		src := c.Source
		if !strings.Contains(src, "MODULE T ") {
			src = "---- MODULE T ----\n" + src + "====\n"
			c.Shift = 1
		}
		m, err := syntax.ParseModule(cases.SourceName, []byte(src))
		if err != nil {
			return "", err
		}
		return printModule(m), nil
	})
}

func TestParseExpr(t *testing.T) {
	e, err := syntax.ParseExpr("command line", []byte(`x' = [y EXCEPT ![1] = @ + 1]`))
	require.NoError(t, err)
	require.Equal(t, `((x') = [y EXCEPT ![1] = (@ + 1)])`, printExpr(e))

	_, err = syntax.ParseExpr("command line", []byte("x + 1 )"))
	require.EqualError(t, err, "command line:1:7: expected the end of the expression, found )")
	_, err = syntax.ParseExpr("command line", nil)
	require.EqualError(t, err, "command line:1:1: expected an expression, found end of text")
}

func TestParseName(t *testing.T) {
	for _, name := range []string{"Op", "M!Op", "+", "M!N!\\cup"} {
		n, err := syntax.ParseName("f.cfg", name)
		require.NoError(t, err)
		require.Equal(t, name, printName(n))
	}
	_, err := syntax.ParseName("f.cfg", "M!Op x")
	require.EqualError(t, err, "f.cfg:1:6: expected the end of the name, found x")
	_, err = syntax.ParseName("f.cfg", "1")
	require.EqualError(t, err, "f.cfg:1:1: expected a name, found 1")
}

// Every operator can be found by each of its spellings, and each is lexed as the canonical one.
func TestSpellings(t *testing.T) {
	for _, op := range syntax.Operators() {
		require.Same(t, op, syntax.LookupOperator(op.Name))
		for _, spelling := range append(op.Aliases, op.Name) {
			require.Equal(t, op.Name, syntax.CanonicalOperator(spelling))
			tokens, err := syntax.Tokens("t", []byte(spelling+" "))
			require.NoError(t, err)
			require.Equal(t, syntax.KindOperator, tokens[0].Kind, spelling)
			require.Equal(t, op.Name, tokens[0].Text)
		}
	}
	require.Equal(t, "Append", syntax.CanonicalOperator("Append"))
}

// No operator's range is empty, and every operator binds tighter than one whose range ends below its own.
func TestPrecedence(t *testing.T) {
	for _, op := range syntax.Operators() {
		require.LessOrEqual(t, op.Lo, op.Hi, op.Name)
		require.False(t, op.LeftAssoc && op.Fixity != syntax.Infix, op.Name)
	}
}

func TestDepthIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"parentheses": strings.Repeat("(", 100000),
		"prefix":      strings.Repeat("~", 100000) + "x",
		"chain":       "x" + strings.Repeat(" + x", 100000),
		"primes":      "x" + strings.Repeat("'", 100000),
		"junctions":   strings.Repeat(`/\ `, 100000) + "x",
		"subscripts":  strings.Repeat("[x]_", 100000) + "x",
		"arguments":   strings.Repeat("f(", 100000),
	} {
		_, err := syntax.ParseExpr("deep", []byte(text))
		require.Error(t, err, name)
		require.Contains(t, err.Error(), "nest more than", name)
	}
	deep := strings.Repeat("---- MODULE M ----\n", 100000)
	_, err := syntax.ParseModule("deep", []byte(deep))
	require.Error(t, err)
}

// Texts whose end is missing, so that no comment can stand beside the mistake.
func TestMissingEnds(t *testing.T) {
	for text, want := range map[string]string{
		"x == \"abc\ny == 1":    `T.tla:1:6: this string has no end on its line`,
		"x == \"abc":            `T.tla:1:6: this string has no end on its line`,
		"x == \"a\\\ny == 1":    `T.tla:1:6: this string has no end on its line`,
		"x == 1 (* (* *)\n====": `T.tla:1:8: this comment has no end`,
		"(*":                    `T.tla:1:1: this comment has no end`,
	} {
		_, err := syntax.Tokens("T.tla", []byte(text))
		require.ErrorContains(t, err, want, text)
	}
	_, err := syntax.ParseModule("T.tla", []byte("no module here"))
	require.EqualError(t, err, "T.tla:1:1: no module: a line like ---- MODULE Name ---- is missing")
}
