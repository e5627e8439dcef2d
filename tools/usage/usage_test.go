// A child that works and takes memory is seen to.

package usage

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	if os.Getenv("USAGE_CHILD") != "" {
		block := make([]byte, 64<<20)
		for round := range 8 {
			for i := range block {
				block[i] += byte(i * round)
			}
		}
		return
	}
	os.Exit(m.Run())
}

func TestOfAChild(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "USAGE_CHILD=1")
	require.NoError(t, cmd.Run())
	u := Of(cmd.ProcessState)
	require.Positive(t, u.User)
	require.GreaterOrEqual(t, u.CPU, u.User)
	if runtime.GOOS != "windows" {
		require.Greater(t, u.Memory, int64(64<<20))
	}
	require.Zero(t, Of(nil))
}
