// bench follow as a test: every wrong step is told, and no other.

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBenchFollowIsToldOfEveryWrongStep(t *testing.T) {
	t.Chdir("../..")
	code, stdout, stderr := invoke("bench", "follow", "-events", "2000", "-instances", "20", "-wrong", "7", "-rate", "100000", "-delay", "50ms")
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "7 wrong steps among 2,0")
	require.Contains(t, stdout, "each was told")
}
