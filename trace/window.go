// Windows: the part of a file that is written as memory.

package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"sync/atomic"
)

// window is where a Writer puts its lines: pages of the file that are mapped into memory, so that a line costs no call of the
// operating system, and is in the file all the same as soon as it is there, whatever becomes of the process. The file is filled
// with spaces up to the window's end, and a line is stored in order, its newline last. So what was written ends at the last
// newline, as in any file that is appended to, and a line that a kill has left unfinished has none.
type window struct {
	file   *os.File
	at     int64  // where the next line begins
	start  int64  // of the pages
	pages  []byte // nil: there are none
	plain  bool   // the file cannot be mapped, and is written to as others are
	stored atomic.Uint32
}

// windowBytes is the size of a window. Not more spaces than that may follow the last line.
const windowBytes = 1 << 16

// put writes lines.
func (w *window) put(lines []byte) (err error) {
	defer catchFault(w.file.Name(), &err)()
	for len(lines) > 0 {
		n := bytes.IndexByte(lines, '\n') + 1
		if err := w.line(lines[:n]); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

// line writes one line.
func (w *window) line(line []byte) error {
	if w.at+int64(len(line)) > w.start+int64(len(w.pages)) {
		if err := w.move(len(line)); err != nil {
			return err
		}
	}
	if w.pages == nil {
		n, err := w.file.WriteAt(line, w.at)
		w.at += int64(n)
		return err
	}
	to, last := w.pages[w.at-w.start:], len(line)-1
	i := 0
	for ; i+8 <= last; i += 8 { // copy might store the end first
		binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(line[i:]))
	}
	for ; i < last; i++ {
		to[i] = line[i]
	}
	w.stored.Add(1) // nobody sees what follows before that
	to[last] = '\n'
	w.at += int64(len(line))
	return nil
}

// move maps the pages in which the next line begins. A line for which they have no room is written as to other files.
func (w *window) move(line int) error {
	if err := w.unmap(); err != nil {
		return err
	}
	start := w.at &^ int64(os.Getpagesize()-1)
	end := start + windowBytes
	if w.plain || w.at+int64(line) > end {
		return w.file.Truncate(w.at)
	}
	info, err := w.file.Stat()
	if err != nil {
		return err
	}
	if size := info.Size(); size < end {
		if _, err := w.file.WriteAt(spaces[:end-size], size); err != nil {
			return err // the disk is full, say: a store could not have told
		}
	}
	if w.pages, err = mapped(w.file, start, windowBytes); err != nil {
		w.plain = true
		return w.file.Truncate(w.at)
	}
	w.start = start
	return nil
}

func (w *window) unmap() error {
	pages := w.pages
	w.pages, w.start = nil, 0
	return unmapped(pages)
}

// close cuts the spaces off.
func (w *window) close() error {
	if err := w.unmap(); err != nil {
		return err
	}
	return w.file.Truncate(w.at)
}

var spaces = bytes.Repeat([]byte{' '}, windowBytes)

// errFault says that pages of the file could not be written to: it was cut, or its disk has failed.
func errFault(name string) error {
	return fmt.Errorf("%s: the file cannot be written to any more", name)
}
