// The engine against TLC, for which a small script stands.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeTLC stands for the JVM in the test's path: it finds so many states in the counter.
func fakeTLC(t *testing.T, generated int) (jar string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in is a shell script")
	}
	folder := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\necho '%d states generated, 5 distinct states found, 0 states left on queue.'\n", generated)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "java"), []byte(script), 0o755))
	t.Setenv("PATH", folder)
	t.Setenv("JAVA_HOME", "")
	t.Setenv(commandVariable, "1") // the engine's process is this program
	jar = filepath.Join(folder, "x.jar")
	require.NoError(t, os.WriteFile(jar, nil, 0o644))
	return jar
}

const counters = `{"models": [{"name": "Counter", "spec": "Counter.tla", "config": "Counter.cfg", "time": "quick", "result": "ok",
"generated": 11, "distinct": 5, "depth": 3, "shows": "that it counts"}]}`

// counterManifest writes a manifest of the counter beside a copy of it.
func counterManifest(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS("testdata")))
	path := filepath.Join(folder, "m.json")
	require.NoError(t, os.WriteFile(path, []byte(counters), 0o644))
	return path
}

func TestBenchCheckComparesWhatIsFound(t *testing.T) {
	manifest := counterManifest(t)
	code, stdout, stderr := invoke("bench", "check", "-manifest", manifest, "-jar", fakeTLC(t, 11), "-repeat", "2")
	require.Zero(t, code, stderr)
	require.Regexp(t, `(?m)^Counter +11 +5 \|`, stdout)

	code, stdout, stderr = invoke("bench", "check", "-manifest", manifest, "-jar", fakeTLC(t, 12))
	require.Equal(t, 1, code)
	require.Contains(t, stdout, "DIFFERS")
	require.Contains(t, stderr, "1 of 1 models")
}

func TestBenchCheckRefusesWhatItCannotRun(t *testing.T) {
	manifest := counterManifest(t)
	for _, c := range []struct {
		says string
		args []string
	}{
		{"positive", []string{"-workers", "0"}},
		{"exclude", []string{"-manifest", manifest, "-examples", "x"}},
		{"one of Parallel, G1, Serial", []string{"-collector", "ZGC"}},
		{"no model", []string{"-manifest", manifest, "-only", "Other"}},
		{"MCPaxos.tla", []string{"-examples", t.TempDir()}},
		{"no arguments", []string{"Counter.tla"}},
	} {
		code, _, stderr := invoke(append([]string{"bench", "check"}, c.args...)...)
		require.Equal(t, exitUsage, code)
		require.Contains(t, stderr, c.says)
	}
}

func TestPropertiesAreTakenOutOfAConfiguration(t *testing.T) {
	require.Equal(t, "INVARIANT\nInv\n\\* end", string(withoutProperties([]byte("INVARIANT\nInv\nPROPERTY\nLive\n\\* end"))))
}
