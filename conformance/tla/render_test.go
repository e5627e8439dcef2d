// Errors as people read them.

package tla_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

func TestErrorsAreShownWithTheirSource(t *testing.T) {
	files := fstest.MapFS{
		"T.tla": {Data: []byte("---- MODULE T ----\nEXTENDS Sequences\nCONSTANT N\nVARIABLE q\nInit == q = <<>>\n\tNext == q' = Apend(q, 1)\nInv == queue = q\n====\n")},
		"U.tla": {Data: []byte("---- MODULE U ----\nEXTENDS Integers\nCONSTANT N\nVARIABLE q\nf[i \\in Nat] == IF i = 0 THEN q ELSE f[i - 1] \\cup i\nGrow(x) == f[x]\nInit == q = {}\nNext == q' = Grow(2)\nAct == q' = q\n====\n")},
		"U.cfg": {Data: []byte("INIT Init\nNEXT Nxt\nINVARIANTS Act\nCHECK_DEADLOK FALSE\n")},
		"V.cfg": {Data: []byte("INIT Init\nNEXT Next\nCONSTANT N = 1\n")},
	}
	_, err := tla.Load("T.tla", tla.Options{FS: files})
	require.Equal(t, `T.tla:6:15: unknown operator Apend; did you mean Append?
    6 | 	Next == q' = Apend(q, 1)
      | 	             ^^^^^
T.tla:7:8: unknown name queue
    7 | Inv == queue = q
      |        ^^^^^`, tla.Render(err))

	_, err = tla.Load("U.tla", tla.Options{FS: files, Config: "U.cfg"})
	require.Equal(t, `U.cfg:2:6: unknown name Nxt; did you mean Next?
    2 | NEXT Nxt
      |      ^^^
U.cfg:3:12: Act is an action, because of what stands at U.tla:9:8; INVARIANT takes at most a state function
    3 | INVARIANTS Act
      |            ^^^
U.cfg:4:1: unknown name CHECK_DEADLOK; did you mean CHECK_DEADLOCK?
    4 | CHECK_DEADLOK FALSE
      | ^^^^^^^^^^^^^
U.cfg:4:15: unknown name FALSE
    4 | CHECK_DEADLOK FALSE
      |               ^^^^^
U.tla:3:10: the constant N has no value; in the configuration: CONSTANT N = ..
    3 | CONSTANT N
      |          ^`, tla.Render(err))

	m, err := tla.Load("U.tla", tla.Options{FS: files, Config: "V.cfg"})
	require.NoError(t, err)
	r, err := m.Check(t.Context(), tla.CheckOptions{})
	require.NoError(t, err)
	require.Equal(t, tla.Failed, r.Verdict)
	require.Equal(t, `U.tla:5:38: the right side of \cup must be a set, but it is the integer 1
    5 | f[i \in Nat] == IF i = 0 THEN q ELSE f[i - 1] \cup i
      |                                      ^^^^^^^^^^^^^^^
  in f with i = 1, U.tla:5:38
  in f with i = 2, U.tla:6:12
  in Grow with x = ?, U.tla:8:14
  in Next, V.cfg:2:6`, tla.Render(r.Err))
}

func TestDeepRecursionShowsItsCallsFromBothEnds(t *testing.T) {
	files := fstest.MapFS{"T.tla": {Data: []byte("---- MODULE T ----\nEXTENDS Integers\nVARIABLE x\nRECURSIVE F(_)\nF(n) == F(n + 1)\nInit == x = 0\nNext == x' = F(x)\n====\n")}}
	m, err := tla.Load("T.tla", tla.Options{FS: files, Budget: tla.Budget{Stack: 1 << 20}})
	require.NoError(t, err)
	r, err := m.Check(t.Context(), tla.CheckOptions{})
	require.NoError(t, err)
	text := tla.Render(r.Err)
	require.Contains(t, text, "T.tla:5:9: recursion is too deep")
	require.Regexp(t, `\n  and \d{3,} more calls\n  in F with n = 1, T.tla:5:9\n  in F with n = 0, T.tla:7:14\n  in Next(, T.tla:\d+:\d+)?$`, text)
}
