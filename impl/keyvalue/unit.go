// Units: commands of the log and their results, as bytes.

package keyvalue

import (
	"encoding/binary"
	"slices"

	"synod/impl/resp"
)

// unit is one command of the log: items that are performed one after the other, with nothing between them.
type unit struct {
	now   int64 // of the server that took them, in Unix ms
	items []item
}

// item is a request, or the requests of a transaction.
type item struct {
	transaction bool
	watched     []watch
	requests    [][][]byte
}

// watch is a key that must be as it was.
type watch struct {
	key     string
	version uint64
}

// writes reports whether an item of the unit may change keys.
func (u *unit) writes() bool {
	return slices.ContainsFunc(u.items, func(it item) bool { return it.writes() })
}

// writes reports whether the item may change keys.
func (it *item) writes() bool {
	for _, args := range it.requests {
		if c := find(args[0]); c != nil && c.has(write) {
			return true
		}
	}
	return false
}

// size is about how many bytes the item takes.
func (it *item) size() (n int) {
	for _, args := range it.requests {
		for _, arg := range args {
			n += len(arg) + 4
		}
	}
	return n
}

func (u *unit) append(b []byte) []byte {
	b = binary.AppendVarint(b, u.now)
	b = binary.AppendUvarint(b, uint64(len(u.items)))
	for i := range u.items {
		it := &u.items[i]
		if !it.transaction {
			b = appendArgs(append(b, 'r'), it.requests[0])
			continue
		}
		b = binary.AppendUvarint(append(b, 't'), uint64(len(it.watched)))
		for _, w := range it.watched {
			b = binary.AppendUvarint(appendBytes(b, w.key), w.version)
		}
		b = binary.AppendUvarint(b, uint64(len(it.requests)))
		for _, args := range it.requests {
			b = appendArgs(b, args)
		}
	}
	return b
}

func appendArgs(b []byte, args [][]byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(args)))
	for _, arg := range args {
		b = appendBytes(b, arg)
	}
	return b
}

func appendBytes[S string | []byte](b []byte, s S) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// parseUnit reads what append wrote.
func parseUnit(text string) (unit, bool) {
	r := unitReader{rest: text}
	u := unit{now: r.signed()}
	for n := r.number(); n > 0 && !r.failed; n-- {
		var it item
		switch r.octet() {
		case 'r':
			it.requests = append(it.requests, r.args())
		case 't':
			it.transaction = true
			for n := r.number(); n > 0 && !r.failed; n-- {
				it.watched = append(it.watched, watch{r.text(), r.number()})
			}
			for n := r.number(); n > 0 && !r.failed; n-- {
				it.requests = append(it.requests, r.args())
			}
		default:
			r.fail()
		}
		u.items = append(u.items, it)
	}
	return u, !r.failed && r.rest == ""
}

// unitReader reads bytes. After the first error all it returns is zero.
type unitReader struct {
	rest   string
	failed bool
}

func (r *unitReader) fail() { r.rest, r.failed = "", true }

func (r *unitReader) octet() byte {
	if r.rest == "" {
		r.fail()
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	return c
}

func (r *unitReader) number() uint64 {
	n, size := binary.Uvarint([]byte(r.rest[:min(len(r.rest), binary.MaxVarintLen64)]))
	if size <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *unitReader) signed() int64 {
	n := r.number() // as AppendVarint writes it: the sign is the lowest bit
	return int64(n>>1) ^ -int64(n&1)
}

func (r *unitReader) text() string {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.fail()
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

// args reads the words of a request; there is at least one.
func (r *unitReader) args() [][]byte {
	n := r.number()
	if n == 0 || n > uint64(len(r.rest)) {
		r.fail()
		return [][]byte{nil}
	}
	args := make([][]byte, n)
	for i := range args {
		args[i] = []byte(r.text())
	}
	return args
}

// appendReply writes a reply behind b.
func appendReply(b []byte, r *resp.Reply) []byte {
	b = append(b, byte(r.Kind))
	switch r.Kind {
	case resp.KindStatus, resp.KindError:
		b = appendBytes(b, r.Text)
	case resp.KindInteger:
		b = binary.AppendVarint(b, r.Integer)
	case resp.KindBulk:
		b = appendBytes(b, r.Bulk)
	case resp.KindArray:
		b = binary.AppendUvarint(b, uint64(len(r.List)))
		for i := range r.List {
			b = appendReply(b, &r.List[i])
		}
	}
	return b
}

// replyDepth is how deep the lists of a machine's replies go: that of a transaction, that of a command, a key's.
const replyDepth = 3

// reply reads a reply.
func (r *unitReader) reply(depth int) resp.Reply {
	switch kind := resp.Kind(r.octet()); kind {
	case resp.KindStatus, resp.KindError:
		return resp.Reply{Kind: kind, Text: r.text()}
	case resp.KindInteger:
		return resp.Integer(r.signed())
	case resp.KindBulk:
		return resp.Bulk([]byte(r.text()))
	case resp.KindNull:
		return resp.Null()
	case resp.KindArray:
		n := r.number()
		if n > uint64(len(r.rest)) || depth == 0 {
			break
		}
		list := make([]resp.Reply, n)
		for i := range list {
			list[i] = r.reply(depth - 1)
		}
		return resp.Array(list...)
	}
	r.fail()
	return resp.Null()
}
