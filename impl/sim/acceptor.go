// Acceptors: the duties of the real server's acceptor.

package sim

import (
	"slices"

	"synod/impl/paxos"
)

type acceptor struct {
	n         *node
	core      paxos.Acceptor
	memory    map[int]*held
	restarted map[int]bool // registers whose RestartAcceptor is in the trace of this run
}

// held is a register in memory.
type held struct {
	record
	dirty bool
}

func newAcceptor(n *node) *acceptor {
	return &acceptor{n: n, core: paxos.Acceptor{ID: n.name, Bugs: n.w.bugs}}
}

func (a *acceptor) start() {
	a.memory, a.restarted = map[int]*held{}, map[int]bool{}
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
		if effects.Persist {
			n.sync = n.sync || a.syncs(effects.Step.Action)
			if !r.dirty {
				r.dirty = true
				dirty = append(dirty, p.key)
			}
		}
		e := entry{key: p.key, step: effects.Step, at: n.w.now}
		reply := packet{from: n.index, to: p.from, key: p.key, message: effects.Reply}
		reply.message.Event = n.journal.add(e).String()
		reply.clock = n.journal.pending[len(n.journal.pending)-1].clock
		n.sends = append(n.sends, reply)
		n.told = append(n.told, effects.After)
	}
	for _, key := range dirty {
		a.memory[key].dirty = false
		n.writes = append(n.writes, write{key: key, record: a.memory[key].record})
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
		r = &held{record: found}
		a.memory[key] = r
	}
	if a.n.journal.run() > 1 && !a.restarted[key] {
		a.restarted[key] = true
		step := a.core.RestartAcceptor(r.state).Step
		for _, id := range []string{r.promisedBy, r.acceptedBy} {
			if id != "" && !slices.Contains(step.Causes, id) {
				step.Causes = append(step.Causes, id)
			}
		}
		a.n.journal.add(entry{key: key, restart: true, step: step, at: a.n.w.now})
	}
	return r
}
