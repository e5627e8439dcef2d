// What is computed once because it depends on nothing, and what must not be.

package check_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

const recursiveOperators = `---- MODULE Kept ----
EXTENDS Naturals, TLC
VARIABLE x
Init == x = 0
Next == x < 3 /\ x' = x + 1
RECURSIVE Level(_), Even(_), Odd(_), Sum(_)
Level(n) == IF n = 0 THEN TLCGet("level") ELSE Level(n - 1)
Even(n) == IF n = 0 THEN <<x>> ELSE Odd(n - 1)
Odd(n) == IF n = 0 THEN <<x, x>> ELSE Even(n - 1)
Sum(n) == IF n = 0 THEN 0 ELSE n + Sum(n - 1)
Level3 == Level(3) = x + 1
Mutual == Even(3) = <<x, x>> /\ Odd(2) = <<x, x>> /\ Even(2) = <<x>> /\ Odd(3) = <<x>>
Constant == Sum(4) = 10
NotTwo == Even(3) # <<2, 2>>
====
`

// loadText loads a module of that name from its text.
func loadText(t *testing.T, name, module, config string) *tla.Model {
	t.Helper()
	m, err := tla.Load(name+".tla", tla.Options{Config: name + ".cfg", FS: fstest.MapFS{
		name + ".tla": {Data: []byte(module)}, name + ".cfg": {Data: []byte(config)}}})
	require.NoError(t, err)
	return m
}

func TestRecursiveOperatorsFollowTheState(t *testing.T) {
	r := check(t, loadText(t, "Kept", recursiveOperators, "INIT Init\nNEXT Next\nINVARIANTS Level3 Mutual Constant\n"), tla.CheckOptions{})
	require.Equal(t, tla.OK, r.Verdict, "%s: %v", r.Message, r.Err)
	r = check(t, loadText(t, "Kept", recursiveOperators, "INIT Init\nNEXT Next\nINVARIANT NotTwo\n"), tla.CheckOptions{})
	require.Equal(t, tla.Safety, r.Verdict)
	require.Len(t, r.Behavior, 3)
}
