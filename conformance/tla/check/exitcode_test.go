// Exit codes of evaluations that fail, as TLC has them.

package check_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// What fails from the state 1 on, or in the initial state already, by the kind of the error.
var failing = map[string]string{
	"index":  "<<1>>[x + %d] = 1",
	"type":   "x + %[1]d < IF x + %[1]d > 1 THEN <<>> ELSE 5",
	"assert": `Assert(x + %d < 2, "no")`,
}

// TestExitCodesOfFailures has for each part of a model and each kind of error the code of TLC 2.18 where a later state, and where the
// initial state is the first one that fails.
func TestExitCodesOfFailures(t *testing.T) {
	both := func(index, kind, assert int) map[string][2]int {
		return map[string][2]int{"index": {index, 75}, "type": {kind, 75}, "assert": {assert, 75}}
	}
	steps := map[string][2]int{"index": {75, 75}, "type": {255, 255}, "assert": {14, 14}}
	for _, part := range []struct {
		definition, config string
		codes              map[string][2]int
	}{
		{"P == %s", "INVARIANT P", both(76, 76, 76)},
		{"P == [](%s)", "PROPERTY P", both(76, 76, 76)},
		{"P == %s", "CONSTRAINT P", both(75, 255, 14)},
		{"P == %s", "VIEW P", both(75, 255, 14)},
		{"P == x' = x' /\\ %s", "ACTION_CONSTRAINT P", steps},
		{"P == [][%s]_x", "PROPERTY P", steps},
		{"Step == x < 3 /\\ (%s) /\\ x' = x + 1", "NEXT Step", steps},
	} {
		for kind, expression := range failing {
			for i, offset := range []int{1, 2} {
				body := fmt.Sprintf(part.definition, fmt.Sprintf(expression, offset))
				config := "INIT Init\nCHECK_DEADLOCK FALSE\n" + part.config
				if part.config != "NEXT Step" {
					config += "\nNEXT Next"
				}
				require.Equal(t, part.codes[kind][i], codeOf(t, body, config), "%s: %s, %s", part.config, body, config)
			}
		}
	}
	require.Equal(t, 75, codeOf(t, "P == <<1>>[x + 2] = 1", "INIT Init\nNEXT Next\nPROPERTY P"))
	require.Equal(t, 255, codeOf(t, "P == <>(<<1>>[x + 1] = 1 /\\ x = 3)", "INIT Init\nNEXT Next\nPROPERTY P\nCHECK_DEADLOCK FALSE"))
	require.Equal(t, 75, codeOf(t, "First == x = 0 /\\ Assert(FALSE, \"no\")", "INIT First\nNEXT Next"))
	require.Equal(t, 151, codeOf(t, "Open == TRUE", "INIT Open\nNEXT Next"))
}

// TestExitCodesOfLevels has the codes with which TLC ends where the configuration names a formula of too high a level.
func TestExitCodesOfLevels(t *testing.T) {
	for config, want := range map[string]int{
		"INIT A\nNEXT Next":                                      75,
		"INIT Init\nNEXT Next\nCONSTRAINT T":                     75,
		"INIT Init\nNEXT Next\nACTION_CONSTRAINT T":              75,
		"INIT Init\nNEXT Next\nVIEW A":                           75,
		"INIT Init\nNEXT Next\nINVARIANT A":                      76,
		"INIT Init\nNEXT Next\nCONSTRAINT A\nINVARIANT A":        76,
		"INIT Init\nNEXT Next\nINVARIANT A\nPROPERTY Unknown":    76,
		"INIT Init\nNEXT Next\nINVARIANT Unknown\nINVARIANT A":   151,
		"INIT Init\nNEXT Next\nCONSTRAINT A\nPROPERTY Unknown":   151,
		"INIT Init\nNEXT Next\nSYMMETRY Init":                    151,
		"INIT Init\nNEXT Next\nCONSTRAINT A\nCONSTANT N <- Init": 151,
	} {
		src := "---- MODULE E ----\nEXTENDS Integers\nCONSTANT N\nVARIABLE x\nInit == x = 0\nNext == x' = 1 - x\nA == x' = x\nT == <>(x = 1)\n====\n"
		if !strings.Contains(config, "CONSTANT") {
			config += "\nCONSTANT N = 1"
		}
		_, err := tla.Load("E.tla", tla.Options{FS: fstest.MapFS{"E.tla": {Data: []byte(src)}, "E.cfg": {Data: []byte(config)}}, Config: "E.cfg"})
		require.Error(t, err)
		require.Equal(t, want, tla.ExitCode(err), config)
	}
}

// codeOf is the exit code of a model that counts to 3.
func codeOf(t *testing.T, body, config string) int {
	t.Helper()
	src := "---- MODULE E ----\nEXTENDS Integers, TLC\nVARIABLE x\nInit == x = 0\nNext == x < 3 /\\ x' = x + 1\n" + body + "\n====\n"
	m, err := tla.Load("E.tla", tla.Options{FS: fstest.MapFS{"E.tla": {Data: []byte(src)}, "E.cfg": {Data: []byte(config)}}, Config: "E.cfg"})
	require.NoError(t, err)
	r, err := m.Check(context.Background(), tla.CheckOptions{Workers: 1})
	require.NoError(t, err)
	return r.Code
}
