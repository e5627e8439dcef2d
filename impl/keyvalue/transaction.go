// Transactions: requests of one connection that take effect together, if nothing that it watches has changed.

package keyvalue

import (
	"synod/impl/resp"
)

// transaction is what a connection has said since MULTI, and since WATCH. It belongs to the connection's goroutine.
type transaction struct {
	open     bool
	broken   bool // a request was refused, so EXEC will be
	writes   bool
	size     int
	requests [][][]byte
	watched  []watch
}

// Bounds of a transaction: what is queued counts no more among the requests under way.
const (
	transactionBytes = 1 << 20
	transactionKeys  = 1 << 12 // that are watched
)

func transactionCommands() []command {
	one := func(name string, arity int, flags property, summary string, serve func(*call)) command {
		return command{name: name, arity: arity, flags: logged | flags, group: "transactions", summary: summary, serve: serve}
	}
	watching := one("watch", -2, several, "Has the next EXEC do nothing if one of the keys is changed before.", serveWatch)
	watching.keyed = true
	return []command{
		one("multi", 1, 0, "Begins a transaction.", serveMulti),
		one("exec", 1, 0, "Performs the transaction's requests.", serveExec),
		one("discard", 1, 0, "Forgets the transaction.", serveDiscard),
		watching,
		one("unwatch", 1, 0, "Watches no key any more.", serveUnwatch),
	}
}

// note looks at a request before it is served. One that is wrong spoils the transaction that it was to be part of.
func (t *transaction) note(c *call) {
	if t.open && (c.command == nil || !c.command.fits(len(c.Args))) {
		t.broken = true
	}
}

// queue takes a request into the transaction.
func (t *transaction) queue(c *call) {
	it := item{requests: [][][]byte{c.Args}}
	size := it.size()
	switch {
	case !c.command.replicated():
		t.broken = true
		c.reply(replyNested)
		return
	case t.size+size > transactionBytes:
		t.broken = true
		c.reply(resp.Errorf("ERR the requests of the transaction are more than %d bytes in all", transactionBytes))
		return
	}
	t.size += size
	t.writes = t.writes || c.command.has(write)
	t.requests = append(t.requests, c.Args)
	c.Harmless = true
	c.reply(resp.Status("QUEUED"))
}

func serveMulti(c *call) {
	t := &c.session.transaction
	if t.open {
		c.reply(resp.Error("ERR MULTI calls can not be nested"))
		return
	}
	t.open = true
	c.reply(resp.OK)
}

func serveDiscard(c *call) {
	if !c.session.transaction.open {
		c.reply(resp.Error("ERR DISCARD without MULTI"))
		return
	}
	c.session.transaction = transaction{}
	c.reply(resp.OK)
}

// serveWatch notes which versions the keys have now. It waits: EXEC needs them.
func serveWatch(c *call) {
	t := &c.session.transaction
	if t.open {
		c.reply(resp.Error("ERR WATCH inside MULTI is not allowed"))
		return
	}
	if len(t.watched)+len(c.Args)-1 > transactionKeys {
		c.reply(resp.Errorf("ERR at most %d keys can be watched", transactionKeys))
		return
	}
	args := []string{tellVersions}
	for i := 1; i < len(c.Args); i++ {
		key, ok := c.key(i)
		if !ok {
			return
		}
		args = append(args, key)
	}
	r := c.session.order.ask(c.now, args...)
	if r.IsError() {
		c.reply(r)
		return
	}
	for i, key := range args[1:] {
		t.watched = append(t.watched, watch{key, uint64(r.List[i].Integer)})
	}
	c.reply(resp.OK)
}

func serveExec(c *call) {
	t := c.session.transaction
	if !t.open {
		c.reply(resp.Error("ERR EXEC without MULTI"))
		return
	}
	c.session.transaction = transaction{}
	if t.broken {
		c.reply(resp.Error("EXECABORT Transaction discarded because of previous errors."))
		return
	}
	c.Harmless = !t.writes
	c.session.order.enter(entrance{
		item: item{transaction: true, watched: t.watched, requests: t.requests}, harmless: c.Harmless, now: c.now,
		done: func(r resp.Reply) { c.reply(r) },
	})
}

func serveUnwatch(c *call) {
	t := &c.session.transaction
	if t.open {
		t.broken = true
		c.reply(replyNested)
		return
	}
	t.watched = nil
	c.reply(resp.OK)
}
