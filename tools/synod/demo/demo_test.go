// What a demo does with folders and verdicts; the whole of it is run by the command's own tests and by CI.

package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/conformance"
)

func TestAFolderOfSomebodyElseIsNotEmptied(t *testing.T) {
	folder := t.TempDir()
	precious := filepath.Join(folder, "thesis.tex")
	require.NoError(t, os.WriteFile(precious, nil, 0o644))
	require.ErrorContains(t, claim(folder), "not a demo's")
	require.FileExists(t, precious)
}

func TestADemosFolderIsEmptied(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "demo")
	require.NoError(t, claim(folder))
	old := filepath.Join(folder, "a1.ndjson")
	require.NoError(t, os.WriteFile(old, nil, 0o644))
	require.NoError(t, claim(folder))
	require.NoFileExists(t, old)
}

func TestBothJudgesMustAgree(t *testing.T) {
	fine := linearizability{}
	require.Equal(t, conformance.Conforms, combine(conformance.Conforms, fine, nil))
	require.Equal(t, conformance.Violates, combine(conformance.Violates, fine, nil))
	require.Equal(t, conformance.Inconclusive, combine(conformance.Inconclusive, fine, nil))
	require.Equal(t, conformance.Violates, combine(conformance.Conforms, linearizability{illegal: []string{"k"}}, nil))
	require.Equal(t, conformance.Inconclusive, combine(conformance.Conforms, linearizability{undecided: []string{"k"}}, nil))
	require.Equal(t, conformance.Violates, combine(conformance.Inconclusive, linearizability{illegal: []string{"k"}}, nil))
	require.Equal(t, conformance.Violates, combine(conformance.Conforms, fine, []string{"k"}))
}

// On a busy machine the load may end while the acceptor that was killed starts again. That start is not cut off, and the
// demo goes on to its verdict.
func TestTheLoadMayEndWhileAnAcceptorStarts(t *testing.T) {
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	server := fmt.Sprintf(`#!/bin/sh
if [ -e %[1]s/again ]; then
	touch %[1]s/begun
	while [ ! -e %[1]s/go ]; do sleep 0.01; done
fi
echo "server listens on 127.0.0.1:9"
exec sleep 60
`, folder)
	require.NoError(t, os.WriteFile(file("server"), []byte(server), 0o755))
	r := &run{cluster: &cluster{program: file("server"), folder: folder}, faults: faults{heal: time.Hour}}
	defer r.cluster.close()
	require.NoError(t, r.cluster.start(t.Context()))
	require.NoError(t, os.WriteFile(file("again"), nil, 0o644))
	ended, result := make(chan struct{}), make(chan error, 1)
	r.start = time.Now()
	go func() { result <- r.disturb(t.Context(), ended) }()
	require.Eventually(t, func() bool { _, err := os.Stat(file("begun")); return err == nil }, 20*time.Second, time.Millisecond)
	close(ended)
	require.NoError(t, os.WriteFile(file("go"), nil, 0o644))
	require.NoError(t, <-result)
	require.Len(t, r.diary, 3, "split, kill, start")
}
