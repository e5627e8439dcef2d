// Recursion without an end is an error, not a crash.

package tla_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

func TestEndlessRecursionIsAnError(t *testing.T) {
	files := fstest.MapFS{"Deep.tla": {Data: []byte("---- MODULE Deep ----\nEXTENDS Integers\n====\n")}}
	m, err := tla.Load("Deep.tla", tla.Options{FS: files})
	require.NoError(t, err)
	state, err := m.NewState(nil)
	require.NoError(t, err)
	for _, expression := range []string{
		`LET f[x \in 0..3] == f IN f`,
		`LET f[x \in 0..3] == f[x] IN f[1]`,
		`LET f[x \in 0..3] == f[x - 1] + f[x - 2] IN f`,
		`LET RECURSIVE f(_) f(x) == f(x) IN f(1)`,
		`LET RECURSIVE f(_) f(x) == {f(x)} IN f(1)`,
		`LET RECURSIVE f(_) f(x) == \E y \in {x} : f(y) IN f(1)`,
	} {
		_, err := m.NewMachine().Eval(expression, state)
		require.Error(t, err, expression)
	}
}
