// SET: its options, and the function that they make.

package keyvalue

import (
	"bytes"
	"math"

	"synod/impl/register"
	"synod/impl/resp"
)

// setting is what SET is asked for.
type setting struct {
	value   []byte
	absent  bool   // NX
	present bool   // XX
	equal   bool   // IFEQ
	expect  []byte // IFEQ
	get     bool   // GET
	keep    bool   // KEEPTTL
	expires int64  // Unix ms; 0 is never
}

// function gives the function that sets.
func (s setting) function() function {
	return func(_ int64, e register.Entry) (register.Entry, resp.Reply) {
		before := resp.Null()
		if s.get {
			before = value(e)
		}
		if s.absent && e.Exists || s.present && !e.Exists || s.equal && (!e.Exists || !bytes.Equal(e.Value, s.expect)) {
			return e, before
		}
		next := register.Entry{Exists: true, Value: s.value, Expires: s.expires}
		if s.keep {
			next.Expires = e.Expires
		}
		if s.get {
			return next, before
		}
		return next, resp.OK
	}
}

// lifetime is an option that says when a key expires.
type lifetime struct {
	unit     int64 // ms
	absolute bool
}

var lifetimes = map[string]lifetime{"EX": {1000, false}, "PX": {1, false}, "EXAT": {1000, true}, "PXAT": {1, true}}

// parseSet reads SET's options. Which may stand together is Redis's choice: each of NX, XX and IFEQ, and each of EX,
// PX, EXAT, PXAT and KEEPTTL, excludes the others of its kind.
func parseSet(c *call) function {
	s := setting{value: c.Args[2]}
	var kind string // of the lifetime
	var amount []byte
	for i := 3; i < len(c.Args); i++ {
		word, more := string(bytes.ToUpper(cut(c.Args[i], longest))), i+1 < len(c.Args)
		_, timed := lifetimes[word]
		switch {
		case word == "NX" && !s.present && !s.equal:
			s.absent = true
		case word == "XX" && !s.absent && !s.equal:
			s.present = true
		case word == "IFEQ" && more && !s.absent && !s.present:
			i++
			s.equal, s.expect = true, c.Args[i]
		case word == "GET":
			s.get = true
		case word == "KEEPTTL" && kind == "":
			s.keep = true
		case timed && more && !s.keep && (kind == "" || kind == word):
			i++
			kind, amount = word, c.Args[i]
		default:
			c.reply(replySyntax)
			return nil
		}
	}
	if kind != "" {
		n, ok := resp.ParseInteger(amount)
		if !ok {
			c.reply(replyNotInteger)
			return nil
		}
		if s.expires, ok = lifetimes[kind].deadline(n, c.now); !ok || n <= 0 {
			c.reply(invalidExpire("set"))
			return nil
		}
	}
	return s.function()
}

// deadline gives the time that is meant, in Unix ms. It reports false if that does not fit into 64 bits.
func (l lifetime) deadline(n, now int64) (int64, bool) {
	if n > math.MaxInt64/l.unit || n < math.MinInt64/l.unit {
		return 0, false
	}
	n *= l.unit
	if l.absolute {
		return n, true
	}
	return n + now, n <= math.MaxInt64-now
}

func invalidExpire(name string) resp.Reply {
	return resp.Errorf("ERR invalid expire time in '%s' command", name)
}
