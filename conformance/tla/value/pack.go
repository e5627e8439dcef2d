// Packed values: bytes that outlive a release of the heap.

package value

import (
	"encoding/binary"
	"errors"
)

// A packed list of values is the structures that it needs, each behind those that it is made of, and then the list. A value
// is written as a handle where it outlives a release, and as the number of its structure otherwise; a structure that
// stands in several places is written once.
//
// The bytes are for this process alone: handles mean nothing to another one.

// Pack appends the values to b, so that Unpack gives them back after the mark was released.
func (m Mark) Pack(b []byte, values []Value) []byte {
	p := packer{mark: m, numbers: map[Value]uint64{}}
	for _, v := range values {
		p.structure(v)
	}
	b = binary.AppendUvarint(b, uint64(len(p.numbers)))
	b = append(b, p.out...)
	b = binary.AppendUvarint(b, uint64(len(values)))
	for _, v := range values {
		b = p.reference(b, v)
	}
	return b
}

type packer struct {
	mark    Mark
	numbers map[Value]uint64 // of structures, from 1
	out     []byte
}

// reference writes 0 and a handle, or a structure's number.
func (p *packer) reference(b []byte, v Value) []byte {
	if n := p.numbers[v]; n > 0 {
		return binary.AppendUvarint(b, n)
	}
	return binary.AppendUvarint(append(b, 0), uint64(v))
}

// structure writes what a value is made of, unless it is there already or stays.
func (p *packer) structure(v Value) {
	if p.mark.has(v) || p.numbers[v] > 0 {
		return
	}
	var extra Value
	var elems []Value
	switch {
	case v.tag() == tagBig:
		elems = bigOf(v).list()
	case hasExtra(v.tag()):
		extra, elems = fields(v)
	default:
		elems = items(v)
	}
	if v.tag() != tagLazy { // a symbolic set's form is no value
		p.structure(extra)
	}
	for _, e := range elems {
		p.structure(e)
	}
	p.out = append(p.out, byte(v.tag()))
	p.out = p.reference(p.out, extra)
	p.out = binary.AppendUvarint(p.out, uint64(len(elems)))
	for _, e := range elems {
		p.out = p.reference(p.out, e)
	}
	p.numbers[v] = uint64(len(p.numbers) + 1)
}

var errPacked = errors.New("value: these bytes are no packed values")

// Unpack gives the values that Pack wrote.
func Unpack(b []byte) (values []Value, err error) {
	defer Guard(&err)
	u := unpacker{in: b}
	for n := u.number(); n > 0 && !u.bad; n-- {
		tag := uint64(u.byte())
		extra := u.reference()
		elems := u.list()
		switch {
		case u.bad:
		case tag == tagBig:
			u.made = append(u.made, internBig(unordered(elems, true)))
		case tag >= tagTuple && tag <= tagLazy:
			u.made = append(u.made, intern(tag, extra, elems))
		default:
			u.bad = true
		}
	}
	values = u.list()
	if u.bad || len(u.in) > 0 {
		return nil, errPacked
	}
	return values, nil
}

type unpacker struct {
	in   []byte
	made []Value
	bad  bool
}

func (u *unpacker) byte() byte {
	if len(u.in) == 0 {
		u.bad = true
		return 0
	}
	c := u.in[0]
	u.in = u.in[1:]
	return c
}

func (u *unpacker) number() uint64 {
	n, size := binary.Uvarint(u.in)
	if size <= 0 {
		u.bad = true
		return 0
	}
	u.in = u.in[size:]
	return n
}

func (u *unpacker) reference() Value {
	switch n := u.number(); {
	case n == 0:
		return Value(u.number())
	case n <= uint64(len(u.made)):
		return u.made[n-1]
	default:
		u.bad = true
		return 0
	}
}

func (u *unpacker) list() []Value {
	n := u.number()
	if n > uint64(len(u.in)) { // each takes a byte at least
		u.bad = true
		return nil
	}
	list := make([]Value, 0, n)
	for ; n > 0; n-- {
		list = append(list, u.reference())
	}
	return list
}
