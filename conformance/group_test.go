// Actions that only choose among others: what is logged are the others.

package conformance_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/trace"
)

// A definition that groups actions under conditions takes no event's name away, and is not among those that never fired.
func TestActionsInGroups(t *testing.T) {
	const module = `---- MODULE Buffer ----
EXTENDS Naturals
VARIABLES n, closed
Init == n = 0 /\ closed = FALSE
Put(p) == n' = n + 1 /\ UNCHANGED closed
Get == n > 0 /\ n' = n - 1 /\ UNCHANGED closed
Close == closed' = TRUE /\ UNCHANGED n
Clients == ~closed /\ \E p \in 1..2 : n < 2 /\ Put(p)
Next == Clients \/ Get \/ Close
====`
	folder := t.TempDir()
	path := filepath.Join(folder, "Buffer.tla")
	require.NoError(t, os.WriteFile(path, []byte(module), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Buffer.cfg"), []byte("INIT Init\nNEXT Next\n"), 0o600))
	spec, err := conformance.LoadSpec(path, conformance.SpecOptions{})
	require.NoError(t, err)
	replay := func(actions ...string) *conformance.Report {
		r := trace.NewRecorder("Buffer.tla")
		for _, a := range actions {
			r.Node("b").Record(a, nil, nil)
		}
		files, err := r.Files()
		require.NoError(t, err)
		report, err := conformance.Replay(t.Context(), spec, trace.Headers(files), files[0].Events, conformance.Options{})
		require.NoError(t, err)
		return report
	}
	report := replay("Put", "Put", "Get")
	require.Equal(t, conformance.Conforms, report.Verdict)
	actions, _ := report.Coverage.Never()
	require.Equal(t, []string{"Close"}, actions)
	var text strings.Builder
	require.NoError(t, report.Coverage.WriteText(&text))
	require.Contains(t, text.String(), "       2  Put  ")
	require.NotContains(t, text.String(), "  Clients  ")
	require.Equal(t, conformance.Conforms, replay("Clients", "Get").Verdict, "its own name will do")

	for _, wrong := range [][]string{{"Put", "Put", "Put"}, {"Close", "Put"}, {"Get"}} {
		require.Equal(t, conformance.Violates, replay(wrong...).Verdict, "%s: the group's conditions hold, too", wrong)
	}
	explained := replay("Put", "Put", "Put").Violations[0].Nearest
	require.Equal(t, "Put", explained.Action)
}
