// Whole runs over a small collection, and how findings are compared.

package crosscheck

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMain lets this test binary be the child that checks one model.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childFlag {
		os.Exit(Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

func run(t *testing.T, o Options) (code int, rows map[string]Row, summary string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	o.Self, o.JSON, o.Limit = []string{self}, true, time.Minute
	var out, progress bytes.Buffer
	code, err = Run(context.Background(), []string{"testdata/collection"}, o, &out, &progress)
	require.NoError(t, err)
	rows = map[string]Row{}
	for line := range strings.Lines(out.String()) {
		var r Row
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		if r.Model == "" {
			summary = line
			continue
		}
		rows[filepath.Base(r.Model)] = r
	}
	return code, rows, summary
}

func TestEveryModelHasItsStatus(t *testing.T) {
	code, rows, summary := run(t, Options{Workers: 1})
	require.Equal(t, 1, code, "a wrong count is a difference")
	statuses := map[string]Status{}
	for name, r := range rows {
		statuses[name] = r.Status
	}
	require.Equal(t, map[string]Status{
		"Clock.cfg": Same, "Early.cfg": Same, "Wrong.cfg": Differs, "Odd.cfg": Skipped, "Needs.cfg": Skipped, "Stops.cfg": Differs,
		"Reads.cfg": Same,
	}, statuses)
	require.Equal(t, "manifest: distinct 6", rows["Wrong.cfg"].Reason)
	require.Equal(t, "needs module ModuleThatIsNowhere", rows["Needs.cfg"].Reason)
	require.Contains(t, rows["Stops.cfg"].Reason, "manifest says success")
	require.Equal(t, int64(24), rows["Clock.cfg"].Engine.Generated)
	require.Positive(t, rows["Clock.cfg"].Engine.Memory)
	require.Contains(t, summary, "7 models: 3 the same (2 of them with counts)")
}

func TestNothingDiffersIsZero(t *testing.T) {
	code, rows, _ := run(t, Options{Workers: 1, Filter: "Clock"})
	require.Zero(t, code)
	require.Len(t, rows, 2)
}

func TestLongModelsAreSkipped(t *testing.T) {
	_, rows, _ := run(t, Options{Workers: 1, Longest: time.Minute})
	require.Equal(t, "recorded time 1h2m3s", rows["Needs.cfg"].Reason)
	require.Equal(t, "no recorded time", rows["Stops.cfg"].Reason)
}

func TestAChildThatEndsBadlyIsAFinding(t *testing.T) {
	f, err := inChild(context.Background(), []string{"sh", "-c", "echo 'panic: oops' >&2; exit 2"}, "", job{}, time.Minute)
	require.NoError(t, err)
	require.Equal(t, "error", f.Result)
	require.Equal(t, "the engine's process ended: panic: oops", f.Message)
}

func TestAChildThatGoesOnForeverIsStopped(t *testing.T) {
	f, err := inChild(context.Background(), []string{"sh", "-c", "exec sleep 60"}, "", job{}, 50*time.Millisecond)
	require.NoError(t, err)
	require.True(t, f.TimedOut)
}

func TestWhatIsCompared(t *testing.T) {
	ours := Finding{Result: "success", Generated: 10, Distinct: 5, Depth: 3}
	cases := []struct {
		other Finding
		depth bool
		want  string
	}{
		{Finding{Result: "success", Generated: 10, Distinct: 5, Depth: 3}, true, ""},
		{Finding{Result: "success", Generated: 10, Distinct: 5, Depth: 4}, false, ""},
		{Finding{Result: "success", Generated: 10, Distinct: 5, Depth: 4}, true, "X: depth 4"},
		{Finding{Result: "success", Generated: 11, Distinct: 6, Depth: 3}, true, "X: generated 11, X: distinct 6"},
		{Finding{Result: "success", Generated: -1, Distinct: 5, Depth: -1}, true, ""},
		{Finding{Result: "success", Unlisted: true, Generated: -1, Distinct: -1}, true, ""},
		{Finding{Result: "safety failure", Unlisted: true}, true, "X says safety failure"},
		{Finding{Result: "unknown", Unlisted: true}, true, ""},
	}
	for _, c := range cases {
		require.Equal(t, c.want, compare(ours, c.other, "X", c.depth))
	}
}

func TestTLCDecidesWhereItRan(t *testing.T) {
	m := Model{Result: "success", Generated: -1, Distinct: -1, Depth: -1}
	listed := m.listed()
	r := Row{Engine: &Finding{Result: "success", Generated: 2, Distinct: 1}, TLC: &Finding{Result: "success", Generated: 3, Distinct: 1}, Listed: &listed}
	r.judge(m)
	require.Equal(t, Differs, r.Status)
	require.Equal(t, "TLC: generated 3", r.Reason)
	r.TLC = &Finding{Result: "error", Message: "Unknown operator: `Foo'."}
	r.judge(m)
	require.Equal(t, Verdict, r.Status, "where TLC fails there is the manifest's verdict alone")
	require.Equal(t, "TLC: Unknown operator: `Foo'.", r.Reason)
}

func TestBadCallsAreRefused(t *testing.T) {
	for _, args := range [][]string{{}, {"a", "b"}, {"-nonsense", "a"}, {"testdata/nowhere"}, {"-filter", "(", "testdata"}, {"-filter", "nosuchmodel", "testdata"}} {
		var out, errs bytes.Buffer
		require.Equal(t, 2, Main(context.Background(), args, &out, &errs), args)
		require.NotEmpty(t, errs.String())
	}
}
