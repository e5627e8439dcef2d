// The decoder of requests: arrays of bulks, and inline commands as people type them.

package resp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrProtocol is in every error that says that the bytes are no request. The client is told, in Redis's words, before
// the connection is closed: where the next request would begin is not known.
var ErrProtocol = errors.New("protocol error")

// errOverBudget says that there was no room for a request, which is no fault in it.
var errOverBudget = errors.New("the server has no room for a request of this size now")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProtocol, fmt.Sprintf(format, args...))
}

// readBytes is the size of a connection's read buffer, and so the longest line.
const readBytes = 4 << 10

// What a request takes in memory beside its arguments, until it is answered, and an argument beside its text.
const (
	requestBytes = 1 << 10
	argBytes     = 32
)

// decoder reads requests from one client.
type decoder struct {
	r     *bufio.Reader
	args  int                 // limits, as in Limits
	bulk  int                 //
	total int                 //
	begun func()              // is called when a request's first byte is there
	room  func(size int) bool // reserves memory before it is allocated, and reports whether it may be
}

// next reads one request, which has at least one argument. The error is io.EOF between two requests, another of the
// reader's, an ErrProtocol or errOverBudget. What it returns is not used by the decoder any more.
func (d *decoder) next() ([][]byte, error) {
	for reserved := false; ; reserved = true {
		first, err := d.r.Peek(1)
		if err != nil {
			return nil, err
		}
		d.begun()
		if !reserved && !d.room(requestBytes) {
			return nil, errOverBudget
		}
		var args [][]byte
		if first[0] == '*' {
			args, err = d.array()
		} else {
			args, err = d.inline()
		}
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil || len(args) > 0 {
			return args, err
		}
	}
}

// array reads a request of the form *2 $4 ECHO $2 hi. One without arguments is none, as in Redis.
func (d *decoder) array() ([][]byte, error) {
	n, err := d.header("invalid multibulk length")
	if err != nil || n <= 0 {
		return nil, err
	}
	if n > d.args {
		if d.args == loginArgs {
			return nil, malformed("unauthenticated multibulk length")
		}
		return nil, malformed("invalid multibulk length")
	}
	args := make([][]byte, 0, min(n, 8))
	total := 0
	for range n {
		size, err := d.bulkHeader()
		if err != nil {
			return nil, err
		}
		if total += size; total > d.total {
			return nil, malformed("request of more than %d bytes", d.total)
		}
		arg, err := d.body(size)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	return args, nil
}

// bulkHeader reads $ and a length within the limits.
func (d *decoder) bulkHeader() (int, error) {
	first, err := d.r.Peek(1)
	if err != nil {
		return 0, err
	}
	if first[0] != '$' {
		return 0, malformed("expected '$', got '%s'", printable(first[0]))
	}
	size, err := d.header("invalid bulk length")
	if err != nil {
		return 0, err
	}
	if size > d.bulk && d.bulk == loginBulk {
		return 0, malformed("unauthenticated bulk length")
	}
	if size < 0 || size > d.bulk {
		return 0, malformed("invalid bulk length")
	}
	return size, nil
}

// body reads an argument's bytes and the end of its line. Nothing is allocated before there is room for it.
func (d *decoder) body(size int) ([]byte, error) {
	if !d.room(size + argBytes) {
		return nil, errOverBudget
	}
	arg := make([]byte, size)
	if _, err := io.ReadFull(d.r, arg); err != nil {
		return nil, err
	}
	// Redis passes over the two bytes whatever they are. A client that miscounts is told here.
	var end [2]byte
	if _, err := io.ReadFull(d.r, end[:]); err != nil {
		return nil, err
	}
	if end != [2]byte{'\r', '\n'} {
		return nil, malformed("expected the end of a line after a bulk")
	}
	return arg, nil
}

// header reads a line of a mark, which the caller has looked at, and a number. Redis reads numbers strictly: no spaces, no plus sign.
func (d *decoder) header(wrong string) (int, error) {
	line, err := d.line(wrong)
	if err != nil {
		return 0, err
	}
	n, ok := ParseInteger(line[1:])
	if !ok || int64(int32(n)) != n {
		return 0, malformed("%s", wrong)
	}
	return int(n), nil
}

// line reads a line of at least one byte up to its end, which is \r\n. The line is valid until the next read.
func (d *decoder) line(wrong string) ([]byte, error) {
	line, err := d.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, malformed("too big mbulk count string")
	}
	if err != nil {
		return nil, err
	}
	text, ok := bytes.CutSuffix(line, []byte("\r\n"))
	if !ok || len(text) == 0 {
		return nil, malformed("%s", wrong)
	}
	return text, nil
}

// inline reads a request as somebody types it: words, and quotes as Redis has them.
func (d *decoder) inline() ([][]byte, error) {
	line, err := d.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, malformed("too big inline request")
	}
	if err != nil {
		return nil, err
	}
	if line = bytes.TrimSpace(line); len(line) == 0 {
		return nil, nil
	}
	if !d.room(2*len(line) + argBytes) {
		return nil, errOverBudget
	}
	args, ok := splitWords(line)
	if !ok {
		return nil, malformed("unbalanced quotes in request")
	}
	if len(args) > d.args {
		return nil, malformed("invalid multibulk length")
	}
	return args, nil
}

// printable shows one byte in an error.
func printable(c byte) string {
	if c < ' ' || c > '~' {
		return fmt.Sprintf(`\x%02x`, c)
	}
	return string(rune(c))
}

// ParseInteger reads a number of 64 bits as Redis reads those of its protocol: a sign only if it is a minus, digits,
// no zero in front, nothing else.
func ParseInteger(text []byte) (n int64, ok bool) {
	negative := len(text) > 0 && text[0] == '-'
	digits := text
	if negative {
		digits = text[1:]
	}
	if len(digits) == 0 || len(digits) > 19 || digits[0] == '0' && (negative || len(digits) > 1) {
		return 0, false
	}
	var u uint64 // 19 digits fit
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		u = u*10 + uint64(c-'0')
	}
	switch {
	case negative && u <= 1<<63:
		return -int64(u), true
	case !negative && u < 1<<63:
		return int64(u), true
	}
	return 0, false
}
