// Package usage tells what a child process took, once it has ended.
package usage

import (
	"os"
	"time"
)

// Usage is what a process took.
type Usage struct {
	CPU    time.Duration // on all processors, the system's work for it included
	User   time.Duration // without that
	Memory int64         // the most that it had at once, in bytes; 0 where the system does not say
}

// Of gives the usage of a process that has ended; nothing for nil.
func Of(state *os.ProcessState) Usage {
	if state == nil {
		return Usage{}
	}
	return Usage{CPU: state.UserTime() + state.SystemTime(), User: state.UserTime(), Memory: memory(state)}
}
