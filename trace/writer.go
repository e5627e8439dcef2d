// Writing: events to a node's file, a batch at a time.

package trace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
)

// Writer appends the events of one run to a node's file. Each batch is handed to the operating system, without an
// fsync: what a process has written survives its being killed, so a message sent after Write returned is never
// without its event. Until Close, spaces may follow the last line. It is not safe for concurrent use.
type Writer struct {
	window window
	run    ID // Seq is the last event's
	buf    []byte
	err    error
}

// Create opens the node's file for a new run and writes its header. A line that a killed run left unfinished is cut
// off: its batch was never sent. It returns the Lamport time of the last event in the file, for NewClock.
func Create(name string, h Header) (*Writer, uint64, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, 0, err
	}
	last, err := resume(file, h)
	if err == nil {
		_, err = file.Write(h.AppendJSON(nil))
	}
	end, failed := file.Seek(0, io.SeekCurrent)
	if err := errors.Join(err, failed); err != nil {
		file.Close()
		return nil, 0, err
	}
	return &Writer{window: window{file: file, at: end}, run: ID{h.Node, h.Run, 0}}, last, nil
}

// LastRun gives the last run in a node's file, 0 if there is none, and the Lamport time of its last event, as Create does.
// It changes nothing: the file may be that of a node that runs.
func LastRun(name string) (run, clock uint64, err error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, 0, nil
	} else if err != nil {
		return 0, 0, err
	}
	defer file.Close()
	line, _, err := lastLine(file)
	if err != nil || line == "" {
		return 0, 0, err
	}
	last, clock, err := lastID(file, line)
	return last.Run, clock, err
}

// lastID gives the id of the file's last line, with Seq 0 if it is a header, and the clock of an event.
func lastID(file *os.File, line string) (id ID, clock uint64, err error) {
	if isShort(line) {
		id, clock, perr := shortID(line)
		if perr != nil {
			return ID{}, 0, fmt.Errorf("%s: the last line is no trace event: %s", file.Name(), perr.Msg)
		}
		id.Node, err = firstNode(file)
		return id, clock, err
	}
	header, event, perr := ParseLine(line)
	switch {
	case perr != nil:
		return ID{}, 0, fmt.Errorf("%s: the last line is no trace event: %s", file.Name(), perr.Msg)
	case event != nil:
		return event.ID, event.Clock, nil
	}
	return ID{header.Node, header.Run, 0}, 0, nil
}

// firstNode gives the node that the file's first line names. All runs in a file are of one node.
func firstNode(file *os.File) (string, error) {
	line, err := bufio.NewReader(io.NewSectionReader(file, 0, math.MaxInt64)).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s: the first line cannot be read: %w", file.Name(), err)
	}
	header, _, perr := ParseLine(line[:len(line)-1])
	if perr != nil || header == nil {
		return "", fmt.Errorf("%s: the first line is no header of a trace", file.Name())
	}
	return header.Node, nil
}

// resume checks that h may follow the file's last line, and then cuts off what stands behind that, where it leaves the file.
func resume(file *os.File, h Header) (clock uint64, err error) {
	line, end, err := lastLine(file)
	if err != nil {
		return 0, err
	}
	if line != "" {
		var last ID
		if last, clock, err = lastID(file, line); err != nil {
			return 0, err
		}
		if last.Node != h.Node || last.Run >= h.Run {
			return 0, fmt.Errorf("%s: run %d of node %s cannot follow run %d of node %s", file.Name(), h.Run, h.Node, last.Run, last.Node)
		}
	}
	if err := file.Truncate(end); err != nil {
		return 0, err
	}
	_, err = file.Seek(end, io.SeekStart)
	return clock, err
}

// lastLine finds the last whole line, and where it ends.
func lastLine(file *os.File) (line string, end int64, err error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return "", 0, err
	}
	const chunk = 1 << 16
	var tail []byte // of the file, from offset on
	offset := size
	for {
		if last := bytes.LastIndexByte(tail, '\n'); last >= 0 { // where the last whole line ends within tail
			if start := bytes.LastIndexByte(tail[:last], '\n'); start >= 0 || offset == 0 {
				return string(tail[start+1 : last]), offset + int64(last) + 1, nil
			}
		}
		if offset == 0 {
			return "", 0, nil
		}
		n := min(chunk, offset)
		offset -= n
		more := make([]byte, n, int(n)+len(tail))
		if _, err := file.ReadAt(more, offset); err != nil {
			return "", 0, err
		}
		tail = append(more, tail...)
	}
}

// Write appends the events, which the run's Clock has stamped. After an error the Writer stays failed: a trace with a hole would
// accuse the wrong step.
func (w *Writer) Write(events []Event) error {
	for i := range events {
		w.Append(&events[i])
	}
	return w.Flush()
}

// Append takes an event for the next Flush. It keeps no part of it.
func (w *Writer) Append(e *Event) {
	w.next(e.ID)
	w.buf = e.AppendJSON(w.buf)
}

// Flush writes the appended events. Its error is final, as Write's is.
func (w *Writer) Flush() error {
	if w.err == nil && len(w.buf) > 0 {
		w.err = w.window.put(w.buf)
	}
	w.buf = w.buf[:0]
	return w.err
}

// Close closes the file.
func (w *Writer) Close() error { return errors.Join(w.window.close(), w.window.file.Close()) }

// Copy writes a merged trace: the events in their order, each in its long form, each run's header before the run's first
// event.
func Copy(w io.Writer, headers []Header, events []Event) error {
	type run struct {
		node string
		n    uint64
	}
	pending := map[run]*Header{}
	for i := range headers {
		pending[run{headers[i].Node, headers[i].Run}] = &headers[i]
	}
	out := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for i := range events {
		e := &events[i]
		line = line[:0]
		if h := pending[run{e.Node, e.Run}]; h != nil {
			long := *h
			long.Forms = nil
			line = long.AppendJSON(line)
			delete(pending, run{e.Node, e.Run})
		}
		if _, err := out.Write(e.AppendJSON(line)); err != nil {
			return err
		}
	}
	return out.Flush()
}
