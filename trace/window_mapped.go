// Windows where files can be mapped.

//go:build linux || darwin

package trace

import (
	"os"
	"runtime/debug"
	"syscall"
)

// mapped maps a part of a file that is there.
func mapped(file *os.File, start int64, size int) (pages []byte, err error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return nil, err
	}
	if failed := raw.Control(func(fd uintptr) {
		pages, err = syscall.Mmap(int(fd), start, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	}); failed != nil {
		return nil, failed
	}
	return pages, err
}

func unmapped(pages []byte) error {
	if pages == nil {
		return nil
	}
	return syscall.Munmap(pages)
}

// catchFault has a page that cannot be written to end in an error instead of the process, until what it returns is called.
func catchFault(name string, err *error) (done func()) {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if p := recover(); p != nil {
			if _, fault := p.(interface{ Addr() uintptr }); !fault {
				panic(p)
			}
			*err = errFault(name)
		}
	}
}
