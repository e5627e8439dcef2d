// States of the specification as JSON, and what is in them as the core has it.

package log

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// view is a state of the specification as JSON: functions of names are objects, sets of records are sets.
type view struct {
	Promised  map[string]Ballot           `json:"promised"`
	Accepted  map[string]setOf[voteView]  `json:"accepted"`
	Snapshot  map[string]snapshotView     `json:"snapshot"`
	Disk      map[string]diskView         `json:"disk"`
	Learned   map[string]setOf[entryView] `json:"learned"`
	Applied   map[string]Slot             `json:"applied"`
	Machine   map[string]machineView      `json:"machine"`
	Role      map[string]Role             `json:"role"`
	Next      map[string]Slot             `json:"next"`
	Inherited map[string]setOf[entryView] `json:"inherited"`
	Messages  setOf[messageView]          `json:"messages"`
	Executed  setOf[entryView]            `json:"executed"`
	Answered  setOf[answerView]           `json:"answered"`
	readView
	lossView
	leaseView
}

// setOf is a set, as ITF has it.
type setOf[T any] struct {
	Elements []T `json:"#set"`
}

// batchView is a sequence.
type batchView struct {
	Elements []commandView `json:"#tup"`
}

type commandView struct {
	Client string          `json:"client"`
	Number uint64          `json:"number"`
	Change json.RawMessage `json:"change"`
}

type voteView struct {
	Slot   Slot      `json:"slot"`
	Ballot Ballot    `json:"ballot"`
	Value  batchView `json:"value"`
}

type entryView struct {
	Slot  Slot      `json:"slot"`
	Value batchView `json:"value"`
}

type answerView struct {
	Command commandView `json:"command"`
	Result  json.Number `json:"result"`
}

type sessionView struct {
	Client string      `json:"client"`
	Number uint64      `json:"number"`
	Result json.Number `json:"result"`
}

type machineView struct {
	Value    json.Number        `json:"value"`
	Sessions setOf[sessionView] `json:"sessions"`
}

type snapshotView struct {
	Slot    Slot        `json:"slot"`
	Machine machineView `json:"machine"`
}

type diskView struct {
	Promised Ballot          `json:"promised"`
	Accepted setOf[voteView] `json:"accepted"`
	Snapshot snapshotView    `json:"snapshot"`
}

// messageView has the fields of its type alone.
type messageView struct {
	Type     string           `json:"type"`
	Ballot   *Ballot          `json:"ballot,omitempty"`
	First    *Slot            `json:"first,omitempty"`
	Replica  string           `json:"replica,omitempty"`
	Accepted *setOf[voteView] `json:"accepted,omitempty"`
	Snapshot *Slot            `json:"snapshot,omitempty"`
	Slot     *Slot            `json:"slot,omitempty"`
	Value    *batchView       `json:"value,omitempty"`
	Machine  *machineView     `json:"machine,omitempty"`
}

// register is the specification's machine: "add 3", "set 5".
type register struct{ n int64 }

func (m *register) Apply(command string) string {
	var name string
	var value int64
	fmt.Sscan(command, &name, &value)
	if name == "add" {
		value += m.n
	}
	m.n = value
	return m.Value()
}

func (m *register) Snapshot() string { return m.Value() }

func (m *register) Restore(snapshot string) (err error) {
	m.n, err = strconv.ParseInt(snapshot, 10, 64)
	return err
}

func (m *register) Change(command string) string {
	name, value, _ := strings.Cut(command, " ")
	return fmt.Sprintf(`{"name":%q,"value":%s}`, name, value)
}

func (m *register) Value() string { return strconv.FormatInt(m.n, 10) }

// What the specification writes as the code has it.

func (c commandView) code() Command {
	var change struct {
		Name  string
		Value int64
	}
	if err := json.Unmarshal(c.Change, &change); err != nil {
		panic(err)
	}
	return Command{c.Client, c.Number, fmt.Sprintf("%s %d", change.Name, change.Value)}
}

func (b batchView) code() Batch {
	var out Batch
	for _, c := range b.Elements {
		out = append(out, c.code())
	}
	return out
}

func votesOf(s setOf[voteView]) map[Slot]Vote {
	out := map[Slot]Vote{}
	for _, v := range s.Elements {
		out[v.Slot] = Vote{v.Slot, v.Ballot, v.Value.code()}
	}
	return out
}

func entriesOf(s setOf[entryView]) map[Slot]Batch {
	out := map[Slot]Batch{}
	for _, x := range s.Elements {
		out[x.Slot] = x.Value.code()
	}
	return out
}

func (m machineView) code() state {
	value, _ := m.Value.Int64()
	s := state{machine: &register{value}, sessions: map[string]session{}}
	for _, x := range m.Sessions.Elements {
		s.sessions[x.Client] = session{x.Number, x.Result.String()}
	}
	return s
}

func (s snapshotView) code() Snapshot {
	if s.Slot == 0 {
		return Snapshot{}
	}
	m := s.Machine.code()
	return Snapshot{s.Slot, m.snapshot(0)}
}

// And the other way round.

func showBatch(b Batch) batchView {
	out := batchView{Elements: []commandView{}}
	for _, c := range b {
		out.Elements = append(out.Elements, showCommand(c))
	}
	return out
}

func showCommand(c Command) commandView {
	return commandView{c.Client, c.Number, json.RawMessage((&register{}).Change(c.Body))}
}

func showVotes(votes map[Slot]Vote) setOf[voteView] {
	out := setOf[voteView]{Elements: []voteView{}}
	for _, slot := range sortedSlots(votes) {
		v := votes[slot]
		out.Elements = append(out.Elements, voteView{v.Slot, v.Ballot, showBatch(v.Value)})
	}
	return out
}

func showEntries(entries map[Slot]Batch) setOf[entryView] {
	out := setOf[entryView]{Elements: []entryView{}}
	for _, slot := range sortedSlots(entries) {
		out.Elements = append(out.Elements, entryView{slot, showBatch(entries[slot])})
	}
	return out
}

func showMachine(s *state) machineView {
	out := machineView{Value: json.Number(s.machine.Snapshot()), Sessions: setOf[sessionView]{Elements: []sessionView{}}}
	for _, name := range s.clients() {
		x := s.sessions[name]
		out.Sessions.Elements = append(out.Sessions.Elements, sessionView{name, x.Number, json.Number(x.Result)})
	}
	return out
}

func showSnapshot(s Snapshot) snapshotView {
	m := state{machine: &register{}, sessions: map[string]session{}}
	if s.Data != "" {
		if err := m.restore(s.Data); err != nil {
			panic(err)
		}
	}
	return snapshotView{s.Slot, showMachine(&m)}
}

// showMessage is a message of the specification; false for those that it does not have.
func showMessage(m Message) (out messageView, ok bool) {
	out.Type = m.Kind.String()
	switch m.Kind {
	case KindPrepare:
		out.Ballot, out.First = &m.Ballot, &m.Slot
	case KindPromise:
		votes := map[Slot]Vote{}
		for _, v := range m.Votes {
			votes[v.Slot] = v
		}
		accepted := showVotes(votes)
		out.Ballot, out.Replica, out.Accepted, out.Snapshot = &m.Ballot, m.From, &accepted, &m.Slot
	case KindAccept:
		value := showBatch(m.Value)
		out.Ballot, out.Slot, out.Value = &m.Ballot, &m.Slot, &value
	case KindAccepted:
		out.Ballot, out.Slot, out.Replica = &m.Ballot, &m.Slot, m.From
	case KindHeartbeat:
		out.Ballot, out.Slot = &m.Ballot, &m.Slot
	case KindChosen:
		value := showBatch(m.Value)
		out.Slot, out.Value = &m.Slot, &value
	case KindSnapshot:
		s := showSnapshot(Snapshot{m.Slot, m.Data})
		out.Slot, out.Machine = &s.Slot, &s.Machine
	default:
		return messageView{}, false
	}
	return out, true
}
