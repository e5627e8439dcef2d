// Expiry: commands that say when a key goes, and ask.

package keyvalue

import (
	"bytes"

	"synod/impl/register"
	"synod/impl/resp"
)

func expiryCommands() []command {
	key := func(name string, arity int, flags property, summary string, serve func(*call)) command {
		return command{name: name, arity: arity, flags: flags, keyed: true, group: "generic", summary: summary, serve: serve}
	}
	return []command{
		key("expire", -3, write, "Has a key expire after so many seconds.", func(c *call) { c.expire(lifetimes["EX"]) }),
		key("pexpire", -3, write, "Has a key expire after so many milliseconds.", func(c *call) { c.expire(lifetimes["PX"]) }),
		key("ttl", 2, 0, "Gives in how many seconds a key expires.", func(c *call) { c.one(ttl(1000)) }),
		key("pttl", 2, 0, "Gives in how many milliseconds a key expires.", func(c *call) { c.one(ttl(1)) }),
		key("persist", 2, write, "Has a key not expire.", func(c *call) { c.one(persist) }),
	}
}

// condition says which expiries EXPIRE may replace.
type condition struct{ none, some, later, earlier bool } // NX, XX, GT, LT

// allows reports whether a key that expires at before, 0 for never, may expire at after.
func (d condition) allows(before, after int64) bool {
	return !(d.none && before != 0 || d.some && before == 0 || d.later && (before == 0 || after <= before) ||
		d.earlier && before != 0 && after >= before)
}

// expire serves EXPIRE and PEXPIRE.
func (c *call) expire(l lifetime) {
	var d condition
	for _, arg := range c.Args[3:] {
		switch string(bytes.ToUpper(cut(arg, longest))) {
		case "NX":
			d.none = true
		case "XX":
			d.some = true
		case "GT":
			d.later = true
		case "LT":
			d.earlier = true
		default:
			c.reply(resp.Errorf("ERR Unsupported option %s", cut(arg, 128)))
			return
		}
	}
	switch {
	case d.none && (d.some || d.later || d.earlier):
		c.reply(resp.Error("ERR NX and XX, GT or LT options at the same time are not compatible"))
		return
	case d.later && d.earlier:
		c.reply(resp.Error("ERR GT and LT options at the same time are not compatible"))
		return
	}
	n, ok := resp.ParseInteger(c.Args[2])
	if !ok {
		c.reply(replyNotInteger)
		return
	}
	at, ok := l.deadline(n, c.now)
	if !ok {
		c.reply(invalidExpire(c.command.name))
		return
	}
	c.one(expiring(at, d))
}

// expiring gives the function that has a key expire at a time. One that has passed deletes the key.
func expiring(at int64, d condition) function {
	return func(now int64, e register.Entry) (register.Entry, resp.Reply) {
		if !e.Exists || !d.allows(e.Expires, at) {
			return e, resp.Integer(0)
		}
		if at <= now {
			return register.Entry{}, resp.Integer(1)
		}
		e.Expires = at
		return e, resp.Integer(1)
	}
}

// ttl gives the function that tells how long a key has left, in a unit of so many ms.
func ttl(unit int64) function {
	return func(now int64, e register.Entry) (register.Entry, resp.Reply) {
		switch {
		case !e.Exists:
			return e, resp.Integer(-2)
		case e.Expires == 0:
			return e, resp.Integer(-1)
		}
		return e, resp.Integer((e.Expires - now + unit/2) / unit)
	}
}

func persist(_ int64, e register.Entry) (register.Entry, resp.Reply) {
	if e.Expires == 0 {
		return e, resp.Integer(0)
	}
	e.Expires = 0
	return e, resp.Integer(1)
}
