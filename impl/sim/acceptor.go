// Acceptors: the duties of the real server's acceptor.

package sim

import (
	"synod/impl/paxos"
)

type acceptor struct {
	n         *node
	core      paxos.Acceptor
	memory    map[int]*held
	floor     paxos.Ballot // of core, as it is durable or will be when this turn ends
	restarted map[int]bool // registers whose RestartAcceptor is in the trace of this run
}

// held is a register in memory.
type held struct {
	record
	kept  bool // the disk has a record, or will when this turn ends
	dirty bool
}

func newAcceptor(n *node) *acceptor {
	return &acceptor{n: n, core: paxos.Acceptor{ID: n.name, Bugs: n.w.bugs}}
}

func (a *acceptor) start() {
	a.memory, a.restarted = map[int]*held{}, map[int]bool{}
	a.floor = a.n.disk.reserved()
	a.core.Floor = a.floor
	a.n.w.monitor.restarts(a.n)
}

// turn answers all messages that wait.
func (a *acceptor) turn() {
	n := a.n
	var dirty []int
	for _, p := range n.inbox {
		n.journal.clock.Observe(p.clock)
		r := a.recall(p.key)
		effects, ok := a.core.Receive(r.state, p.message)
		if !ok {
			continue
		}
		if effects.After.Promised != r.state.Promised {
			r.promisedBy = p.message.Event
		}
		if effects.After.AcceptedBallot != r.state.AcceptedBallot {
			r.acceptedBy = p.message.Event
		}
		r.state = effects.After
		if effects.Erased {
			a.core.Floor = max(a.core.Floor, r.state.Promised)
			r.promisedBy, r.acceptedBy = p.message.Event, ""
		}
		if effects.Persist {
			r.kept = !effects.Erased
			n.sync = n.sync || a.syncs(effects.Step.Action)
			if !r.dirty {
				r.dirty = true
				dirty = append(dirty, p.key)
			}
		}
		id := n.journal.add(entry{key: p.key, step: effects.Step, at: n.w.now}).String()
		if effects.Reply.Kind == 0 {
			continue
		}
		reply := packet{from: n.index, to: p.from, key: p.key, message: effects.Reply}
		reply.message.Event = id
		reply.clock = n.journal.pending[len(n.journal.pending)-1].clock
		n.sends = append(n.sends, reply)
		n.told = append(n.told, effects.After)
	}
	if a.core.Floor > a.floor {
		a.floor = a.core.Floor
		if !a.core.Bugs.Has(paxos.FloorForgotten) {
			n.writes = append(n.writes, write{key: reservation, ballot: a.floor})
		}
	}
	for _, key := range dirty {
		r := a.memory[key]
		r.dirty = false
		w := write{key: key, record: r.record}
		if !r.kept {
			w.record.state = paxos.AcceptorState{}
		}
		n.writes = append(n.writes, w)
	}
}

// syncs reports whether the answer to an action waits for the disk.
func (a *acceptor) syncs(action string) bool {
	bugs := a.core.Bugs
	return !(bugs.Has(paxos.PromiseNotSynced) && action == "Promise" || bugs.Has(paxos.AcceptNotSynced) && action == "Accept")
}

// recall finds a register in memory or on disk. In a later run than the first it records, once for each register, with
// what the restart found it.
func (a *acceptor) recall(key int) *held {
	r := a.memory[key]
	if r == nil {
		found, _ := a.n.disk.load(key)
		r = &held{record: found, kept: found.state != paxos.AcceptorState{}}
		a.memory[key] = r
	}
	if a.n.journal.run() > 1 && !a.restarted[key] {
		a.restarted[key] = true
		step := a.core.RestartAcceptor(r.state).Step
		step.Events = [2]string{r.promisedBy, r.acceptedBy}
		a.n.journal.add(entry{key: key, restart: true, step: step, at: a.n.w.now})
	}
	if !r.kept && r.state.Promised < a.core.Floor {
		effects := a.core.Raise(r.state)
		r.state = effects.After
		a.n.journal.add(entry{key: key, step: effects.Step, at: a.n.w.now})
	}
	return r
}
