// Wire: numbers and strings in binary, with limits that hold before anything is allocated.

package transport

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

// errMalformed says that a frame does not have the form that its sender's code writes.
var errMalformed = errors.New("malformed frame")

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// wireReader reads what the append functions wrote. After the first error all it returns is zero, so that a
// decoder checks once, at its end.
type wireReader struct {
	rest []byte
	err  error
}

func (r *wireReader) fail() {
	r.rest, r.err = nil, errMalformed
}

func (r *wireReader) octet() byte {
	if len(r.rest) == 0 {
		r.fail()
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	return c
}

// number reads an unsigned number that is at most limit.
func (r *wireReader) number(limit uint64) uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > limit {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// text reads a string of at most limit bytes that is UTF-8: it will stand in traces, which are JSON.
func (r *wireReader) text(limit int) string {
	s := r.bytes(limit)
	if !utf8.ValidString(s) {
		r.fail()
		return ""
	}
	return s
}

// bytes reads any string of at most limit bytes.
func (r *wireReader) bytes(limit int) string {
	n := int(r.number(uint64(limit)))
	if n > len(r.rest) {
		r.fail()
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}
