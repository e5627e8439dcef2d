// What a demo does with folders and verdicts; the whole of it is run by the command's own tests and by CI.

package demo

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
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

// On a busy machine little happens in the time of a fault, so that a bug which needs it was not met. A fault ends when it
// has shown.
func TestAFaultWaitsUntilTheOneBeforeHasShown(t *testing.T) {
	folder := t.TempDir()
	server := filepath.Join(folder, "server")
	require.NoError(t, os.WriteFile(server, []byte("#!/bin/sh\necho 'server listens on 127.0.0.1:9'\nexec sleep 60\n"), 0o755))
	r := &run{cluster: &cluster{site: site{program: server, folder: folder, untraced: true}}, start: time.Now(), Options: Options{Clients: 4}}
	defer r.cluster.close()
	require.NoError(t, r.cluster.start(t.Context()))
	result := make(chan error, 1)
	go func() { result <- r.disturb(t.Context()) }()
	happened := func() int {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.diary)
	}
	steps := strings.Repeat("a step\n", stepsPerClient*r.Clients)
	for round, want := range []int{0, 1, 3, 4} { // the start follows on the kill without a step
		require.Eventually(t, func() bool { return happened() == want }, 20*time.Second, time.Millisecond, round)
		time.Sleep(100 * time.Millisecond)
		require.Equal(t, want, happened(), "it did not wait")
		require.NoError(t, appendTo(r.cluster.trace(acceptorName(0)), steps))
	}
	require.NoError(t, <-result)
}

// appendTo adds text to a file.
func appendTo(path, text string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}
