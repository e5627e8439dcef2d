// A lost disk (spec/log/Readmission.tla): how a replica takes part again that has forgotten what it promised.

package log

import "strconv"

// loss is what a replica knows that has lost its disk, until it takes part again.
type loss struct {
	lost   bool
	bounds map[string]Message // what the others have promised
	admit  Message            // of the last leader who told up to where the log must be applied
	since  int                // ticks since it has asked
}

// Lose begins with an empty disk in the place of the one that is lost. What the replica has granted it does not know
// either, and is bound for a term.
func (r *replica) Lose() {
	r.bind()
	vars := r.vars("promised", "applied", "machine")
	if r.Timed {
		vars = append(vars, r.vars("boundUntil")...)
	}
	r.step("Lose", args("a", r.me()), vars)
}

// reachesLost reports whether such a message is for one who is lost too: it learns what is chosen, and how it may take part
// again.
func (k Kind) reachesLost() bool {
	switch k {
	case KindHeartbeat, KindChosen, KindSnapshot, KindBound, KindAdmit:
		return true
	}
	return false
}

// boundedBy hears what another had promised, if that is an answer to this loss.
func (r *replica) boundedBy(m Message) {
	if r.lost && m.Slot == Slot(r.Folder) {
		r.bounds[m.From] = m
	}
}

// admittedBy hears from a leader up to where the log must be applied.
func (r *replica) admittedBy(m Message) {
	if r.lost {
		r.admit = m
	}
}

// isAbove reports whether all others have told that they had promised less than a ballot. So the replica has promised
// and accepted nothing under it before it lost its disk.
func (r *replica) isAbove(b Ballot) bool {
	largest, all := r.largestBound()
	return all && b > largest
}

// largestBound is the largest ballot that the others tell of, and whether all have told.
func (r *replica) largestBound() (largest Ballot, all bool) {
	for _, m := range r.bounds {
		largest = max(largest, m.Promised)
	}
	needed := len(r.Replicas) - 1
	if r.Bugs.Has(AboveOne) {
		needed = 1
	}
	return largest, len(r.bounds) >= needed
}

// tickLost takes part again once that is possible: at a tick, so that nothing of what led there can be on disk and not in a
// trace. Until then it asks the others from time to time: what they have promised, and then for a leader under a larger
// ballot.
func (r *replica) tickLost() {
	if r.isAbove(r.admit.Ballot) && r.applied >= r.admit.Slot {
		r.Readmit(r.admit)
		return
	}
	if r.since++; r.since < r.HeartbeatTicks {
		return
	}
	r.since = 0
	m := Message{Kind: KindRejoin, Slot: Slot(r.Folder), Clock: r.Clock}
	if largest, all := r.largestBound(); all {
		m.Ballot = largest + 1
	}
	for _, to := range r.others() {
		r.send(m, to)
	}
}

// rejoins answers one who has lost its disk: at first with what this replica has promised. Who leads tells it up to where
// the log must be applied. If its ballot is not large enough it wants to lead under a larger one, or lets another do so once
// it is not bound any more.
func (r *replica) rejoins(m Message) {
	if m.Ballot > 0 {
		r.refused = max(r.refused, m.Ballot-1)
	}
	switch {
	case m.Ballot == 0:
		r.Bound(m)
	case r.role != Leader:
	case r.promised >= m.Ballot:
		r.Admit(m)
	case r.bound():
		r.leader, r.silence = "", 0
		r.follow()
	default:
		r.Prepare()
	}
}

// Bound tells one who has lost its disk what this replica has promised.
func (r *replica) Bound(m Message) {
	reply := Message{Kind: KindBound, Slot: m.Slot, Promised: r.promised}
	r.sign(&reply, r.step("Bound", args("r", r.me(), "a", strconv.Quote(m.From)), r.vars("promised")))
	r.send(reply, m.From)
}

// Admit tells one who has lost its disk up to which slot the log may hold what was chosen under others.
func (r *replica) Admit(m Message) {
	settled := r.settled
	if r.Bugs.Has(NothingSettled) {
		settled = 0
	}
	reply := Message{Kind: KindAdmit, Ballot: r.promised, Slot: settled}
	r.sign(&reply, r.step("Admit", args("r", r.me(), "i", number(settled)), r.vars("promised")))
	r.send(reply, m.From)
}

// Readmit takes part again, from the leader's ballot on. What the replica has applied is on its disk together with that.
func (r *replica) Readmit(m Message) {
	from := []Message{m}
	for _, id := range r.others() {
		if b, ok := r.bounds[id]; ok {
			from = append(from, b)
		}
	}
	r.loss = loss{}
	r.promised = m.Ballot
	record := Record{Promised: m.Ballot, Readmitted: true}
	if r.applied > 0 {
		r.taken, r.saved = Snapshot{r.applied, r.snapshot(0)}, r.applied
		s := r.taken
		record.Snapshot = &s
	}
	r.persist(record)
	r.leader, r.silence = m.From, 0
	r.step("Readmit", args("a", r.me(), "b", number(m.Ballot)), r.vars("promised", "applied", "machine"), from...)
}
