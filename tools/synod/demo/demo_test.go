// What a demo does with folders and verdicts; the whole of it is run by the command's own tests and by CI.

package demo

import (
	"os"
	"path/filepath"
	"testing"

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
