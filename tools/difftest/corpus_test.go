// The corpus stands in the engine's folder together with the module that it was made with.

package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheCorpusHasThePrelude(t *testing.T) {
	for file, want := range map[string]string{"diff_prelude.tla": preludeModule(), "diff_prelude.cfg": configuration} {
		got, err := os.ReadFile("../../conformance/tla/testdata/" + file)
		require.NoError(t, err)
		require.Equal(t, want, string(got), "the corpus was made with another prelude: make it again with -judge")
	}
}
