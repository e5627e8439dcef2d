// Reads that take no place in the log (spec/log/LogRead.tla): the leader makes sure that nobody has deposed it.

package log

// inquiry asks the others whether the replica still leads, for all reads that waited when it was made.
type inquiry struct {
	message   Message // its Slot is the inquiry's number
	slot      Slot    // up to here the log must be applied before a read is answered
	confirmed map[string]Message
	readers   []uint64
}

// Inquire asks to be told when the machine may be read: when it has performed all commands whose clients were answered
// before. Effects.Ready then gives the number of the one who asks back, or Effects.Unready if the replica does not lead,
// or does so no longer.
func (x *Replica) Inquire(readers ...uint64) Effects {
	r := x.core
	if r.role == Leader {
		r.readers = append(r.readers, readers...)
	} else {
		r.out.Unready = append(r.out.Unready, readers...)
	}
	r.settle()
	return r.effects()
}

// readMore answers the reads that can be answered, and begins an inquiry for those that came meanwhile.
func (r *replica) readMore() {
	for {
		if q := r.inquiry; q != nil {
			if len(q.confirmed) < r.AcceptSize && !r.Bugs.Has(ReadUnconfirmed) || r.applied < q.slot {
				return
			}
			r.ReadConfirmed(q)
		}
		if len(r.readers) == 0 {
			return
		}
		r.Inquire()
	}
}

// Inquire begins an inquiry. What was chosen before this leader's time is in the slots before its first one and in those
// that it inherited; what it chose itself it has learned.
func (r *replica) Inquire() {
	q := &inquiry{slot: max(r.applied, r.settled), confirmed: map[string]Message{}, readers: r.readers}
	for i := r.next - 1; i > q.slot; i-- {
		if _, known := r.learned[i]; known {
			q.slot = i
		}
	}
	if r.Bugs.Has(ReadBeforeInherited) {
		q.slot = r.applied
	}
	r.readers = nil
	r.inquiries++
	q.message = Message{Kind: KindInquiry, Ballot: r.promised, Slot: Slot(r.inquiries)}
	r.sign(&q.message, r.step("Inquire",
		args("r", r.me(), "n", number(r.inquiries), "i", number(q.slot)), r.vars("role")))
	own := q.message
	own.From = r.ID
	q.confirmed[r.ID] = own
	r.inquiry = q
	for _, to := range r.others() {
		r.send(q.message, to)
	}
}

// inquired answers an inquiry.
func (r *replica) inquired(m Message) {
	if m.Ballot < r.promised && !r.Bugs.Has(ConfirmAny) {
		r.send(Message{Kind: KindRefusedPrepare, Ballot: m.Ballot, Promised: r.promised, Clock: r.Clock}, m.From)
		return
	}
	if m.Ballot >= r.promised {
		r.leader, r.silence = m.From, 0
	}
	r.Confirm(m)
}

// Confirm says that the replica has promised no larger ballot.
func (r *replica) Confirm(m Message) {
	reply := Message{Kind: KindConfirmed, Ballot: m.Ballot, Slot: m.Slot}
	r.sign(&reply, r.step("Confirm",
		args("a", r.me(), "b", number(m.Ballot), "n", number(m.Slot)), r.vars("promised"), m))
	r.send(reply, m.From)
}

// confirmedBy counts a confirmation.
func (r *replica) confirmedBy(m Message) {
	if q := r.inquiry; q != nil && m.Ballot == r.promised && m.Slot == q.message.Slot {
		q.confirmed[m.From] = m
	}
}

// ReadConfirmed lets the reads of an inquiry be answered.
func (r *replica) ReadConfirmed(q *inquiry) {
	var quorum []string
	var from []Message
	for _, id := range r.Replicas {
		if m, ok := q.confirmed[id]; ok {
			quorum, from = append(quorum, id), append(from, m)
		}
	}
	r.step("ReadConfirmed", args("r", r.me(), "n", number(q.message.Slot), "q", set(quorum)), r.vars("applied", "value"), from...)
	r.out.Ready = append(r.out.Ready, q.readers...)
	r.inquiry = nil
}
