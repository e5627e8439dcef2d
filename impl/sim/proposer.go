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
	touched   []*contested // registers that may want a step at the end of this turn
	restarted map[int]bool
	reserved  paxos.Ballot // durably, or so it will be when this turn ends: no ballot above it has been used
	floor     paxos.Ballot // registers not in memory may have used ballots up to here
	persist   paxos.Ballot // what this turn must make durable
}

// contested is a register with its round and those who wait for one.
type contested struct {
	key     int
	touched bool
	round   paxos.Round
	calls   paxos.Calls[int] // of operations
	attempt int
	pausing bool
	alarm   uint64 // the timer that counts

	read    paxos.Read
	readers []int // operations; the quorum read under way is for them
	later   []int // came when it was under way
}

// outcome is what a client is told when the turn is durable and recorded.
type outcome struct {
	operation int
	outcome   paxos.Outcome
	before    string
	after     string
}

func newProposer(n *node, number int) *proposer {
	return &proposer{n: n, number: number, core: paxos.Proposer{
		ID: n.name, Acceptors: n.w.acceptorNames(), Scheme: n.w.ballots(number), Bugs: n.w.bugs,
	}}
}

func (p *proposer) start() {
	p.registers, p.restarted, p.touched = map[int]*contested{}, map[int]bool{}, nil
	p.reserved = p.n.disk.reserved()
	p.floor = p.reserved
	p.n.w.monitor.restarts(p.n)
}

// turn takes answers, requests and time-outs.
func (p *proposer) turn() {
	n := p.n
	p.persist = 0
	for _, d := range n.due {
		if r := p.registers[d.key]; r != nil {
			p.timeOut(r, d.alarm)
		}
	}
	for _, x := range n.inbox {
		n.journal.clock.Observe(x.clock)
		r := p.registers[x.key]
		switch {
		case r == nil:
		case x.message.Kind == paxos.KindReport:
			p.applyRead(r, p.core.ReceiveReport(r.read, x.message))
		default:
			p.apply(r, p.core.Receive(r.round, x.message))
		}
	}
	for _, i := range n.asked {
		p.enqueue(i)
	}
	for len(p.touched) > 0 {
		r := p.touched[0]
		p.touched = p.touched[1:]
		r.touched = false
		p.advance(r)
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

// enqueue lines an operation up.
func (p *proposer) enqueue(i int) {
	o := p.n.w.Operations[i]
	r := p.recall(o.Key)
	switch {
	case r.calls.Len()+len(r.readers)+len(r.later) >= queueLimit:
		p.n.results = append(p.n.results, outcome{operation: i, outcome: paxos.Rejected})
		return
	case o.Quorum:
		r.later = append(r.later, i)
	default:
		r.calls.Add(&paxos.Call[int]{Change: o.Change, For: i})
	}
	p.touch(r)
}

// touch has the register looked at when the turn has taken all that waits.
func (p *proposer) touch(r *contested) {
	if !r.touched {
		r.touched = true
		p.touched = append(p.touched, r)
	}
}

// recall finds a register in memory or takes it up anew, above every ballot that may have been used for it.
func (p *proposer) recall(key int) *contested {
	if r := p.registers[key]; r != nil {
		return r
	}
	effects := p.core.RestartProposer(p.floor)
	r := &contested{key: key, round: effects.After}
	r.read.Number = p.floor
	p.registers[key] = r
	if p.n.journal.run() > 1 && !p.restarted[key] {
		p.restarted[key] = true
		p.n.journal.add(entry{key: key, restart: true, step: effects.Step, at: p.n.w.now})
	}
	return r
}

// advance takes the next step for the register, if one is to be taken.
func (p *proposer) advance(r *contested) {
	w := p.n.w
	if len(r.readers) == 0 && len(r.later) > 0 {
		p.beginRead(r)
	}
	if r.round.Busy() || r.pausing {
		return
	}
	var above paxos.Ballot
	p.conclude(r.calls.Expire(func(i int) bool {
		above = max(above, w.Operations[i].Above)
		return w.now >= w.answers[i].Called+w.Operations[i].Patience
	}))
	if !r.calls.Pending() {
		return
	}
	if r.round.Ready() && r.round.Ballot <= above {
		p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
		r.pausing = false // nothing has failed
	}
	if r.round.Ready() {
		effects, ended := r.calls.Propose(p.core, r.round, w.OneTrip, queueLimit)
		p.apply(r, effects)
		p.conclude(ended)
		return
	}
	r.round.Seen = max(r.round.Seen, above)
	effects, err := p.core.Prepare(r.round)
	if err != nil {
		if errors.Is(err, paxos.ErrBallotsExhausted) {
			w.monitor.exhausted[r.key] = true
		}
		p.conclude(r.calls.Stop())
		return
	}
	p.apply(r, effects)
}

// apply takes over what a step does.
func (p *proposer) apply(r *contested, e paxos.ProposerEffects) {
	p.take(r, e)
	if p.core.MayCollect(r.round) {
		p.take(r, p.core.Collect(r.round))
		if r.round.Ready() { // acceptors will have promised more, for other erased keys
			p.take(r, p.core.Abandon(r.round, paxos.Message{}))
			r.pausing, r.attempt = false, 0 // nothing has failed
		}
	}
}

func (p *proposer) take(r *contested, e paxos.ProposerEffects) {
	r.round = e.After
	p.persist = max(p.persist, e.Persist)
	if e.Step.Action != "" {
		p.record(r, entry{step: e.Step, parent: e.After.Parent, before: e.After.Current}, e.Send)
	}
	if e.Send.Kind != 0 && r.round.Busy() {
		p.setTimer(r, PhaseTimeout)
	}
	if e.Outcome == paxos.Undecided {
		if r.round.Ready() {
			p.touch(r)
		}
		return
	}
	r.alarm++
	p.conclude(r.calls.End(e))
	switch {
	case e.Outcome == paxos.Satisfied:
		r.attempt = 0
	case r.calls.Pending():
		p.pause(r)
	}
	p.touch(r)
}

// record notes a step, and for the end of the turn the message that it sends to all acceptors.
func (p *proposer) record(r *contested, e entry, send paxos.Message) {
	n := p.n
	e.key, e.at = r.key, n.w.now
	send.Event = n.journal.add(e).String()
	clock := n.journal.pending[len(n.journal.pending)-1].clock
	if send.Kind == 0 {
		return
	}
	for a := range n.w.Acceptors {
		n.sends = append(n.sends, packet{from: n.index, to: a, key: r.key, clock: clock, message: send})
	}
}

// pause puts the next round off after one that failed.
func (p *proposer) pause(r *contested) {
	pause := Time(4) << min(r.attempt, 7)
	r.attempt++
	r.pausing = true
	p.n.w.draw(p.n.index, p.n.index)
	p.setTimer(r, pause/2+p.n.w.upTo(pause))
}

// beginRead starts a quorum read for all who wait for one. While it is under way it has the register's timer if no
// round has.
func (p *proposer) beginRead(r *contested) {
	r.readers, r.later = r.later, nil
	number := max(r.read.Number, p.floor) + 1
	if number > paxos.MaxBallot {
		p.readByRound(r)
		return
	}
	w := p.n.w
	w.queue.push(event{
		at: w.now + PhaseTimeout, kind: evTimer, node: int32(p.n.index), index: int32(r.key), life: p.n.life,
		alarm: readAlarm | uint64(number),
	})
	p.applyRead(r, p.core.Ask(number))
}

// readAlarm marks the timers of quorum reads; the rest is the read's number.
const readAlarm = 1 << 63

// applyRead takes over what a step of a quorum read does.
func (p *proposer) applyRead(r *contested, e paxos.ReadEffects) {
	r.read = e.After
	p.persist = max(p.persist, e.Persist)
	if e.Step.Action != "" {
		p.record(r, entry{step: e.Step}, e.Send)
	}
	switch {
	case len(r.readers) == 0:
	case e.Done:
		for _, i := range r.readers {
			p.n.results = append(p.n.results, outcome{i, paxos.Satisfied, e.Payload, e.Payload})
		}
		r.readers = nil
		p.touch(r)
	case e.After.Failed:
		p.readByRound(r)
	}
}

// readByRound has a round read instead, which writes what it finds back.
func (p *proposer) readByRound(r *contested) {
	for _, i := range r.readers {
		r.calls.Add(&paxos.Call[int]{Change: register.Read(), For: i})
	}
	r.readers = nil
	p.touch(r)
}

func (p *proposer) setTimer(r *contested, after Time) {
	w := p.n.w
	r.alarm++
	w.queue.push(event{
		at: w.now + after, kind: evTimer, node: int32(p.n.index), index: int32(r.key), life: p.n.life, alarm: r.alarm,
	})
}

// timeOut gives a round or a quorum read up, or ends a pause.
func (p *proposer) timeOut(r *contested, alarm uint64) {
	switch {
	case alarm&readAlarm != 0:
		if r.read.Number == paxos.Ballot(alarm&^readAlarm) && len(r.readers) > 0 {
			p.readByRound(r)
		}
	case alarm != r.alarm:
	case r.pausing:
		r.pausing = false
		p.touch(r)
	case r.round.Busy():
		p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
	}
}

// conclude tells clients how their operations ended.
func (p *proposer) conclude(ended []paxos.Result[int]) {
	for _, x := range ended {
		if x.Outcome == paxos.Unknown && p.core.Bugs.Has(paxos.TimeoutAsFailure) {
			x.Outcome = paxos.Rejected
		}
		p.n.results = append(p.n.results, outcome{x.For, x.Outcome, x.Before, x.After})
	}
}
