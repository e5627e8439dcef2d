// The memory that a process had, where the system tells.

//go:build unix

package usage

import (
	"os"
	"runtime"
	"syscall"
)

func memory(state *os.ProcessState) int64 {
	r, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return int64(r.Maxrss) // bytes; elsewhere kilobytes
	}
	return int64(r.Maxrss) * 1024
}
