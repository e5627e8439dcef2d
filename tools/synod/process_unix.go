//go:build unix && !linux

// A command under a lock, where the kernel does not end children with their parent.

package main

import "syscall"

func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
