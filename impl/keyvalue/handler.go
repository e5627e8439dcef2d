// The handler: from a request to its command, and from the command's outcome to the reply.

package keyvalue

import (
	"crypto/x509"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/resp"
)

// Limits of what a key holds.
const (
	MaxKey   = 512 // bytes, of UTF-8: keys stand in traces
	MaxValue = register.MaxValue
)

// Config says what the commands run on.
type Config struct {
	Registers register.Registers
	Keys      Lister // nil makes SCAN and DBSIZE errors
	// Log performs commands on a replicated Machine; there are then no Registers and Keys, and there are transactions.
	Log Log
	// Password is what AUTH wants of the user "default"; with "" clients need not log in.
	Password string
	// Trust reports whether a client with this certificate, which TLS has verified, need not log in; nil trusts none.
	Trust func(*x509.Certificate) bool
	// Closed makes every client log in, by a certificate if there is no password.
	Closed bool
	Node   string // the proposer's name, for INFO
	// Version is Synod's, for HELLO and INFO.
	Version string
	// Stats gives the server's figures for INFO; nil gives none.
	Stats func() resp.Stats
	// Observe is told of each command that ended: its name in lower case, how long it took and the code of the error
	// that it was answered with, "" for none. It must not block. nil tells nobody.
	Observe func(command string, took time.Duration, code string)
	// Now is the clock, in Unix ms; nil is the machine's.
	Now func() int64
}

// Handler serves clients. It implements resp.Handler.
type Handler struct {
	cfg     Config
	started time.Time
	cursors cursors
}

// New makes a handler.
func New(cfg Config) *Handler {
	if cfg.Now == nil {
		cfg.Now = func() int64 { return time.Now().UnixMilli() }
	}
	if cfg.Observe == nil {
		cfg.Observe = func(string, time.Duration, string) {}
	}
	return &Handler{cfg: cfg, started: time.Now()}
}

// Open implements resp.Handler.
func (h *Handler) Open(c *resp.Conn) {
	s := newSession(h, c)
	c.State = s
	open := h.cfg.Password == "" && !h.cfg.Closed
	if cert := c.Certificate(); open || cert != nil && h.cfg.Trust != nil && h.cfg.Trust(cert) {
		s.login()
	}
}

// call is one request on its way through its command.
type call struct {
	*resp.Request
	session *session
	command *command
	now     int64 // Unix ms
	began   time.Time
	machine *performance // in which a replicated machine performs the command; nil is a request of a client
}

// Serve implements resp.Handler.
func (h *Handler) Serve(q *resp.Request) {
	s := q.Conn.State.(*session)
	c := &call{Request: q, session: s, now: h.cfg.Now(), began: time.Now()}
	c.command = h.find(q.Args[0])
	s.transaction.note(c)
	switch {
	case c.command == nil:
		c.reply(unknownCommand(q.Args))
	case !c.command.fits(len(q.Args)):
		c.reply(wrongNumber(c.command.name))
	case !s.authenticated && !c.command.has(beforeLogin):
		c.reply(resp.Error("NOAUTH Authentication required."))
	default:
		c.Harmless = !c.command.has(write)
		if h.cfg.Log == nil || !s.order.serve(c) {
			c.command.serve(c)
		}
	}
}

// reply answers the request.
func (c *call) reply(r resp.Reply) {
	if c.machine != nil {
		c.machine.reply = r
		return
	}
	name, code := "unknown", ""
	if c.command != nil {
		name = c.command.name
	} else {
		c.Harmless = true
	}
	if r.IsError() {
		code, _, _ = strings.Cut(r.Text, " ")
	}
	c.session.handler.cfg.Observe(name, time.Since(c.began), code)
	c.Reply(r)
}

// replies that say what became of a change that is not known to be done.
var (
	replyTryAgain = resp.Error("TRYAGAIN the cluster did not agree in time; nothing was changed")
	replyUnknown  = resp.Error("UNKNOWN the change may have taken effect, or may yet: read before you ask again")
)

// function is a command on one key: what it makes of the entry at a time, in Unix ms, and what it answers. It is
// pure. The entry has not expired.
type function func(now int64, e register.Entry) (register.Entry, resp.Reply)

// on runs a command's function on a key and hands its reply on, in the proposer's goroutine.
func (c *call) on(key string, f function, done func(resp.Reply)) {
	if c.machine != nil {
		done(c.machine.on(c, key, f))
	} else if c.command.has(write) {
		c.session.change(c, key, f, done)
	} else {
		c.session.read(c, key, f, done)
	}
}

// one runs a command that has one key, its first argument.
func (c *call) one(f function) {
	key, ok := c.key(1)
	if !ok {
		return
	}
	c.on(key, f, c.reply)
}

// key gives an argument as a key. Where it cannot be one it answers the request.
func (c *call) key(i int) (string, bool) {
	arg := c.Args[i]
	if len(arg) == 0 || len(arg) > MaxKey || !utf8.Valid(arg) {
		c.reply(resp.Errorf("ERR a key here is UTF-8 text of 1 to %d bytes", MaxKey))
		return "", false
	}
	return string(arg), true
}

// window is how many keys of one request are under way at once.
const window = 64

// each runs a command's function on several keys, those of the arguments that come step by step, and answers with what
// sum makes of the replies. It holds the connection up while too many are under way.
func (c *call) each(step int, f func(i int) function, sum func([]resp.Reply) resp.Reply) {
	var keys []string
	for i := 1; i < len(c.Args); i += step {
		key, ok := c.key(i)
		if !ok {
			return
		}
		keys = append(keys, key)
	}
	c.gather(keys, f, func(replies []resp.Reply) { c.reply(sum(replies)) })
}

// gather runs functions on keys and hands on all replies, or the first error as the only one.
func (c *call) gather(keys []string, f func(i int) function, done func([]resp.Reply)) {
	g := &gathering{
		replies: make([]resp.Reply, len(keys)), left: len(keys), room: make(chan struct{}, window), done: done,
		write: c.command.has(write),
	}
	for i, key := range keys {
		g.room <- struct{}{}
		c.on(key, f(i), func(r resp.Reply) { g.take(i, r) })
	}
}

// failed turns an outcome that is not Satisfied into a reply.
func (c *call) failed(key string, end register.End) resp.Reply {
	switch {
	case end.Outcome == paxos.Rejected || !c.command.has(write):
		return replyTryAgain
	case len(end.Proposed) == 0 || len(end.Proposed) > maxResolved:
		return replyUnknown
	}
	return resp.Error("UNKNOWN the change may have taken effect, or may yet: ask " + advice(key, end.Proposed))
}

// unknownCommand is Redis's answer to a name that is none, with what follows it.
func unknownCommand(args [][]byte) resp.Reply {
	var rest strings.Builder
	for _, arg := range args[1:] {
		if rest.Len() >= 128 {
			break
		}
		fmt.Fprintf(&rest, "'%s' ", cut(arg, 128-rest.Len()))
	}
	return resp.Errorf("ERR unknown command '%s', with args beginning with: %s", cut(args[0], 128), rest.String())
}

func cut(b []byte, n int) []byte { return b[:min(len(b), n)] }

func wrongNumber(name string) resp.Reply {
	return resp.Errorf("ERR wrong number of arguments for '%s' command", name)
}

// Replies of several commands.
var (
	replySyntax     = resp.Error("ERR syntax error")
	replyNotInteger = resp.Error("ERR value is not an integer or out of range")
)
