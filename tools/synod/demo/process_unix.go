//go:build unix && !linux

// How other Unix systems tie a child to the demo: its own group alone.

package demo

import "syscall"

// childAttributes puts a child into a process group of its own, so that a terminal's Ctrl-C reaches the demo
// alone, which then kills the group.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killGroup(pid int) { syscall.Kill(-pid, syscall.SIGKILL) }
