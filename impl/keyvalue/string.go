// Strings: commands that read and write values.

package keyvalue

import (
	"math"
	"slices"
	"strconv"

	"synod/impl/register"
	"synod/impl/resp"
)

func stringCommands() []command {
	one := func(name string, arity int, flags property, summary string, f func(c *call) function) command {
		return command{name: name, arity: arity, flags: flags, keyed: true, group: "string", summary: summary, serve: func(c *call) {
			if f := f(c); f != nil {
				c.one(f)
			}
		}}
	}
	always := func(f function) func(*call) function { return func(*call) function { return f } }
	return []command{
		one("get", 2, 0, "Gives the value of a key.", always(get)),
		one("strlen", 2, 0, "Gives the length of a value.", always(strlen)),
		one("set", -3, write, "Sets the value of a key, whatever it was, or on a condition.", parseSet),
		one("setnx", 3, write, "Sets the value of a key that does not exist.", func(c *call) function {
			return numbered(setting{value: c.Args[2], absent: true}.function())
		}),
		one("getset", 3, write, "Sets the value of a key and gives the one it had.", func(c *call) function {
			return setting{value: c.Args[2], get: true}.function()
		}),
		one("getdel", 2, write, "Gives the value of a key and deletes it.", always(getdel)),
		one("append", 3, write, "Appends to a value.", func(c *call) function { return appending(c.Args[2]) }),
		one("incr", 2, write, "Adds one to a number.", always(adding(1))),
		one("decr", 2, write, "Takes one from a number.", always(adding(-1))),
		one("incrby", 3, write, "Adds to a number.", func(c *call) function { return c.parseAdding(1) }),
		one("decrby", 3, write, "Takes from a number.", func(c *call) function { return c.parseAdding(-1) }),
		{name: "mget", arity: -2, flags: several, keyed: true, group: "string", summary: "Gives the values of several keys, each for itself.", serve: serveMGet},
		{name: "mset", arity: -3, flags: write | several | pairs, keyed: true, group: "string", summary: "Sets the values of several keys, each for itself.", serve: serveMSet},
		{name: "del", arity: -2, flags: write | several, keyed: true, group: "generic", summary: "Deletes keys.", serve: counting(del)},
		{name: "exists", arity: -2, flags: several, keyed: true, group: "generic", summary: "Counts those of the keys that exist.", serve: counting(exists)},
		{name: "type", arity: 2, keyed: true, group: "generic", summary: "Gives the type of a value, which is string.", serve: func(c *call) { c.one(typeOf) }},
	}
}

// value is the reply that tells an entry's value.
func value(e register.Entry) resp.Reply {
	if !e.Exists {
		return resp.Null()
	}
	return resp.Bulk(e.Value)
}

func get(_ int64, e register.Entry) (register.Entry, resp.Reply) { return e, value(e) }

func strlen(_ int64, e register.Entry) (register.Entry, resp.Reply) {
	return e, resp.Integer(int64(len(e.Value)))
}

func getdel(_ int64, e register.Entry) (register.Entry, resp.Reply) {
	return register.Entry{}, value(e)
}

func del(_ int64, e register.Entry) (register.Entry, resp.Reply) {
	_, r := exists(0, e)
	return register.Entry{}, r
}

func exists(_ int64, e register.Entry) (register.Entry, resp.Reply) {
	if e.Exists {
		return e, resp.Integer(1)
	}
	return e, resp.Integer(0)
}

func typeOf(_ int64, e register.Entry) (register.Entry, resp.Reply) {
	if e.Exists {
		return e, resp.Status("string")
	}
	return e, resp.Status("none")
}

// appending gives the function that appends to the value.
func appending(text []byte) function {
	return func(_ int64, e register.Entry) (register.Entry, resp.Reply) {
		if len(e.Value)+len(text) > MaxValue {
			return e, resp.Error("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
		}
		next := register.Entry{Exists: true, Value: slices.Concat(e.Value, text), Expires: e.Expires}
		return next, resp.Integer(int64(len(next.Value)))
	}
}

// adding gives the function that adds to the number that the value is.
func adding(n int64) function {
	return func(_ int64, e register.Entry) (register.Entry, resp.Reply) {
		var number int64
		if e.Exists {
			var ok bool
			if number, ok = resp.ParseInteger(e.Value); !ok {
				return e, replyNotInteger
			}
		}
		if n < 0 && number < math.MinInt64-n || n > 0 && number > math.MaxInt64-n {
			return e, resp.Error("ERR increment or decrement would overflow")
		}
		number += n
		return register.Entry{Exists: true, Value: strconv.AppendInt(nil, number, 10), Expires: e.Expires}, resp.Integer(number)
	}
}

// parseAdding reads INCRBY's or DECRBY's number.
func (c *call) parseAdding(sign int64) function {
	n, ok := resp.ParseInteger(c.Args[2])
	switch {
	case !ok:
		c.reply(replyNotInteger)
		return nil
	case sign < 0 && n == math.MinInt64:
		c.reply(resp.Error("ERR decrement would overflow"))
		return nil
	}
	return adding(sign * n)
}

// numbered turns the answer of a conditional SET into that of SETNX.
func numbered(f function) function {
	return func(now int64, e register.Entry) (register.Entry, resp.Reply) {
		next, r := f(now, e)
		if r.Kind == resp.KindNull {
			return next, resp.Integer(0)
		}
		return next, resp.Integer(1)
	}
}

func serveMGet(c *call) {
	c.each(1, func(int) function { return get }, func(replies []resp.Reply) resp.Reply {
		if len(replies) == 1 && replies[0].IsError() {
			return replies[0]
		}
		return resp.Array(replies...)
	})
}

func serveMSet(c *call) {
	if len(c.Args)%2 == 0 {
		c.reply(wrongNumber("mset"))
		return
	}
	args := c.Args
	c.each(2, func(i int) function { return setting{value: args[2*i+2]}.function() }, func(replies []resp.Reply) resp.Reply {
		return replies[0]
	})
}

// counting serves a command that sums a number over its keys.
func counting(f function) func(*call) {
	return func(c *call) {
		c.each(1, func(int) function { return f }, func(replies []resp.Reply) resp.Reply {
			var sum int64
			for i := range replies {
				if replies[i].IsError() {
					return replies[i]
				}
				sum += replies[i].Integer
			}
			return resp.Integer(sum)
		})
	}
}
