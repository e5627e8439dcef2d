// The leader's lease (spec/log/LeaderLease.tla): how a leader may answer reads from its own copy of the machine.

package log

import (
	"slices"
	"time"
)

// lease is what a replica has granted and what it holds.
type lease struct {
	now        time.Duration // what its clock shows
	looked     time.Duration // what the trace says that it shows
	boundUntil time.Duration // until then it promises nothing
	settled    Slot          // what a leader must have applied before it may read
	lastAsk    time.Duration // when a leader asked last; 0 is never
	held       time.Duration // when it asked for what a quorum has granted under its ballot; 0 is never
	grants     []round       // what it has asked for, and who has granted that; later ones last
}

// round is a request for a lease, which is known by the time at which it was made.
type round struct {
	sent   time.Duration
	grants map[string]Message
}

// At tells the replica what its clock shows, before an input. The clock is never set, and runs from the start of the
// process on; it need not agree with others' but must run as fast, but for Config.ClockError over a term. Where no
// leases are configured nobody need call it.
func (x *Replica) At(now time.Duration) { x.core.now = max(x.core.now, now) }

// Read asks whether the replica may answer a read from its own copy of the machine, as it is now. The caller has told
// the time, by At, after the read came in; and it looks at the machine before it gives the replica another input.
func (x *Replica) Read() (Effects, bool) {
	r := x.core
	may := r.mayRead()
	if may {
		r.Read()
	}
	return r.effects(), may
}

// Read notes that the leader reads.
func (r *replica) Read() { r.leaseStep("Read", args("r", r.me()), r.vars("value")) }

// Look notes what the clock shows.
func (r *replica) Look() {
	r.looked = r.now
	r.step("Look", args("r", r.me(), "t", number(r.now)), nil)
}

// mayRead reports whether the leader holds a lease and knows all that is chosen.
func (r *replica) mayRead() bool {
	_, more := r.learned[r.applied+1]
	settled := r.applied >= r.settled && !more || r.Bugs.Has(ReadBeforeSettled)
	return r.role == Leader && r.held > 0 && r.now < r.holdsUntil() && settled
}

// holdsUntil is the time at which the lease is over. It counts from when the leader asked, and each of two clocks, its
// own and a grantor's, may take the error off the term.
func (r *replica) holdsUntil() time.Duration {
	if r.Bugs.Has(LeaseErrorIgnored) {
		return r.held + r.LeaseTerm
	}
	return r.held + r.LeaseTerm - 2*r.ClockError
}

// bound reports whether the replica may not promise a ballot.
func (r *replica) bound() bool { return r.now < r.boundUntil && !r.Bugs.Has(PromiseWhileBound) }

// bind binds the replica for a term.
func (r *replica) bind() { r.boundUntil = r.now + r.LeaseTerm }

// lead begins to lead without a lease. What may have been chosen under others ends before next, or with what is
// inherited.
func (r *replica) lead() {
	r.settled = r.next - 1
	for slot := range r.inherited {
		r.settled = max(r.settled, slot)
	}
	r.lastAsk, r.held, r.grants = 0, 0, nil
}

// renewLease asks for a lease when a third of its term has passed.
func (r *replica) renewLease() {
	if r.LeaseTerm > 0 && r.now > 0 && (r.lastAsk == 0 || r.now-r.lastAsk >= r.LeaseTerm/3) {
		r.AskForLease()
	}
}

// AskForLease asks all replicas, itself too, for a lease. Those before that are of no use any more are forgotten.
func (r *replica) AskForLease() {
	r.lastAsk = r.now
	r.grants = slices.DeleteFunc(r.grants, func(g round) bool { return r.now-g.sent >= r.LeaseTerm })
	r.grants = append(r.grants, round{r.now, map[string]Message{}})
	m := Message{Kind: KindAskLease, Ballot: r.promised, Sent: r.now}
	r.sign(&m, r.leaseStep("AskForLease", args("r", r.me()), nil))
	for _, to := range r.Replicas {
		r.send(m, to)
	}
}

// asksForLease grants a lease to the leader whose ballot the replica has promised. To grant it to another would bind it
// by nothing: that ballot's rival has a promise already.
func (r *replica) asksForLease(m Message) {
	if r.LeaseTerm > 0 && m.Sent > 0 && (m.Ballot == r.promised || r.Bugs.Has(GrantToAnother)) {
		r.Grant(m)
	}
}

// Grant promises the leader to promise no larger ballot for a term.
func (r *replica) Grant(m Message) {
	r.bind()
	reply := Message{Kind: KindGrantLease, Ballot: m.Ballot, Sent: m.Sent}
	r.sign(&reply, r.leaseStep("Grant", args("a", r.me(), "b", number(m.Ballot), "s", number(m.Sent)), r.vars("boundUntil"), m))
	r.send(reply, m.From)
}

// grantedBy counts who has granted what the leader asked for.
func (r *replica) grantedBy(m Message) {
	if r.role != Leader || m.Ballot != r.promised {
		return
	}
	size := r.AcceptSize
	if r.Bugs.Has(HoldWithoutQuorum) {
		size = 1
	}
	for i, g := range r.grants {
		if g.sent != m.Sent {
			continue
		}
		g.grants[m.From] = m
		if len(g.grants) >= size {
			r.Hold(g)
			r.grants = slices.Delete(r.grants, 0, i+1)
		}
		return
	}
}

// Hold knows that a quorum has granted what the leader asked for.
func (r *replica) Hold(g round) {
	var quorum []string
	var from []Message
	for _, id := range r.Replicas {
		if m, ok := g.grants[id]; ok {
			quorum, from = append(quorum, id), append(from, m)
		}
	}
	r.held = g.sent
	if r.Bugs.Has(CountFromAnswer) {
		r.held = r.now
	}
	r.leaseStep("Hold", args("r", r.me(), "s", number(g.sent), "q", set(quorum)), r.vars("lease"), from...)
}

// leaseStep notes an action that the specification of leases has and that of the log does not.
func (r *replica) leaseStep(action string, args, vars []Field, from ...Message) string {
	if !r.Timed {
		return ""
	}
	return r.step(action, args, vars, from...)
}
