//go:build unix && !linux

// How other Unix systems tie a child to the bench: not at all.

package bench

import "syscall"

func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
