// The machine: all keys in memory, for a log that replicates them.

package keyvalue

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"

	"synod/impl/register"
	"synod/impl/resp"
)

// Machine holds keys and performs on them what clients of a replicated server ask. It implements log.Machine: each of
// its commands is a list of requests that take effect at once, and the time of the server that took them. Time only
// goes forward: once one request has found a key expired, none that comes later in the log finds it alive.
type Machine struct {
	entries map[string]versioned
	now     int64  // the largest time of a command, in Unix ms
	version uint64 // of the last change
}

// versioned is an entry with the number of the change that made it. No two entries of a key have the same.
type versioned struct {
	register.Entry
	version uint64
}

// NewMachine makes a machine without keys.
func NewMachine() *Machine { return &Machine{entries: map[string]versioned{}} }

// performance is one request as a machine performs it.
type performance struct {
	*Machine
	reply    resp.Reply
	readOnly bool
	doubtful bool // it met a key that has expired at the request's time, and not yet for the machine
}

// Apply implements log.Machine. A command that is none is answered with an error, as it would be at every replica.
func (m *Machine) Apply(command string) string {
	u, ok := parseUnit(command)
	if !ok {
		return string(appendReply(nil, &replyNoUnit))
	}
	m.now = max(m.now, u.now)
	var out []byte
	for i := range u.items {
		x := &performance{Machine: m}
		x.item(&u.items[i], m.now)
		out = appendReply(out, &x.reply)
	}
	return string(out)
}

// Read answers a command that changes nothing from the keys as they are. It reports false where only the log can tell:
// the command changes something, or the time has passed at which a key expires, and nobody was told so yet.
func (m *Machine) Read(command string) (result string, ok bool) {
	u, ok := parseUnit(command)
	if !ok {
		return "", false
	}
	now := max(m.now, u.now)
	var out []byte
	for i := range u.items {
		if u.items[i].writes() {
			return "", false
		}
		x := &performance{Machine: m, readOnly: true}
		x.item(&u.items[i], now)
		if x.doubtful {
			return "", false
		}
		out = appendReply(out, &x.reply)
	}
	return string(out), true
}

var (
	replyNoUnit = resp.Error("ERR the command in the log is malformed")
	replyNested = resp.Error("ERR Command not allowed inside a transaction")
)

// item performs a request, or a transaction if no key that it watches has changed.
func (x *performance) item(it *item, now int64) {
	if !it.transaction {
		x.perform(it.requests[0], now)
		return
	}
	for _, w := range it.watched {
		if x.versionOf(w.key, now) != w.version {
			x.reply = resp.Null()
			return
		}
	}
	list := make([]resp.Reply, 0, len(it.requests))
	for _, args := range it.requests {
		x.perform(args, now)
		list = append(list, x.reply)
	}
	x.reply = resp.Array(list...)
}

// perform performs one request.
func (x *performance) perform(args [][]byte, now int64) {
	c := &call{Request: &resp.Request{Args: args}, command: find(args[0]), now: now, machine: x}
	switch {
	case string(args[0]) == listKeys && len(args) == 3:
		x.list(string(args[1]), args[2], now)
	case string(args[0]) == tellVersions:
		x.versions(args[1:], now)
	case c.command == nil || !c.command.replicated():
		x.reply = replyNested
	case !c.command.fits(len(args)):
		x.reply = wrongNumber(c.command.name)
	default:
		c.command.serve(c)
	}
}

// replicated reports whether a machine performs the command.
func (c *command) replicated() bool { return c.keyed && !c.has(logged|direct) || c.has(pure) }

// on runs a command's function on a key.
func (x *performance) on(c *call, key string, f function) resp.Reply {
	before := x.entries[key]
	if x.readOnly && before.Expired(c.now) && !before.Expired(x.now) {
		x.doubtful = true
	}
	next, reply := f(c.now, before.Live(c.now))
	next = next.Live(c.now)
	switch {
	case x.readOnly || same(next, before.Entry):
	case next.Exists:
		x.version++
		x.entries[key] = versioned{next, x.version}
	default:
		delete(x.entries, key)
	}
	return reply
}

// same reports whether an entry is the one that it was, and not one like it.
func same(a, b register.Entry) bool {
	return a.Exists == b.Exists && a.Expires == b.Expires && len(a.Value) == len(b.Value) &&
		(len(a.Value) == 0 || &a.Value[0] == &b.Value[0])
}

// Requests of the front's own. No client can ask for them: a name that clients send has no such byte.
const (
	listKeys     = "\x00keys"     // after, limit: keys that exist, and whether there are more
	tellVersions = "\x00versions" // keys: the version of each
)

// list gives keys above one, in order.
func (x *performance) list(after string, limit []byte, now int64) {
	n, _ := resp.ParseInteger(limit)
	var keys []string
	for key, e := range x.entries {
		if x.readOnly && e.Expired(now) && !e.Expired(x.now) {
			x.doubtful = true
		}
		if key > after && !e.Expired(now) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	more := int64(len(keys)) > n
	if more {
		keys = keys[:max(n, 0)]
	}
	last := resp.Integer(0)
	if more {
		last = resp.Integer(1)
	}
	x.reply = resp.Array(last, resp.Texts(keys...))
}

// versionOf is 0 for a key that does not exist.
func (x *performance) versionOf(key string, now int64) uint64 {
	e := x.entries[key]
	if e.Expired(now) {
		x.doubtful = x.doubtful || x.readOnly && !e.Expired(x.now)
		return 0
	}
	return e.version
}

func (x *performance) versions(keys [][]byte, now int64) {
	list := make([]resp.Reply, len(keys))
	for i, key := range keys {
		list[i] = resp.Integer(int64(x.versionOf(string(key), now)))
	}
	x.reply = resp.Array(list...)
}

// Snapshot implements log.Machine: the numbers, then the keys in order.
func (m *Machine) Snapshot() string {
	size := 0
	for key, e := range m.entries {
		size += len(key) + len(e.Value) + 24
	}
	b := make([]byte, 0, size+32)
	b = binary.AppendVarint(b, m.now)
	b = binary.AppendUvarint(b, m.version)
	b = binary.AppendUvarint(b, uint64(len(m.entries)))
	for _, key := range slices.Sorted(maps.Keys(m.entries)) {
		e := m.entries[key]
		b = appendBytes(b, key)
		b = binary.AppendUvarint(b, e.version)
		b = appendBytes(b, e.State())
	}
	return string(b)
}

// errSnapshot says that a text is no snapshot of a Machine.
var errSnapshot = errors.New("the snapshot of keys is damaged")

// Restore implements log.Machine.
func (m *Machine) Restore(snapshot string) error {
	r := unitReader{rest: strings.Clone(snapshot)}
	next := Machine{now: r.signed(), version: r.number()}
	n := r.number()
	next.entries = make(map[string]versioned, min(n, uint64(len(r.rest))))
	for ; n > 0 && !r.failed; n-- {
		key := r.text()
		version := r.number()
		e, err := register.ParseEntry(r.text())
		if err != nil || !e.Exists {
			r.fail()
			break
		}
		next.entries[key] = versioned{e, version}
	}
	if r.failed || r.rest != "" {
		return errSnapshot
	}
	*m = next
	return nil
}
