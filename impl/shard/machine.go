// The machine of a group: which shards it serves, and the map, if it keeps that.

package shard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"synod/impl/line"
)

// Content is what a shard holds: a machine. It is a log.Machine.
type Content interface {
	Apply(command string) (result string)
	Snapshot() string
	Restore(snapshot string) error
}

// Status is what a shard is to a group.
type Status string

// The statuses of the specification.
const (
	Away    Status = "away"
	Serving Status = "serving"
	Frozen  Status = "frozen"
)

// Machine is what a group's log replicates. Make one with New. It is a log.Machine.
type Machine struct {
	Group  string
	Bugs   Bugs
	empty  func() Content
	shards map[string]*shard
	places map[string]Place
}

// Place is what the map says of a shard.
type Place struct {
	Group string
	Epoch uint64
}

// shard is what a group knows of a shard.
type shard struct {
	status   Status
	epoch    uint64 // the last in which the group had it
	heir     string // of a frozen shard, or of one that was dropped
	content  Content
	sessions map[string]session
}

// session is what is known of a client: its last request, and the result.
type session struct {
	number uint64
	result string
}

// New makes the machine of a group. The shards begin with the group first; empty makes the content of a new one.
func New(group, first string, shards []string, empty func() Content) *Machine {
	m := &Machine{Group: group, empty: empty, shards: map[string]*shard{}, places: map[string]Place{}}
	for _, name := range shards {
		s := m.shard(name)
		if group == first {
			s.status, s.epoch = Serving, 1
		}
		m.places[name] = Place{first, 1}
	}
	return m
}

// shard gives what is known of a shard; of one that it has never heard of that is that it is away.
func (m *Machine) shard(name string) *shard {
	s := m.shards[name]
	if s == nil {
		s = &shard{status: Away}
		s.clear(m.empty())
		m.shards[name] = s
	}
	return s
}

func (s *shard) clear(c Content) { s.content, s.sessions = c, map[string]session{} }

// Apply performs a command.
func (m *Machine) Apply(command string) string {
	c, err := Parse(command)
	if err != nil {
		return Result{Outcome: Invalid, Body: err.Error()}.String()
	}
	return m.perform(c).String()
}

func (m *Machine) perform(c Command) Result {
	s := m.shard(c.Shard)
	switch c.Kind {
	case Serve:
		return m.Serve(s, c)
	case Freeze:
		return m.Freeze(s, c)
	case HandOver:
		return m.HandOver(s, c)
	case Activate:
		return m.Activate(s, c)
	case Drop:
		return m.Drop(s, c)
	case Publish:
		return m.Publish(c)
	}
	p := m.places[c.Shard]
	return Result{Outcome: Done, Group: p.Group, Epoch: p.Epoch}
}

// Serve performs a client's request, once, if the group serves the shard.
func (m *Machine) Serve(s *shard, c Command) Result {
	if s.status != Serving && !(m.Bugs.Has(ServeFrozen) && s.status == Frozen) {
		return Result{Outcome: Elsewhere, Group: s.heir, Epoch: s.epoch}
	}
	x := s.sessions[c.Client]
	if c.Number <= x.number {
		return Result{Outcome: Already, Body: x.result}
	}
	x = session{c.Number, s.content.Apply(c.Body)}
	s.sessions[c.Client] = x
	return Result{Outcome: Done, Body: x.result}
}

// Freeze stops to serve a shard, for another group to have it.
func (m *Machine) Freeze(s *shard, c Command) Result {
	switch {
	case s.status == Frozen:
		return Result{Outcome: Already, Group: s.heir, Epoch: s.epoch + 1}
	case s.status == Away:
		return Result{Outcome: Elsewhere, Group: s.heir, Epoch: s.epoch}
	case c.Group == m.Group:
		return Result{Outcome: Invalid, Body: "shard: a group does not move a shard to itself"}
	}
	s.heir = c.Group
	if !m.Bugs.Has(HandOverUnfrozen) {
		s.status = Frozen
	}
	return Result{Outcome: Done, Group: s.heir, Epoch: s.epoch + 1}
}

// HandOver gives a frozen shard, under the next epoch. It may be asked for again until the shard has arrived.
func (m *Machine) HandOver(s *shard, c Command) Result {
	if s.status != Frozen && !(m.Bugs.Has(HandOverUnfrozen) && s.status == Serving) {
		return Result{Outcome: Elsewhere, Group: s.heir, Epoch: s.epoch}
	}
	r := Result{Outcome: Done, Group: s.heir, Epoch: s.epoch + 1, Body: m.snapshot(s)}
	if m.Bugs.Has(DropWhenSent) {
		s.status = Away
		s.clear(m.empty())
	}
	return r
}

// Activate serves a shard that was handed over, if the group has never had that epoch or a later one. Otherwise this is an
// old command.
func (m *Machine) Activate(s *shard, c Command) Result {
	if c.Epoch <= s.epoch && !m.Bugs.Has(ActivateAgain) {
		return Result{Outcome: Already, Epoch: s.epoch}
	}
	arrived := &shard{status: Serving, epoch: c.Epoch, content: m.empty()}
	if err := arrived.restore(c.Body); err != nil {
		return Result{Outcome: Invalid, Body: err.Error()}
	}
	m.shards[c.Shard] = arrived
	return Result{Outcome: Done, Epoch: c.Epoch}
}

// Drop forgets a frozen shard that has arrived.
func (m *Machine) Drop(s *shard, c Command) Result {
	if s.status != Frozen || c.Epoch != s.epoch+1 {
		return Result{Outcome: Already, Epoch: s.epoch}
	}
	s.status = Away
	s.clear(m.empty())
	return Result{Outcome: Done, Epoch: s.epoch}
}

// Publish brings the map up to date.
func (m *Machine) Publish(c Command) Result {
	if p := m.places[c.Shard]; c.Epoch <= p.Epoch {
		return Result{Outcome: Already, Group: p.Group, Epoch: p.Epoch}
	}
	m.places[c.Shard] = Place{c.Group, c.Epoch}
	return Result{Outcome: Done, Group: c.Group, Epoch: c.Epoch}
}

// Status tells what a shard is to the group, and the last epoch in which the group had it.
func (m *Machine) Status(name string) (Status, uint64) {
	s := m.shard(name)
	return s.status, s.epoch
}

// Content gives what the group holds of a shard.
func (m *Machine) Content(name string) Content { return m.shard(name).content }

// snapshot gives what a shard holds, with the requests that it has performed.
func (m *Machine) snapshot(s *shard) string {
	var b strings.Builder
	clients := slices.Sorted(maps.Keys(s.sessions))
	if m.Bugs.Has(SessionsLeftBehind) {
		clients = nil
	}
	fmt.Fprintf(&b, "%d\n", len(clients))
	for _, name := range clients {
		fmt.Fprintf(&b, "%q %d %q\n", name, s.sessions[name].number, s.sessions[name].result)
	}
	return b.String() + s.content.Snapshot()
}

func (s *shard) restore(text string) error {
	row, rest, _ := strings.Cut(text, "\n")
	w := line.New(row)
	s.sessions = map[string]session{}
	for n := w.Number(); n > 0 && !w.Failed(); n-- {
		row, rest, _ = strings.Cut(rest, "\n")
		w.Next(row)
		name := w.Quoted()
		s.sessions[name] = session{w.Number(), w.Quoted()}
	}
	if w.Failed() {
		return fmt.Errorf("shard: a hand-over has the line %.80q", row)
	}
	return s.content.Restore(rest)
}

// Snapshot gives the whole state as text.
func (m *Machine) Snapshot() string {
	var b strings.Builder
	bugs := m.Bugs
	m.Bugs &^= SessionsLeftBehind // that is a bug of hand-overs
	fmt.Fprintf(&b, "%d %d\n", len(m.shards), len(m.places))
	for _, name := range slices.Sorted(maps.Keys(m.shards)) {
		s := m.shards[name]
		fmt.Fprintf(&b, "%q %s %d %q %q\n", name, s.status, s.epoch, s.heir, m.snapshot(s))
	}
	for _, name := range slices.Sorted(maps.Keys(m.places)) {
		fmt.Fprintf(&b, "%q %q %d\n", name, m.places[name].Group, m.places[name].Epoch)
	}
	m.Bugs = bugs
	return b.String()
}

// Restore takes over what Snapshot gave. After an error the machine is of no use.
func (m *Machine) Restore(snapshot string) error {
	row, rest, _ := strings.Cut(snapshot, "\n")
	w := line.New(row)
	shards, places := w.Number(), w.Number()
	m.shards, m.places = map[string]*shard{}, map[string]Place{}
	for ; shards > 0 && !w.Failed(); shards-- {
		row, rest, _ = strings.Cut(rest, "\n")
		w.Next(row)
		name := w.Quoted()
		s := &shard{status: Status(w.Word()), epoch: w.Number(), heir: w.Quoted(), content: m.empty()}
		if s.status != Away && s.status != Serving && s.status != Frozen {
			w.Fail()
		}
		if err := s.restore(w.Quoted()); err != nil {
			return err
		}
		m.shards[name] = s
	}
	for ; places > 0 && !w.Failed(); places-- {
		row, rest, _ = strings.Cut(rest, "\n")
		w.Next(row)
		name := w.Quoted()
		m.places[name] = Place{w.Quoted(), w.Number()}
	}
	if w.Failed() {
		return fmt.Errorf("shard: a snapshot has the line %.80q", row)
	}
	return nil
}
