// How Linux ties a child to the bench: it dies with it.

package bench

import "syscall"

// attributes has the kernel kill a child when the thread that started it ends, and keeps a terminal's Ctrl-C from it.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
