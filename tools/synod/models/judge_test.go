// The judges; a small script stands for TLC's JVM.

package models

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// java prints what TLC prints when a property is violated, unless it has several workers.
const java = `#!/bin/sh
case "$*" in *"-workers 1 "*) ;; *) exit 1;; esac
echo "Error: Action property line 5, col 3 to line 5, col 9 of module A is violated."
echo "State 1: <Initial predicate>"
echo "State 2: <Next line 5, col 9 to line 5, col 27 of module A>"
echo "30 states generated, 20 distinct states found, 4 states left on queue."
echo "The depth of the complete state graph search is 7."
exit 13
`

func TestWhatTLCFinds(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "java"), []byte(java), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "MC.tla"), nil, 0o644))
	t.Setenv("PATH", folder)
	t.Setenv("JAVA_HOME", "")
	found, err := TLC{}.Check(context.Background(), Model{Spec: filepath.Join(folder, "MC.tla")}, nil)
	require.NoError(t, err)
	require.Equal(t, Finding{
		Result: "property", Generated: 30, Distinct: 20, Depth: 7, Length: 2,
		Message: "Action property line 5, col 3 to line 5, col 9 of module A is violated.",
	}, found)
}

func TestWhatTheEngineFinds(t *testing.T) {
	folder := filepath.Join("..", "testdata")
	engine := Engine{Workers: 2}
	silent := func(string) {}
	found, err := engine.Check(context.Background(), Model{
		Spec: filepath.Join(folder, "Counter.tla"), Config: filepath.Join(folder, "Counter.cfg"), Result: "ok"}, silent)
	require.NoError(t, err)
	require.Equal(t, Finding{Result: "ok", Generated: 11, Distinct: 5, Depth: 3}, found)

	found, err = engine.Check(context.Background(), Model{
		Spec: filepath.Join(folder, "Counter.tla"), Config: filepath.Join(folder, "CounterSmall.cfg"), Result: "invariant"}, silent)
	require.NoError(t, err)
	require.Equal(t, "invariant", found.Result)
	require.Equal(t, "Small", found.Violated)
	require.EqualValues(t, 3, found.Length)

	found, err = engine.Check(context.Background(), Model{Spec: filepath.Join(folder, "None.tla")}, silent)
	require.NoError(t, err)
	require.Equal(t, "error", found.Result)
	require.Contains(t, found.Message, "None.tla")
}
