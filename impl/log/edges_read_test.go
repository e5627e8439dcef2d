// Reads that ask a quorum: their part of the specification's state, and what the core does about them.

package log

import (
	"strconv"

	"synod/conformance/tla"
	"synod/tools/edges"
)

// readView is what spec/log/LogRead.tla adds to a state. It is nil where a model has no reads.
type readView struct {
	Inquiries     *setOf[inquiryView]      `json:"inquiries,omitempty"`
	Confirmations *setOf[confirmationView] `json:"confirmations,omitempty"`
	Told          *setOf[toldView]         `json:"told,omitempty"`
	Reads         *setOf[doneView]         `json:"reads,omitempty"`
}

type inquiryView struct {
	Replica string `json:"replica"`
	Ballot  Ballot `json:"ballot"`
	Number  uint64 `json:"number"`
	Slot    Slot   `json:"slot"`
}

type confirmationView struct {
	Ballot  Ballot `json:"ballot"`
	Number  uint64 `json:"number"`
	Replica string `json:"replica"`
}

type toldView struct {
	Ballot   Ballot             `json:"ballot"`
	Number   uint64             `json:"number"`
	Commands setOf[commandView] `json:"commands"`
	Slot     Slot               `json:"slot"`
}

// doneView is a read that was answered.
type doneView struct {
	Ballot Ballot `json:"ballot"`
	Number uint64 `json:"number"`
	Slot   Slot   `json:"slot"`
}

// answered reports whether the reads of an inquiry were.
func (v *readView) answered(x inquiryView) bool {
	for _, y := range v.Reads.Elements {
		if y.Ballot == x.Ballot && y.Number == x.Number {
			return true
		}
	}
	return false
}

// inquiries sets what a leader has asked: the last inquiry, unless it was answered.
func (v *readView) inquiries(r *replica) {
	if v.Inquiries == nil {
		return
	}
	for _, x := range v.Inquiries.Elements {
		if x.Ballot != r.promised || x.Number < r.inquiries {
			continue
		}
		r.inquiries, r.inquiry = x.Number, nil
		if !v.answered(x) {
			own := Message{Kind: KindInquiry, From: r.ID, Ballot: x.Ballot, Slot: Slot(x.Number)}
			r.inquiry = &inquiry{message: own, slot: x.Slot, confirmed: map[string]Message{r.ID: own}, readers: []uint64{1}}
		}
	}
}

// asked are the inquiries as a replica receives them.
func (v *readView) asked(to string) (all []Message) {
	if v.Inquiries != nil {
		for _, x := range v.Inquiries.Elements {
			all = append(all, Message{Kind: KindInquiry, From: x.Replica, To: to, Ballot: x.Ballot, Slot: Slot(x.Number)})
		}
	}
	return all
}

// confirmed are the confirmations as a replica receives them.
func (v *readView) confirmed(to string) (all []Message) {
	if v.Confirmations != nil {
		for _, x := range v.Confirmations.Elements {
			all = append(all, Message{Kind: KindConfirmed, From: x.Replica, To: to, Ballot: x.Ballot, Slot: Slot(x.Number)})
		}
	}
	return all
}

// after is the part after a step of a replica that has sent these messages. What clients were told is history, and not of the
// core.
func (v readView) after(s *edges.Step[view], id string, sent []Message) readView {
	ballot := s.After.Promised[id]
	switch s.Action {
	case "Inquire":
		slot, _ := strconv.ParseUint(s.Args["i"], 10, 64)
		told := toldView{Ballot: ballot, Commands: setOf[commandView]{Elements: []commandView{}}}
		for _, x := range s.After.Answered.Elements {
			told.Commands.Elements = with(told.Commands.Elements, x.Command)
		}
		for _, x := range v.Reads.Elements {
			told.Slot = max(told.Slot, x.Slot)
		}
		for _, m := range sent {
			told.Number = uint64(m.Slot)
			v.Inquiries = plus(v.Inquiries, inquiryView{id, m.Ballot, told.Number, Slot(slot)})
			v.Confirmations = plus(v.Confirmations, confirmationView{m.Ballot, told.Number, id})
			v.Told = plus(v.Told, told)
		}
	case "Confirm":
		for _, m := range sent {
			v.Confirmations = plus(v.Confirmations, confirmationView{m.Ballot, uint64(m.Slot), m.From})
		}
	case "Read", "ReadConfirmed":
		number, _ := strconv.ParseUint(s.Args["n"], 10, 64) // a read under a lease has none, which is 0
		v.Reads = plus(v.Reads, doneView{ballot, number, s.After.Applied[id]})
	}
	return v
}

// plus is a new set with one element more.
func plus[T any](set *setOf[T], x T) *setOf[T] {
	return &setOf[T]{Elements: with(append([]T{}, set.Elements...), x)}
}

// settledSlot is the last slot that may hold what was chosen before a leader's time: before its first one, or inherited.
func (v *view) settledSlot(id string, first Slot) Slot {
	last := first - 1
	for _, x := range v.Inherited[id].Elements {
		last = max(last, x.Slot)
	}
	return last
}

// readSlot is the slot that a leader has to apply before it may read.
func (v *view) readSlot(id string) Slot {
	last := max(v.Applied[id], v.settledSlot(id, v.firstSlot(id)))
	for _, x := range v.Learned[id].Elements {
		last = max(last, x.Slot)
	}
	return last
}

// firstSlot is the first slot that a leader proposes for.
func (v *view) firstSlot(id string) Slot {
	first := v.Next[id]
	for _, m := range v.Messages.Elements {
		if m.Type == "accept" && *m.Ballot == v.Promised[id] {
			first = min(first, *m.Slot)
		}
	}
	return first
}

// refusesRead tells why the code does not take a step of a read that the specification allows.
func (c *cluster) refusesRead(v view, id string, s tla.Successor) string {
	number := uint64(s.Args[1].Num())
	var last inquiryView
	for _, x := range v.Inquiries.Elements {
		if x.Ballot == v.Promised[id] && x.Number > last.Number {
			last = x
		}
	}
	switch s.Action {
	case "Inquire":
		switch {
		case Slot(s.Args[2].Num()) > v.readSlot(id):
			return "Inquire waits for no more slots than it must"
		case last.Number > 0 && !v.answered(last):
			return "one inquiry serves all reads that wait"
		case number != last.Number+1:
			return "inquiries are numbered in turn"
		}
	case "ReadConfirmed":
		own, _ := s.Args[2].Contains(s.Args[0])
		switch {
		case s.Args[2].Len() > 2:
			return "ReadConfirmed waits for no more replicas than a quorum needs"
		case !own:
			return "a leader counts its own confirmation"
		case v.answered(inquiryView{Ballot: v.Promised[id], Number: number}):
			return "an inquiry is answered once"
		}
	}
	return ""
}
