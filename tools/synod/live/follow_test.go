// Files that are there as a whole are read as their events are needed.

package live

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/trace"
)

const tick = `---- MODULE Tick ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Tick == x' = x + 1
Next == Tick
====
`

// ticks are n events of a node, which is an instance of its own. The i-th has the cause that causes gives, and is padded.
func ticks(node string, n, padding int, cause func(i int) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"synod":1,"spec":"Tick.tla","node":%q,"run":1}`+"\n", node)
	for i := 1; i <= n; i++ {
		causes := ""
		if id := cause(i); id != "" {
			causes = fmt.Sprintf(`,"causes":[%q]`, id)
		}
		fmt.Fprintf(&b, `{"node":%q,"run":1,"seq":%d,"clock":%d,"instance":%q,"action":"Tick","vars":{"x":%d}%s%s}`+"\n",
			node, i, i, node, i, causes, strings.Repeat(" ", padding))
	}
	return b.String()
}

// stream replays files and gives the report, and how many events were held back at most.
func stream(t *testing.T, files ...string) (report *conformance.Report, held int) {
	t.Helper()
	dir := t.TempDir()
	spec := filepath.Join(dir, "Tick.tla")
	require.NoError(t, os.WriteFile(spec, []byte(tick), 0o644))
	o := Options{
		Whole: true,
		Load: func(trace.Header) (*conformance.Spec, error) {
			return conformance.LoadSpec(spec, conformance.SpecOptions{})
		},
		Progress: func(p Progress) { held = max(held, p.Held) },
	}
	for i, text := range files {
		path := filepath.Join(dir, fmt.Sprintf("%d.ndjson", i))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		o.Files = append(o.Files, path)
	}
	report, err := Follow(t.Context(), o)
	require.NoError(t, err)
	return report, held
}

func none(int) string { return "" }

// Of a file whose events wait for those of a larger one no more is read than need be.
func TestAFileThatIsAheadWaits(t *testing.T) {
	const n = 3 * firstAhead
	report, held := stream(t, ticks("a", n, 0, func(i int) string { return fmt.Sprintf("b/1/%d", i) }), ticks("b", n, 600, none))
	require.Equal(t, conformance.Conforms, report.Verdict)
	require.Equal(t, 2*n, report.Events)
	require.Less(t, held, 2*firstAhead)
}

// What an event waits for may stand further behind in the same file, behind more than is read ahead.
func TestACauseFarBehindIsFound(t *testing.T) {
	const n = 3 * firstAhead
	first := func(i int) string {
		if i == 1 {
			return "c/1/1"
		}
		return ""
	}
	report, _ := stream(t, ticks("a", n, 0, first)+ticks("c", 1, 0, none), ticks("b", n, 0, first))
	require.Equal(t, conformance.Conforms, report.Verdict)
	require.Equal(t, 2*n+1, report.Events)
}
