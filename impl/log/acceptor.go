// The acceptor's part: what a replica promises and accepts.

package log

import "slices"

// prepared answers a prepare, unless the replica has granted a lease: then the candidate hears nothing.
func (r *replica) prepared(m Message) {
	switch {
	case m.Ballot <= r.promised:
		r.RefusePrepare(m)
	case !r.bound():
		r.Promise(m)
	}
}

// Promise promises to accept nothing below the ballot, in no slot, and reports what was accepted.
func (r *replica) Promise(m Message) {
	r.promised = m.Ballot
	if !r.Bugs.Has(PromiseNotPersisted) {
		r.persist(Record{Promised: m.Ballot})
	}
	r.leader, r.silence = m.From, 0
	r.follow()
	reply := r.promiseOf(m.Ballot, m.Slot)
	r.sign(&reply, r.step("Promise", args("a", r.me(), "b", number(m.Ballot)), r.vars("promised", "role"), m))
	r.send(reply, m.From)
}

// RefusePrepare tells the larger ballot that stands against the one asked for.
func (r *replica) RefusePrepare(m Message) {
	reply := Message{Kind: KindRefusedPrepare, Ballot: m.Ballot, Promised: r.promised}
	r.sign(&reply, r.step("RefusePrepare",
		args("a", r.me(), "b", number(m.Ballot), "p", number(r.promised)), r.vars("promised"), m))
	r.send(reply, m.From)
}

// promiseOf reports the votes from a slot on. Slots in the snapshot on disk are chosen, and it says so instead.
func (r *replica) promiseOf(b Ballot, first Slot) Message {
	reply := Message{Kind: KindPromise, Ballot: b, Slot: r.saved}
	for _, slot := range sortedSlots(r.accepted) {
		wanted := slot >= first && slot > r.saved
		if r.Bugs.Has(ReportFirstOpenSlot) {
			wanted = slot == first
		}
		if wanted {
			reply.Votes = append(reply.Votes, r.accepted[slot])
		}
	}
	return reply
}

// asksToAccept answers an accept.
func (r *replica) asksToAccept(m Message) {
	vote, voted := r.accepted[m.Slot]
	switch {
	case voted && vote.Ballot == m.Ballot:
		r.RepeatAccept(m)
	case m.Ballot < r.promised && !r.Bugs.Has(AcceptBelowPromise):
		r.RefuseAccept(m)
	case m.Slot <= r.saved:
		// The slot is chosen, and the leader does not know it: it is behind.
		r.SendSnapshot(m.From)
	default:
		r.Accept(m)
	}
}

// Accept stores the batch, and promises the ballot in all slots.
func (r *replica) Accept(m Message) {
	overtaken := r.promised < m.Ballot
	vote := Vote{m.Slot, m.Ballot, m.Value}
	r.promised = m.Ballot
	r.accepted[m.Slot] = vote
	r.persist(Record{Promised: m.Ballot, Vote: &vote})
	r.leader, r.silence = m.From, 0
	if overtaken {
		r.follow()
	}
	reply := Message{Kind: KindAccepted, Ballot: m.Ballot, Slot: m.Slot}
	r.sign(&reply, r.step("Accept",
		args("a", r.me(), "b", number(m.Ballot), "i", number(m.Slot)), r.vars("promised"), m))
	r.send(reply, m.From)
	if r.Bugs.Has(DeposedLeaderCounts) {
		for _, to := range r.others() {
			r.send(reply, to)
		}
	}
}

// RepeatAccept answers an accept that is stored already as the first one was answered.
func (r *replica) RepeatAccept(m Message) {
	reply := Message{Kind: KindAccepted, Ballot: m.Ballot, Slot: m.Slot}
	r.sign(&reply, r.step("RepeatAccept",
		args("a", r.me(), "b", number(m.Ballot), "i", number(m.Slot)), nil, m))
	r.send(reply, m.From)
}

// RefuseAccept tells the larger ballot that was promised.
func (r *replica) RefuseAccept(m Message) {
	reply := Message{Kind: KindRefusedAccept, Ballot: m.Ballot, Slot: m.Slot, Promised: r.promised}
	r.sign(&reply, r.step("RefuseAccept",
		args("a", r.me(), "b", number(m.Ballot), "i", number(m.Slot), "p", number(r.promised)), r.vars("promised"), m))
	r.send(reply, m.From)
}

// persist asks for a record to be on disk before anything leaves.
func (r *replica) persist(record Record) {
	record.Clock = r.Clock
	r.out.Persist = append(r.out.Persist, record)
}

// send lets a message leave; sign has said which step it comes from.
func (r *replica) send(m Message, to string) {
	m.From, m.To = r.ID, to
	r.out.Send = append(r.out.Send, m)
}

// others are the other replicas.
func (r *replica) others() []string {
	return slices.DeleteFunc(slices.Clone(r.Replicas), func(id string) bool { return id == r.ID })
}
