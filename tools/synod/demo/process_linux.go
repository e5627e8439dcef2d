// How Linux ties a child to the demo: its own group, and death with its parent.

package demo

import "syscall"

// childAttributes puts a child into a process group of its own, so that a terminal's Ctrl-C reaches the demo
// alone, and has the kernel kill it when the demo dies, even by SIGKILL.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func killGroup(pid int) { syscall.Kill(-pid, syscall.SIGKILL) }
