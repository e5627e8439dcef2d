// Sessions: what a connection has said of itself, and the order of its requests on one key.

package keyvalue

import (
	"strings"
	"sync"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/resp"
)

// session is a connection's state. The first group of fields belongs to the connection's goroutine.
type session struct {
	handler       *Handler
	conn          *resp.Conn
	authenticated bool
	name          string
	library       [2]string // its name and version
	transaction   transaction
	order         line

	mu    sync.Mutex
	lanes map[string]*lane // of the keys that have requests under way
	idle  sync.Cond        // of mu: no lane is left
}

// lane holds one connection's requests on one key. Changes of a key that are asked for one after the other take
// effect in that order, but a read may overtake a change and a change a read. So a read behind a change becomes a
// change, and a change behind a read waits for it.
type lane struct {
	reads     int
	changes   int
	waiting   []func() // changes, in order, behind the reads
	launching bool     // those that waited are being started
}

func newSession(h *Handler, c *resp.Conn) *session {
	s := &session{handler: h, conn: c, lanes: map[string]*lane{}}
	s.idle.L = &s.mu
	s.order.init(h)
	return s
}

// login takes note that the client is who it should be.
func (s *session) login() {
	s.authenticated = true
	s.conn.Trust()
}

// change runs f as a change of the key.
func (s *session) change(c *call, key string, f function, done func(resp.Reply)) {
	s.mu.Lock()
	l := s.lane(key)
	if l.reads > 0 || len(l.waiting) > 0 || l.launching {
		l.waiting = append(l.waiting, func() { s.ask(c, key, f, done) })
		s.mu.Unlock()
		return
	}
	l.changes++
	s.mu.Unlock()
	s.ask(c, key, f, done)
}

// ask has the registers apply f. The reply is that of its last application, which is the one that counts.
func (s *session) ask(c *call, key string, f function, done func(resp.Reply)) {
	var reply resp.Reply
	now := c.now
	apply := func(e register.Entry) (next register.Entry) {
		next, reply = f(now, e.Live(now))
		return next.Live(now)
	}
	s.handler.cfg.Registers.Change(key, apply, func(_, _ register.Entry, end register.End) {
		if end.Outcome != paxos.Satisfied {
			reply = c.failed(key, end)
		}
		s.end(key, func(l *lane) { l.changes-- })
		done(reply)
	})
}

// read runs f, which changes nothing, on the latest entry of the key.
func (s *session) read(c *call, key string, f function, done func(resp.Reply)) {
	s.mu.Lock()
	l := s.lane(key)
	if l.changes > 0 || len(l.waiting) > 0 || l.launching {
		s.mu.Unlock()
		s.change(c, key, f, done)
		return
	}
	l.reads++
	s.mu.Unlock()
	s.handler.cfg.Registers.Get(key, func(_, e register.Entry, end register.End) {
		switch {
		case end.Outcome != paxos.Satisfied:
			s.end(key, func(l *lane) { l.reads-- })
			done(c.failed(key, end))
		case e.Expired(c.now):
			// The entry goes before anyone hears that it has expired. It is asked for elsewhere because this
			// is the goroutine that would have to do it.
			go s.purge(c, key, f, done)
		default:
			_, reply := f(c.now, e)
			s.end(key, func(l *lane) { l.reads-- })
			done(reply)
		}
	})
}

// purge turns a read under way into a change, which leaves nothing of an expired entry.
func (s *session) purge(c *call, key string, f function, done func(resp.Reply)) {
	s.mu.Lock()
	l := s.lanes[key]
	l.reads--
	l.changes++
	s.mu.Unlock()
	s.ask(c, key, f, done)
}

// lane finds or makes the lane of a key. s.mu is held.
func (s *session) lane(key string) *lane {
	l := s.lanes[key]
	if l == nil {
		l = &lane{}
		s.lanes[key] = l
	}
	return l
}

// end takes a request that has ended off its lane, and starts those that waited for it.
func (s *session) end(key string, off func(*lane)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lanes[key]
	off(l)
	if l.reads == 0 && len(l.waiting) > 0 && !l.launching {
		l.launching = true
		go s.launch(key, l)
	}
	if l.reads == 0 && l.changes == 0 && len(l.waiting) == 0 && !l.launching {
		delete(s.lanes, key)
		if len(s.lanes) == 0 {
			s.idle.Broadcast()
		}
	}
}

// launch starts the changes that waited, in their order. Those that come meanwhile line up behind them.
func (s *session) launch(key string, l *lane) {
	s.mu.Lock()
	l.changes++ // keeps the lane while none is under way
	for len(l.waiting) > 0 {
		start := l.waiting[0]
		l.waiting = l.waiting[1:]
		l.changes++
		s.mu.Unlock()
		start()
		s.mu.Lock()
	}
	l.launching = false
	s.mu.Unlock()
	s.end(key, func(l *lane) { l.changes-- })
}

// settle waits until all the connection's requests on keys have ended.
func (s *session) settle() {
	s.order.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.lanes) > 0 {
		s.idle.Wait()
	}
}

// gathering collects the replies of one request's keys.
type gathering struct {
	room chan struct{}
	done func([]resp.Reply)

	write bool // the request changes its keys

	mu      sync.Mutex
	replies []resp.Reply
	left    int
	size    int
	failed  int
	failure *resp.Reply
	advice  string // how to resolve what is unknown
}

// partly says that a request on several keys is neither done nor without effect.
const partly = "UNKNOWN some of the keys may have been changed and others not: read before you ask again"

// maxAdvice bounds the bytes of an error that tells how to resolve the changes of several keys.
const maxAdvice = 1 << 10

// maxList is how many bytes the values of one reply may have in all.
const maxList = 4 << 20

var replyTooLong = resp.Errorf("ERR the values are more than %d bytes in all: ask for fewer keys", maxList)

// take notes the reply for one key; with the last one, all are handed on.
func (g *gathering) take(i int, r resp.Reply) {
	<-g.room
	g.mu.Lock()
	g.size += len(r.Bulk)
	if r.IsError() {
		g.failed++
		if g.failure == nil || r.Text != replyTryAgain.Text {
			g.failure = &r
		}
		if i := strings.Index(r.Text, adviceBegins); i >= 0 && len(g.advice)+len(r.Text) < maxAdvice {
			g.advice += "; " + r.Text[i:]
		}
	}
	if g.size > maxList && g.failure == nil {
		g.failure = &replyTooLong
	}
	if g.failure == nil {
		g.replies[i] = r
	} else {
		clear(g.replies)
	}
	g.left--
	last := g.left == 0
	g.mu.Unlock()
	if !last {
		return
	}
	switch {
	case g.failure != nil && g.write && (g.failed < len(g.replies) || g.failure.Text != replyTryAgain.Text):
		g.replies = []resp.Reply{resp.Error(partly + g.advice)}
	case g.failure != nil:
		g.replies = []resp.Reply{*g.failure}
	}
	g.done(g.replies)
}
