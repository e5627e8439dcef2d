// Proposers: the duties of the real server's proposer.

package sim

import (
	"errors"

	"synod/impl/paxos"
	"synod/impl/register"
)

type proposer struct {
	n         *node
	number    int
	core      paxos.Proposer
	registers map[int]*contested
	restarted map[int]bool
	reserved  paxos.Ballot // durably, or so it will be when this turn ends: no ballot above it has been used
	floor     paxos.Ballot // registers not in memory may have used ballots up to here
	persist   paxos.Ballot // what this turn must make durable
}

// contested is a register with its round and those who wait for one.
type contested struct {
	key     int
	round   paxos.Round
	queue   []int // operations; the round is for the first
	attempt int
	alarm   uint32 // the timer that counts
}

// outcome is what a client is told when the turn is durable and recorded.
type outcome struct {
	operation int
	outcome   paxos.Outcome
	before    paxos.State
	after     paxos.State
}

func newProposer(n *node, number int) *proposer {
	return &proposer{n: n, number: number, core: paxos.Proposer{
		ID: n.name, Acceptors: n.w.acceptorNames(), Initial: register.Initial, Scheme: n.w.ballots(number), Bugs: n.w.bugs,
	}}
}

func (p *proposer) start() {
	p.registers, p.restarted = map[int]*contested{}, map[int]bool{}
	p.reserved = p.n.disk.reserved()
	p.floor = p.reserved
	p.n.w.monitor.restarts(p.n)
}

// turn takes answers, requests and time-outs.
func (p *proposer) turn() {
	n := p.n
	p.persist = 0
	for _, d := range n.due {
		if r := p.registers[d.key]; r != nil && r.alarm == d.alarm {
			p.timeOut(r)
		}
	}
	for _, x := range n.inbox {
		n.journal.clock.Observe(x.clock)
		if r := p.registers[x.key]; r != nil {
			p.apply(r, p.core.Receive(r.round, x.message))
		}
	}
	for _, i := range n.asked {
		r := p.recall(n.w.Operations[i].Key)
		if len(r.queue) >= queueLimit {
			n.results = append(n.results, outcome{operation: i, outcome: paxos.Rejected})
			continue
		}
		r.queue = append(r.queue, i)
		if len(r.queue) == 1 {
			p.begin(r)
		}
	}
	if p.persist > p.reserved {
		p.reserved = p.persist + min(paxos.Ballot(n.w.Ahead), paxos.MaxBallot-p.persist)
		n.writes = append(n.writes, write{key: reservation, ballot: p.reserved})
		n.sync = true
	}
}

// queueLimit is how many clients may wait for one register. If a proposer crashes, none of them learns what became of
// its change, and each such change doubles what the judge of histories has to search.
const queueLimit = 3

// recall finds a register in memory or takes it up anew, above every ballot that may have been used for it.
func (p *proposer) recall(key int) *contested {
	if r := p.registers[key]; r != nil {
		return r
	}
	effects := p.core.RestartProposer(p.floor)
	r := &contested{key: key, round: effects.After}
	p.registers[key] = r
	if p.n.journal.run() > 1 && !p.restarted[key] {
		p.restarted[key] = true
		p.n.journal.add(entry{key: key, restart: true, step: effects.Step, at: p.n.w.now})
	}
	return r
}

// begin starts a round for the first in the queue who still waits.
func (p *proposer) begin(r *contested) {
	w := p.n.w
	for len(r.queue) > 0 {
		o := w.Operations[r.queue[0]]
		if w.now >= w.answers[r.queue[0]].Called+o.Patience {
			p.answer(r, paxos.ProposerEffects{Outcome: paxos.Rejected})
			continue
		}
		r.round.Seen = max(r.round.Seen, o.Above)
		effects, err := p.core.Prepare(r.round, o.Change)
		if err != nil {
			if errors.Is(err, paxos.ErrBallotsExhausted) {
				w.monitor.exhausted[r.key] = true
			}
			p.answer(r, paxos.ProposerEffects{Outcome: paxos.Rejected})
			continue
		}
		p.apply(r, effects)
		return
	}
}

// apply takes over what a step does.
func (p *proposer) apply(r *contested, e paxos.ProposerEffects) {
	n := p.n
	r.round = e.After
	p.persist = max(p.persist, e.Persist)
	if e.Step.Action == "" {
		return
	}
	id := n.journal.add(entry{
		key: r.key, step: e.Step, at: n.w.now, parent: e.After.Parent, before: e.After.Current,
	}).String()
	clock := n.journal.pending[len(n.journal.pending)-1].clock
	if e.Send.Kind != 0 {
		e.Send.Event = id
		for a := range n.w.Acceptors {
			n.sends = append(n.sends, packet{from: n.index, to: a, key: r.key, clock: clock, message: e.Send})
		}
	}
	switch {
	case e.Outcome == paxos.Undecided:
		p.setTimer(r, PhaseTimeout)
	case e.Outcome == paxos.Rejected && e.Reason == nil:
		p.retry(r)
	default:
		p.answer(r, e)
		p.begin(r)
	}
}

// retry plans the next round for a change that was not proposed yet, and so cannot take effect twice.
func (p *proposer) retry(r *contested) {
	pause := Time(4) << min(r.attempt, 7)
	r.attempt++
	p.n.w.draw(p.n.index, p.n.index)
	p.setTimer(r, pause/2+p.n.w.upTo(pause))
}

func (p *proposer) setTimer(r *contested, after Time) {
	w := p.n.w
	r.alarm++
	w.queue.push(event{
		at: w.now + after, kind: evTimer, node: int32(p.n.index), index: int32(r.key), life: p.n.life, alarm: r.alarm,
	})
}

// timeOut gives a round up, or begins the next one after a pause.
func (p *proposer) timeOut(r *contested) {
	if r.round.Phase == paxos.Preparing || r.round.Phase == paxos.Accepting {
		p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
	} else {
		p.begin(r)
	}
}

// answer ends the first operation of the queue.
func (p *proposer) answer(r *contested, e paxos.ProposerEffects) {
	if e.Outcome == paxos.Unknown && p.core.Bugs.Has(paxos.TimeoutAsFailure) {
		e.Outcome = paxos.Rejected
	}
	p.n.results = append(p.n.results, outcome{r.queue[0], e.Outcome, e.After.Current, e.After.Proposal})
	r.queue = r.queue[1:]
	r.attempt = 0
	r.alarm++
}
