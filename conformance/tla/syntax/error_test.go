// How errors are shown.

package syntax_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla/syntax"
)

func TestRender(t *testing.T) {
	src := []byte("---- MODULE T ----\nA == 1\nB == \t(A + + 2)\n====\n")
	_, err := syntax.ParseModule("T.tla", src)
	var e *syntax.Error
	require.True(t, errors.As(err, &e))
	require.Equal(t, "T.tla:3:12: expected an expression, found +\n"+
		"    3 | B == \t(A + + 2)\n"+
		"      |      \t     ^", syntax.Render(e, src))
}

func TestRenderSeveralColumns(t *testing.T) {
	e := &syntax.Error{Span: syntax.Span{Start: syntax.Pos{File: "f", Line: 1, Col: 3}, EndLine: 1, EndCol: 5}, Msg: "m"}
	require.Equal(t, "f:1:3: m\n    1 | ∀ xyz\n      |   ^^^", syntax.Render(e, []byte("∀ xyz\n")))
}

// A span over several lines is underlined to the end of its first, and a line that is not there is not shown.
func TestRenderAtTheEdges(t *testing.T) {
	e := &syntax.Error{Span: syntax.Span{Start: syntax.Pos{File: "f", Line: 1, Col: 2}, EndLine: 3, EndCol: 1}, Msg: "m"}
	require.Equal(t, "f:1:2: m\n    1 | abc\n      |  ^^", syntax.Render(e, []byte("abc\r\ndef\n")))
	e.Span.Start.Line = 9
	require.Equal(t, "f:9:2: m", syntax.Render(e, []byte("abc")))
	require.Equal(t, ": m", syntax.Render(&syntax.Error{Msg: "m"}, nil))
}

func TestErrorListIsSortedAndUnique(t *testing.T) {
	at := func(line int) syntax.Span { return syntax.Span{Start: syntax.Pos{File: "f", Line: line, Col: 1}} }
	var list syntax.ErrorList
	require.NoError(t, list.Err())
	list.Add(at(2), "second")
	list.Add(at(1), "first")
	list.Add(at(2), "second")
	require.EqualError(t, list.Err(), "f:1:1: first\nf:2:1: second")
}
