// Scans: SCAN and DBSIZE, from the keys that acceptors hold to those that exist.

package keyvalue

import (
	"hash/maphash"
	"strconv"
	"sync"

	"synod/impl/resp"
)

// Lister lists keys.
type Lister interface {
	// Keys gives keys above after in order, about limit of them, and whether there may be more above the last. Every
	// key that has existed from before the call until done is told, and is not above the last one given, is among
	// them; those that do not exist may be. It returns at once; done is told once and must not block.
	Keys(after string, limit int, done func(keys []string, more bool, err error))
}

// page is what a part of a scan has found.
type page struct {
	keys  []string // that exist
	last  string   // up to where it went
	more  bool
	reply *resp.Reply // an error
}

// scanPage lists some keys and reads each, so that those told of exist. It waits for both.
func (c *call) scanPage(after string, limit int) page {
	if c.session.handler.cfg.Log != nil {
		return c.session.order.scanPage(c, after, limit)
	}
	type listing struct {
		keys []string
		more bool
		err  error
	}
	listed := make(chan listing, 1)
	c.session.handler.cfg.Keys.Keys(after, limit, func(keys []string, more bool, err error) {
		listed <- listing{keys, more, err}
	})
	l := <-listed
	if l.err != nil {
		r := resp.Errorf("TRYAGAIN no quorum lists its keys: %v", l.err)
		return page{reply: &r}
	}
	if len(l.keys) == 0 {
		return page{}
	}
	done := make(chan []resp.Reply, 1)
	c.gather(l.keys, func(int) function { return exists }, func(replies []resp.Reply) { done <- replies })
	replies := <-done
	p := page{last: l.keys[len(l.keys)-1], more: l.more}
	for i := range replies {
		if replies[i].IsError() {
			return page{reply: &replies[i]}
		}
		if replies[i].Integer == 1 {
			p.keys = append(p.keys, l.keys[i])
		}
	}
	return p
}

// ready checks that keys can be listed, and waits for what the connection has asked before.
func (c *call) ready() bool {
	if h := c.session.handler; h.cfg.Keys == nil && h.cfg.Log == nil {
		c.reply(resp.Error("ERR this server does not list keys"))
		return false
	}
	c.session.settle()
	return true
}

// dbsizePage is how many keys are listed at once to be counted.
const dbsizePage = 1000

func serveDBSize(c *call) {
	if !c.ready() {
		return
	}
	var n int64
	for p := (page{more: true}); p.more; {
		if p = c.scanPage(p.last, dbsizePage); p.reply != nil {
			c.reply(*p.reply)
			return
		}
		n += int64(len(p.keys))
	}
	c.reply(resp.Integer(n))
}

// scanning is what SCAN is asked for.
type scanning struct {
	match []byte // nil matches all
	count int
	typed string // the only type wanted; "" is any
}

// maxCount bounds COUNT: a client that wants more gets the next ones with the next call.
const maxCount = 10_000

// serveScan is SCAN cursor [MATCH pattern] [COUNT count] [TYPE type].
func serveScan(c *call) {
	h := c.session.handler
	cursor, ok := parseCursor(c.Args[1])
	if !ok {
		c.reply(resp.Error("ERR invalid cursor"))
		return
	}
	s, ok := c.parseScan()
	if !ok || !c.ready() {
		return
	}
	after, ok := h.cursors.find(cursor)
	if !ok {
		c.reply(resp.Error("ERR invalid cursor: this server does not know it, or no more; begin again at 0"))
		return
	}
	p := c.scanPage(after, s.count)
	if p.reply != nil {
		c.reply(*p.reply)
		return
	}
	next := "0"
	if p.more {
		next = h.cursors.add(p.last)
	}
	found := []string{}
	for _, key := range p.keys {
		if (s.match == nil || matches(s.match, []byte(key))) && (s.typed == "" || s.typed == "string") {
			found = append(found, key)
		}
	}
	c.reply(resp.Array(resp.Text(next), resp.Texts(found...)))
}

// parseScan reads SCAN's options.
func (c *call) parseScan() (scanning, bool) {
	s := scanning{count: 10}
	for i := 2; i < len(c.Args); i += 2 {
		if i+1 == len(c.Args) {
			c.reply(replySyntax)
			return s, false
		}
		value := c.Args[i+1]
		switch {
		case is(c.Args[i], "match"):
			s.match = value
		case is(c.Args[i], "type"):
			s.typed = string(value)
			if is(value, "string") {
				s.typed = "string"
			}
		case is(c.Args[i], "count"):
			n, ok := resp.ParseInteger(value)
			if !ok {
				c.reply(replyNotInteger)
				return s, false
			}
			if n < 1 {
				c.reply(replySyntax)
				return s, false
			}
			s.count = int(min(n, maxCount))
		default:
			c.reply(replySyntax)
			return s, false
		}
	}
	return s, true
}

// cursors remembers where scans are. A cursor is a number and a key is not, so that one has to be found by the other.
// The latest ones are kept. The zero value is ready for use.
type cursors struct {
	once  sync.Once
	seed  maphash.Seed
	mu    sync.Mutex
	keys  map[uint64]string
	order []uint64
}

// maxCursors is how many scans may be under way.
const maxCursors = 1 << 14

// add gives the cursor of a scan that went up to a key. It is the same for the same key.
func (cs *cursors) add(key string) string {
	cs.once.Do(func() { cs.seed, cs.keys = maphash.MakeSeed(), map[uint64]string{} })
	cs.mu.Lock()
	defer cs.mu.Unlock()
	n := maphash.String(cs.seed, key) >> 1
	for n == 0 || cs.keys[n] != key && cs.keys[n] != "" {
		n++
	}
	if cs.keys[n] == "" {
		cs.keys[n] = key
		cs.order = append(cs.order, n)
	}
	if len(cs.order) > maxCursors {
		delete(cs.keys, cs.order[0])
		cs.order = cs.order[1:]
	}
	return formatCursor(n)
}

// find gives the key after which a scan goes on.
func (cs *cursors) find(n uint64) (string, bool) {
	if n == 0 {
		return "", true
	}
	cs.mu.Lock()
	defer cs.mu.Unlock()
	key, ok := cs.keys[n]
	return key, ok
}

func formatCursor(n uint64) string { return strconv.FormatUint(n, 10) }

func parseCursor(text []byte) (uint64, bool) {
	n, err := strconv.ParseUint(string(cut(text, longest)), 10, 64)
	return n, err == nil
}
