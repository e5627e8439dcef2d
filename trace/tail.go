// Tails: a file that is read while its node writes it.

package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// Tail reads a trace file that grows. A line that has no end yet is left for later; where a node that was killed left one
// and its next run cut it off, Tail reads what the new run wrote in its place.
type Tail struct {
	name   string
	file   *os.File
	offset int64 // behind the last whole line
	buf    []byte
	reader *Reader
	torn   bool
}

// NewTail follows the file of that name, which need not be there yet.
func NewTail(name string) *Tail {
	return &Tail{name: name, reader: NewReader(name, nil), buf: make([]byte, 1<<16)}
}

// Poll calls visit for each header or event that has become whole since the last call, as many as about limit bytes
// hold. n is how many bytes that were; 0 is the end of the file for now. What is wrong with the file is an *Error.
func (t *Tail) Poll(limit int, visit func(*Header, *Event) error) (n int, err error) {
	if t.file == nil {
		file, err := os.Open(t.name)
		if errors.Is(err, os.ErrNotExist) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		t.file = file
	}
	for n < limit {
		got, err := t.file.ReadAt(t.buf, t.offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return n, err
		}
		text, open := written(t.buf[:got])
		end := bytes.LastIndexByte(text, '\n') + 1
		t.torn = end < len(text)
		switch {
		case end == 0 && open && got == len(t.buf): // a line longer than that
			t.buf = make([]byte, 2*len(t.buf))
			continue
		case end == 0:
			return n, t.shrunk()
		}
		// A line is taken from one reading of the file alone: between two, its beginning may have been cut off.
		if err := t.reader.lines(string(t.buf[:end]), visit); err != nil {
			return n, err
		}
		t.offset += int64(end)
		n += end
	}
	return n, nil
}

// written gives the text up to where its writer has come, and whether more of it may follow.
func written(text []byte) (_ []byte, open bool) {
	if isRoom(text) {
		return nil, false
	}
	if i := bytes.Index(text, []byte("\n"+room)); i >= 0 {
		return text[:i+1], false
	}
	trimmed := bytes.TrimRight(text, " ")
	return trimmed, len(text)-len(trimmed) < len(room)
}

// shrunk is an error where the file has become shorter than what was read of it.
func (t *Tail) shrunk() error {
	info, err := t.file.Stat()
	if err == nil && info.Size() < t.offset {
		err = &Error{Place: t.reader.place, Msg: fmt.Sprintf("the file was cut to %d bytes while %d had been read", info.Size(), t.offset)}
	}
	return err
}

// Torn reports whether the file ends in the middle of a line, as far as the last Poll saw.
func (t *Tail) Torn() bool { return t.torn }

// Close closes the file.
func (t *Tail) Close() error {
	if t.file == nil {
		return nil
	}
	return t.file.Close()
}

// Pieces cuts a stream that arrives in pieces, from a connection say, into headers and events.
type Pieces struct {
	reader *Reader
	rest   []byte
}

// NewPieces cuts a stream; name is what errors call it.
func NewPieces(name string) *Pieces { return &Pieces{reader: NewReader(name, nil)} }

// maxLine bounds what is kept of a line that has no end yet.
const maxLine = 1 << 28

// Write takes the next piece and calls visit for each header or event that it makes whole.
func (p *Pieces) Write(piece []byte, visit func(*Header, *Event) error) error {
	p.rest = append(p.rest, piece...)
	end := bytes.LastIndexByte(p.rest, '\n') + 1
	if end == 0 {
		if len(p.rest) > maxLine {
			return &Error{Place: p.reader.place, Msg: "a line without end"}
		}
		return nil
	}
	text := string(p.rest[:end])
	p.rest = append(p.rest[:0], p.rest[end:]...)
	return p.reader.lines(text, visit)
}

// Torn reports whether the stream ended, so far, in the middle of a line.
func (p *Pieces) Torn() bool { return len(p.rest) > 0 }
