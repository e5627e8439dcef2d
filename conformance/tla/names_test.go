// Strings are ordered as TLC meets them.

package tla_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// namesModule mentions names in an order of its own: identifiers and fields as they are parsed, root module first, and
// then string literals, the root module's last.
var namesModule = fstest.MapFS{
	"Root.tla": {Data: []byte(`free text zz9 "omega"
---- MODULE Root ----
EXTENDS Integers, Extended
foo == "zeta" \* comment
bar == [beta |-> "alpha", gamma |-> "foo"]
I == INSTANCE Used
All == {"zeta", "b", "beta", "alpha", "foo", "delta", "eps", "theta", "a", "gamma", "comment"}
====
`)},
	"Extended.tla": {Data: []byte("---- MODULE Extended ----\nEXTENDS Sequences\nbaz == \"delta\"\nthing == [eps |-> 1]\n====\n")},
	"Used.tla":     {Data: []byte("---- MODULE Used ----\nEXTENDS FiniteSets\nuse == \"theta\"\n====\n")},
}

// TestStringsAreOrderedAsTLCMeetsThem runs in a process of its own, because the first model of a process decides.
func TestStringsAreOrderedAsTLCMeetsThem(t *testing.T) {
	const variable = "SYNOD_TEST_NAMES"
	if os.Getenv(variable) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestStringsAreOrderedAsTLCMeetsThem$")
		cmd.Env = append(os.Environ(), variable+"=1")
		output, err := cmd.CombinedOutput()
		require.NoError(t, err, string(output))
		return
	}
	m, err := tla.Load("Root.tla", tla.Options{FS: namesModule})
	require.NoError(t, err)
	state, err := m.NewState(nil)
	require.NoError(t, err)
	v, err := m.NewMachine().Eval("All", state)
	require.NoError(t, err)
	// As TLC prints it.
	require.Equal(t, `{"foo", "beta", "gamma", "a", "eps", "b", "delta", "theta", "zeta", "alpha", "comment"}`, strings.TrimSpace(v.String()))
}
