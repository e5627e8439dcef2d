// TLC as a judge; a small script stands for the JVM.

package models

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeJava prints the figures of a model of depth 10, but tells a depth of 11 when it has several workers, and leaves
// a line for each run in a file.
const fakeJava = `#!/bin/sh
echo "$@" >> "$RUNS"
case "$*" in *"-workers 1 "*) depth=10;; *) depth=11;; esac
echo "30 states generated, $DISTINCT distinct states found, 0 states left on queue."
echo "The depth of the complete state graph search is $depth."
`

func TestADepthByManyWorkersIsAskedAgain(t *testing.T) {
	folder := t.TempDir()
	runs := filepath.Join(folder, "runs")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "java"), []byte(fakeJava), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "MC.tla"), nil, 0o644))
	t.Setenv("PATH", folder)
	t.Setenv("JAVA_HOME", "")
	t.Setenv("RUNS", runs)
	number := func(n int64) *int64 { return &n }
	model := Model{Spec: filepath.Join(folder, "MC.tla"), Result: "ok", Generated: number(30), Distinct: number(20), Depth: number(10)}
	cases := []struct {
		name     string
		distinct string
		workers  int
		runs     int
		same     bool
	}{
		{"several workers", "20", 0, 2, true},
		{"one worker", "20", 1, 1, true},
		{"several workers, another count", "21", 0, 1, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(runs))
			t.Setenv("DISTINCT", c.distinct)
			found, err := TLC{Workers: c.workers}.Check(context.Background(), model, func(string) {})
			require.NoError(t, err)
			require.Equal(t, c.same, len(model.Compare(found)) == 0, "%v", model.Compare(found))
			text, err := os.ReadFile(runs)
			require.NoError(t, err)
			require.Equal(t, c.runs, strings.Count(string(text), "\n"))
		})
	}
}
