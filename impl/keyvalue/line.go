// Lines: one connection's requests on their way to a replicated machine.

package keyvalue

import (
	"strconv"
	"sync"

	"synod/impl/paxos"
	"synod/impl/resp"
)

// Log has a replicated Machine perform commands.
type Log interface {
	// Do has a command performed once. harmless says that it changes nothing. It returns at once; done is told the
	// result if the outcome is Satisfied, once, and must not block.
	Do(command string, harmless bool, done func(result string, outcome paxos.Outcome))
}

// line has one command under way. The requests that come meanwhile wait, and are the next command together: so those of
// a connection take effect in their order, and many that were sent without waiting cost no more than one.
type line struct {
	handler *Handler

	mu      sync.Mutex
	idle    sync.Cond // of mu: nothing is under way
	busy    bool
	waiting []entrance
}

// entrance is an item with who waits for its reply.
type entrance struct {
	item
	harmless bool
	now      int64
	done     func(resp.Reply)
}

// unitBytes is how large a command may grow by what waits.
const unitBytes = 1 << 20

func (l *line) init(h *Handler) {
	l.handler = h
	l.idle.L = &l.mu
}

// serve takes a request of a command that the machine performs. Others it leaves alone.
func (l *line) serve(c *call) bool {
	if t := &c.session.transaction; t.open && !c.command.has(logged) {
		t.queue(c)
		return true
	}
	if !c.command.keyed || c.command.has(logged) {
		return false
	}
	l.enter(entrance{item: item{requests: [][][]byte{c.Args}}, harmless: c.Harmless, now: c.now, done: func(r resp.Reply) {
		c.reply(r)
	}})
	return true
}

// enter has an item performed behind those before it.
func (l *line) enter(e entrance) {
	l.mu.Lock()
	if l.busy {
		l.waiting = append(l.waiting, e)
		l.mu.Unlock()
		return
	}
	l.busy = true
	l.mu.Unlock()
	l.launch([]entrance{e})
}

// launch has a list of items performed, and then those that came meanwhile.
func (l *line) launch(list []entrance) {
	u := unit{items: make([]item, len(list))}
	harmless, size := true, 32
	for i := range list {
		u.items[i], u.now = list[i].item, max(u.now, list[i].now)
		harmless = harmless && list[i].harmless
		size += list[i].size() + 8
	}
	command := string(u.append(make([]byte, 0, size)))
	l.handler.cfg.Log.Do(command, harmless, func(result string, outcome paxos.Outcome) {
		r := unitReader{rest: result}
		for i := range list {
			reply := failure(outcome, list[i].harmless)
			if outcome == paxos.Satisfied {
				if reply = r.reply(replyDepth); r.failed {
					reply = replyNoUnit
				}
			}
			list[i].done(reply)
		}
		l.next()
	})
}

// next goes on with what waits.
func (l *line) next() {
	l.mu.Lock()
	n, size := 0, 0
	for n < len(l.waiting) && (n == 0 || size < unitBytes) {
		size += l.waiting[n].size()
		n++
	}
	list := l.waiting[:n:n]
	if l.waiting = l.waiting[n:]; n == 0 {
		l.waiting = nil
		l.busy = false
		l.idle.Broadcast()
	}
	l.mu.Unlock()
	if n > 0 {
		l.launch(list)
	}
}

// failure turns an outcome that is not Satisfied into a reply.
func failure(outcome paxos.Outcome, harmless bool) resp.Reply {
	if outcome == paxos.Rejected || harmless {
		return replyTryAgain
	}
	return replyUnknown
}

// settle waits until nothing is under way.
func (l *line) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.busy {
		l.idle.Wait()
	}
}

// ask has a request of the front's own performed, and waits for the reply.
func (l *line) ask(now int64, args ...string) resp.Reply {
	request := make([][]byte, len(args))
	for i, arg := range args {
		request[i] = []byte(arg)
	}
	replies := make(chan resp.Reply, 1)
	l.enter(entrance{item: item{requests: [][][]byte{request}}, harmless: true, now: now, done: func(r resp.Reply) { replies <- r }})
	return <-replies
}

// scanPage lists some keys that exist.
func (l *line) scanPage(c *call, after string, limit int) page {
	r := l.ask(c.now, listKeys, after, strconv.Itoa(limit))
	if r.IsError() {
		return page{reply: &r}
	}
	p := page{more: r.List[0].Integer == 1}
	for i := range r.List[1].List {
		p.keys = append(p.keys, string(r.List[1].List[i].Bulk))
	}
	if len(p.keys) > 0 {
		p.last = p.keys[len(p.keys)-1]
	}
	return p
}
