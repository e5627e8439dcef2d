// The leader's part: how a replica comes to lead, and what it proposes.

package log

// Prepare asks to lead, under a ballot larger than any heard of. The replica promises it itself, so it will never use
// it again. Where ballots are exhausted nothing happens any more.
func (r *replica) Prepare() {
	b, err := r.Scheme.Next(max(r.promised, r.refused))
	if err != nil {
		return
	}
	r.follow()
	r.promised = b
	r.persist(Record{Promised: b})
	r.role, r.next = Candidate, r.applied+1
	own := r.promiseOf(b, r.next)
	own.From = r.ID
	m := Message{Kind: KindPrepare, Ballot: b, Slot: r.next}
	event := r.step("Prepare", args("r", r.me(), "b", number(b)), r.vars("promised", "role", "next"))
	r.sign(&own, event)
	r.sign(&m, event)
	r.promises = map[string]Message{r.ID: own}
	for _, to := range r.others() {
		r.send(m, to)
	}
}

// promisedBy counts a promise.
func (r *replica) promisedBy(m Message) {
	if r.role == Candidate && m.Ballot == r.promised {
		r.promises[m.From] = m
	}
}

// refusedBy hears of a larger ballot: the replica does not lead any more, or never will under its ballot.
func (r *replica) refusedBy(m Message) {
	r.refused = max(r.refused, m.Promised)
	if m.Ballot == r.promised && m.Promised > r.promised {
		r.follow()
	}
}

// Lead begins to lead with the promises of a quorum. It does not propose in slots that are in the snapshot of one who
// promised: they are chosen, and nobody may remember the votes. In the others it inherits the batch that was reported
// with the largest ballot, and nothing where none was reported before the last one that was.
func (r *replica) Lead() {
	var last Slot
	reported := map[Slot]Vote{}
	var quorum []string
	var from []Message
	for _, id := range r.Replicas {
		m, ok := r.promises[id]
		if !ok {
			continue
		}
		quorum, from = append(quorum, id), append(from, m)
		if !r.Bugs.Has(TruncatedTakenForFree) {
			r.next = max(r.next, m.Slot+1)
		}
		for _, v := range m.Votes {
			last = max(last, v.Slot)
			if v.Ballot > reported[v.Slot].Ballot {
				reported[v.Slot] = v
			}
		}
	}
	r.role, r.leader = Leader, r.ID
	r.inherited, r.proposed = map[Slot]Batch{}, map[Slot]*proposal{}
	r.waiting = map[request]bool{}
	for slot := r.next; slot <= last; slot++ {
		r.inherited[slot] = reported[slot].Value
		if r.Bugs.Has(HoleDespiteReport) && slot < last {
			r.inherited[slot] = nil
		}
	}
	r.first = r.next
	r.lead()
	r.step("Lead", args("r", r.me(), "q", set(quorum)), r.vars("role", "next"), from...)
}

// proposeMore proposes what was inherited, and then what clients ask for, as far as the window reaches.
func (r *replica) proposeMore() {
	for r.next < max(r.applied+1, r.first)+Slot(r.Window) {
		if value, ok := r.inherited[r.next]; ok {
			r.Propose(r.next, value)
			continue
		}
		n := min(len(r.queue), r.BatchSize)
		if n == 0 {
			return
		}
		r.Propose(r.next, Batch(r.queue[:n:n]))
		r.queue = r.queue[n:]
	}
}

// Propose asks all replicas, itself too, to accept a batch in the next slot. It need not wait for the slots before.
func (r *replica) Propose(i Slot, v Batch) {
	m := Message{Kind: KindAccept, Ballot: r.promised, Slot: i, Value: v}
	r.next++
	r.sign(&m, r.step("Propose", args("r", r.me(), "i", number(i), "v", r.batch(v)), r.vars("next")))
	r.proposed[i] = &proposal{message: m, accepted: map[string]Message{}}
	for _, to := range r.Replicas {
		r.send(m, to)
	}
}

// acceptedBy counts who has accepted what the leader proposed, under its own ballot only.
func (r *replica) acceptedBy(m Message) {
	p := r.proposed[m.Slot]
	if r.role != Leader || p == nil || p.learned {
		return
	}
	if m.Ballot != r.promised && !r.Bugs.Has(DeposedLeaderCounts) {
		return
	}
	p.accepted[m.From] = m
	if len(p.accepted) >= r.AcceptSize {
		r.Learn(m.Slot, p)
	}
}

// Learn knows that a quorum has accepted the batch.
func (r *replica) Learn(i Slot, p *proposal) {
	p.learned = true
	if i <= r.applied {
		return
	}
	var quorum []string
	var from []Message
	for _, id := range r.Replicas {
		if m, ok := p.accepted[id]; ok {
			quorum, from = append(quorum, id), append(from, m)
		}
	}
	r.learned[i] = p.message.Value
	r.step("Learn", args("r", r.me(), "i", number(i), "v", r.batch(p.message.Value), "q", set(quorum)), nil, from...)
}

// Heartbeat says how far the log is applied, and that the leader is there.
func (r *replica) Heartbeat() {
	r.beat = Message{Kind: KindHeartbeat, Ballot: r.promised, Slot: r.applied}
	r.sign(&r.beat, r.step("Heartbeat", args("r", r.me()), nil))
	r.repeatHeartbeat()
}

func (r *replica) repeatHeartbeat() {
	r.quiet = 0
	for _, to := range r.others() {
		r.send(r.beat, to)
	}
}

// remind sends again what may be lost, when it is time to: the last heartbeat, and what somebody has not accepted yet.
func (r *replica) remind() {
	if r.quiet++; r.quiet < r.HeartbeatTicks || r.beat.Ballot != r.promised {
		return
	}
	r.repeatHeartbeat()
	if r.applied+1 < r.first {
		// It leads and is behind: what it lacks is chosen, and it must not propose there.
		for _, to := range r.others() {
			r.send(Message{Kind: KindNeed, Slot: r.applied + 1, Clock: r.Clock}, to)
		}
	}
	if r.inquiry != nil {
		for _, to := range r.others() {
			r.send(r.inquiry.message, to)
		}
	}
	for _, slot := range sortedSlots(r.proposed) {
		p := r.proposed[slot]
		for _, to := range r.Replicas {
			if _, ok := p.accepted[to]; !ok && !p.learned {
				r.send(p.message, to)
			}
		}
	}
}
