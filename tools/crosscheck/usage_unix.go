// How much memory a child process took, where the system says so.

//go:build unix

package crosscheck

import (
	"os"
	"runtime"
	"syscall"
)

// usage gives a process's time on all processors in seconds and the most memory it had, in bytes.
func usage(state *os.ProcessState) (seconds float64, memory int64) {
	if state == nil {
		return 0, 0
	}
	if r, ok := state.SysUsage().(*syscall.Rusage); ok {
		memory = int64(r.Maxrss)
		if runtime.GOOS != "darwin" { // where it is bytes already
			memory *= 1024
		}
	}
	return cpu(state), memory
}
