// The learner's part: what a replica knows to be chosen, and applies.

package log

// heartbeat hears how far the leader of a ballot has come, follows it as far as it can, and asks for what it lacks.
func (r *replica) heartbeat(m Message) {
	if m.Ballot >= r.promised && m.From != r.ID {
		r.leader, r.silence = m.From, 0
	}
	if slots := r.followable(m); len(slots) > 0 {
		r.Follow(m, slots)
	}
	r.applyAll()
	if r.applied < m.Slot && !r.asked {
		r.asked = true
		r.send(Message{Kind: KindNeed, Slot: r.applied + 1, Clock: r.Clock}, m.From)
	}
}

// followable lists the slots that the leader has applied and that the replica has accepted under that very ballot.
func (r *replica) followable(m Message) (slots []Slot) {
	for i := r.applied + 1; i <= m.Slot; i++ {
		vote, voted := r.accepted[i]
		_, known := r.learned[i]
		right := vote.Ballot == m.Ballot || r.Bugs.Has(FollowAnyVote) && r.promised == m.Ballot
		if voted && right && !known {
			slots = append(slots, i)
		}
	}
	return slots
}

// Follow learns what it has accepted under the ballot of a leader who has applied it. What it has accepted under
// another ballot need not be chosen.
func (r *replica) Follow(m Message, slots []Slot) {
	for _, i := range slots {
		r.learned[i] = r.accepted[i].Value
	}
	r.step("Follow", args("r", r.me(), "b", number(m.Ballot), "k", number(m.Slot)), nil, m)
}

// needed tells a replica that has fallen behind what is chosen from a slot on, or sends it the snapshot if that is
// forgotten.
func (r *replica) needed(m Message) {
	if _, known := r.learned[m.Slot]; !known {
		if m.Slot <= r.taken.Slot {
			r.SendSnapshot(m.From)
		}
		return
	}
	told := 0
	for i := m.Slot; told < tellBytes && i <= r.applied; i++ {
		r.Tell(i, m.From)
		told += tellOverhead + r.learned[i].size()
	}
}

// What one who has fallen behind is told at once: about so many bytes, where a slot counts for some in any case.
const (
	tellBytes    = 1 << 20
	tellOverhead = 1 << 10
)

// Tell says what is chosen in a slot.
func (r *replica) Tell(i Slot, to string) {
	m := Message{Kind: KindChosen, Slot: i, Value: r.learned[i]}
	r.sign(&m, r.step("Tell", args("r", r.me(), "i", number(i)), nil))
	r.send(m, to)
}

// told hears what is chosen in a slot.
func (r *replica) told(m Message) {
	if _, known := r.learned[m.Slot]; m.Slot > r.applied && !known {
		r.Hear(m)
	}
}

// Hear learns from another replica. A leader that hears of a slot in which it has proposed nothing is one no longer.
func (r *replica) Hear(m Message) {
	r.learned[m.Slot] = m.Value
	r.step("Hear", args("r", r.me(), "i", number(m.Slot), "v", r.batch(m.Value)), nil, m)
	if r.role == Leader && m.Slot >= r.next {
		r.follow()
	}
}

// Apply performs the commands of the slot after the last that was applied, and answers those who wait for them.
func (r *replica) Apply(i Slot) {
	value := r.learned[i]
	performed := value
	if r.Bugs.Has(ApplyInAnyOrder) && r.ID == r.Replicas[len(r.Replicas)-1] {
		performed = reversed(value)
	}
	r.perform(performed, r.Bugs)
	r.applied = i
	r.out.Applied = append(r.out.Applied, Entry{i, value})
	delete(r.proposed, i)
	r.step("Apply", args("r", r.me(), "i", number(i)), r.vars("applied", "value"))
	for _, c := range value {
		if q := (request{c.Client, c.Number}); r.waiting[q] && r.sessions[c.Client].Number == c.Number {
			delete(r.waiting, q)
			r.Answer(c)
		}
	}
}

func reversed(b Batch) Batch {
	var out Batch
	for i := len(b) - 1; i >= 0; i-- {
		out = append(out, b[i])
	}
	return out
}

// Answer tells a client the result of a command that was performed.
func (r *replica) Answer(c Command) {
	r.out.Answers = append(r.out.Answers, Answer{Command: c, Result: r.sessions[c.Client].Result})
	r.step("Answer", args("r", r.me(), "c", r.command(c)), nil)
}
