// A holder of the lock: it asks, renews, acts, pauses, writes to the store, and starts again.

package sim

import (
	"fmt"
	"strconv"
	"time"

	"synod/impl/lock"
	logsim "synod/impl/log/sim"
	"synod/impl/step"
	"synod/trace"
)

// holder is a client. It has one request under way at a time, besides a write that is on its way to the store.
type holder struct {
	*lock.Holder
	world   *world
	id      string
	leases  int // for how many leases it has asked: each has a name of its own
	number  uint64
	pending *request
	paused  int           // for how many of its turns it is held up
	meant   bool          // it looked at its clock and meant to act, before it was held up
	behind  time.Duration // by how much the wall's clock was set back

	fetched []int64 // what it has fetched, one number at most
	writing *request
}

// begin forgets everything.
func (h *holder) begin() {
	h.leases++
	h.Holder = &lock.Holder{
		Name: name, Owner: fmt.Sprintf("%s/%d", h.id, h.leases), Term: term, Error: clockError, Bugs: h.world.Bugs,
	}
	h.pending, h.writing, h.fetched, h.meant = nil, nil, nil, false
}

// now looks at the clock.
func (h *holder) now() time.Duration {
	if h.Bugs.Has(lock.WallClock) {
		return h.world.clock[h.id] - h.behind
	}
	return h.world.clock[h.id]
}

// happen is the holder's turn.
func (h *holder) happen(at logsim.Node) {
	if h.world.random.IntN(40) == 0 {
		h.behind += time.Duration(h.world.random.IntN(int(term)))
	}
	if h.paused > 0 {
		h.paused--
		return
	}
	if h.meant {
		h.meant = false
		h.act()
	}
	h.later(at)
	switch what := h.world.random.IntN(100); {
	case what < 2:
		h.restart()
	case what < 5:
		h.paused = h.world.random.IntN(25)
	case what < 8 && h.Holder.Token() > 0:
		h.giveUp(at)
	case h.pending != nil:
		h.world.submit(at, *h.pending)
	case h.Holder.Token() == 0:
		h.begin()
		h.ask(at, "AskForLease", h.Holder.AskForLease(h.now()))
	case what < 25:
		renewal, _ := h.Holder.AskForRenewal(h.now()) // it has the lease
		h.ask(at, "AskForRenewal", renewal)
	case what < 60:
		h.mean()
	case len(h.fetched) > 0:
		h.write()
	case h.writing == nil:
		h.send(lock.Command{Kind: lock.Fetch, Name: fence, Token: h.Holder.Token(), Body: "get"})
	}
}

// later sends a write that is on its way, sooner or later.
func (h *holder) later(at logsim.Node) {
	if q := h.writing; q != nil && h.world.random.IntN(4) == 0 {
		h.world.submit(at, *q)
	}
}

// ask asks for the lease or its renewal; sent is what the clock showed.
func (h *holder) ask(at logsim.Node, action string, c lock.Command) {
	h.send(c)
	sent, _ := h.Asking()
	h.world.lease.Step(h.id, "", action, trace.Fields{{Name: "h", JSON: step.Quote(h.id)}, {Name: "k", JSON: step.Number(h.pending.id)}},
		trace.Fields{{Name: "request[" + h.id + "].sent", JSON: step.Number(sent)}})
	h.world.submit(at, *h.pending)
}

// send makes a command the request that is under way. It leaves at the next turn.
func (h *holder) send(c lock.Command) {
	h.number++
	q := request{id: uint64(len(h.world.requests) + 1), from: h, client: h.id, number: h.number, command: c}
	h.world.requests[q.id] = q
	h.pending = &q
}

// mean looks at the clock in order to act, and acts at once or after a pause.
func (h *holder) mean() {
	if !h.Holds(h.now()) {
		return
	}
	if h.meant = h.world.random.IntN(3) == 0; h.meant {
		h.paused = h.world.random.IntN(25)
		return
	}
	h.act()
}

// act acts, if the clock says in this moment that the holder may.
func (h *holder) act() {
	if !h.Act(h.now()) {
		return
	}
	token, w := h.Holder.Token(), h.world
	if token < w.acted {
		w.broken("ActsAscend: %s acts by token %d after %d", h.id, token, w.acted)
	}
	if token != w.owned {
		w.broken("HolderIsOwner: %s acts by token %d, and in the log it is %d", h.id, token, w.owned)
	}
	w.acted = max(w.acted, token)
	w.result.Acts++
	w.lease.Step(h.id, "", "Act", trace.Fields{{Name: "h", JSON: step.Quote(h.id)}}, trace.Fields{{Name: "acted", JSON: step.Number(token)}})
}

// write sends the store one more than what was fetched, as a client of its own: it may arrive at any time.
func (h *holder) write() {
	n := h.fetched[0] + 1
	h.fetched = nil
	token := h.Holder.Token()
	h.number++
	q := request{
		id: uint64(len(h.world.requests) + 1), from: h, client: fmt.Sprintf("%s-%d", h.id, h.number), number: 1, writes: n,
		command: lock.Command{Kind: lock.Store, Name: fence, Token: token, Body: "set " + strconv.FormatInt(n, 10)},
	}
	h.world.requests[q.id] = q
	h.writing = &q
	h.world.lock.Step(h.id, "", "Write", trace.Fields{{Name: "c", JSON: step.Quote(h.id)}}, nil)
}

// giveUp ends the lease, and tells the log; nobody waits for its answer, and the next request takes its place.
func (h *holder) giveUp(at logsim.Node) {
	c := h.Holder.GiveUp()
	h.world.lease.Step(h.id, "", "GiveUp", trace.Fields{{Name: "h", JSON: step.Quote(h.id)}}, nil)
	h.begin()
	h.send(c)
	h.world.submit(at, *h.pending)
	if h.world.random.IntN(2) == 0 {
		h.pending = nil
	}
}

func (h *holder) restart() {
	h.begin()
	h.world.lease.Step(h.id, "", "RestartHolder", trace.Fields{{Name: "h", JSON: step.Quote(h.id)}}, nil)
}

// answered hears what became of a request; of an old one it does not care.
func (h *holder) answered(q request, result lock.Result) {
	if h.writing != nil && h.writing.id == q.id {
		h.writing = nil
		if result.Outcome == lock.Fenced {
			h.begin() // another has the lock
		}
		return
	}
	if h.pending == nil || h.pending.id != q.id {
		return
	}
	h.pending = nil
	switch result.Outcome {
	case lock.Granted:
		h.Hold(result.Lock, h.now())
		h.world.lease.Step(h.id, "", "Hold",
			trace.Fields{{Name: "h", JSON: step.Quote(h.id)}, {Name: "t", JSON: step.Number(result.Lock.Token)}},
			trace.Fields{{Name: "lease[" + h.id + "]", JSON: fmt.Sprintf(`{"number":%d,"sent":%d}`, h.Holder.Token(), h.From())}})
	case lock.Held, lock.Lost:
		h.Refused(result.Outcome)
	case lock.Fenced:
		h.begin()
	case lock.Done:
		n, _ := strconv.ParseInt(result.Body, 10, 64)
		h.fetched = []int64{n}
	}
}
