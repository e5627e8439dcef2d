// The machine of a group: which shards it serves, and the map, if it keeps that.

package shard

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"synod/impl/line"
	"synod/impl/step"
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
	step.Counter
	Group  string
	Bugs   Bugs
	empty  func() Content
	names  []string // of the shards, in their order
	shards map[string]*shard
	places map[string]Place
	ranges map[string]string // by the first shard of a range: the group that is to have it
}

// Place is what the map says of a shard.
type Place struct {
	Group string
	Epoch uint64
}

// shard is what a group knows of a shard.
type shard struct {
	status   Status
	epoch    uint64     // the last in which the group had it
	heir     string     // of a frozen shard, or of one that was dropped
	arrival  step.Cause // when the group got it last
	content  Content
	changes  uint64 // how many were made, in all groups
	sessions map[string]session
}

// session is what is known of a client: its last request, the result, and when that was, counted in changes.
type session struct {
	number uint64
	result string
	at     uint64
}

// maxSessions is how many clients a shard knows at most. It forgets the one that has not asked for longest.
const maxSessions = 1 << 10

// New makes the machine of a group. The shards begin with the group first; empty makes the content of a new one.
func New(group, first string, shards []string, empty func() Content) *Machine {
	m := &Machine{Counter: step.Counter{Node: group}, Group: group, empty: empty, names: shards, shards: map[string]*shard{}, places: map[string]Place{}}
	m.ranges = map[string]string{shards[0]: first}
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

func (s *shard) clear(c Content) { s.content, s.changes, s.sessions = c, 0, map[string]session{} }

// Apply performs a command, or those of a bundle.
func (m *Machine) Apply(command string) string {
	if commands, ok := Unbundle(command); ok {
		results, _ := each(commands, func(one string) (string, bool) { return m.apply(one), true })
		return results
	}
	return m.apply(command)
}

func (m *Machine) apply(command string) string {
	c, err := Parse(command)
	if err != nil {
		return Result{Outcome: Invalid, Body: err.Error()}.String()
	}
	return m.perform(c).String()
}

func (m *Machine) perform(c Command) Result {
	if _, known := m.places[c.Shard]; !known && c.Kind != Chart && c.Kind != Holdings {
		return Result{Outcome: Invalid, Body: fmt.Sprintf("shard: there is no shard %.40q", c.Shard)}
	}
	if c.Kind.Reads() {
		return m.look(c)
	}
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
	case Split:
		return m.split(c)
	case Merge:
		return m.merge(c)
	}
	return m.assign(c)
}

// Read answers commands that change nothing from the state as it is: those for the map, and requests that the shard's
// content can answer so. It answers a bundle of such commands.
func (m *Machine) Read(command string) (result string, ok bool) {
	if commands, ok := Unbundle(command); ok {
		return each(commands, m.read)
	}
	return m.read(command)
}

func (m *Machine) read(command string) (result string, ok bool) {
	c, err := Parse(command)
	if err != nil {
		return "", false
	}
	if c.Kind.Reads() {
		return m.perform(c).String(), true
	}
	s := m.shards[c.Shard]
	if c.Kind != Serve || c.Client != "" || s == nil {
		return "", false
	}
	if !m.serves(s) {
		return s.elsewhere().String(), true
	}
	reader, ok := s.content.(interface {
		Read(command string) (result string, ok bool)
	})
	if !ok {
		return "", false
	}
	body, ok := reader.Read(c.Body)
	return Result{Outcome: Done, Body: body}.String(), ok
}

func (m *Machine) serves(s *shard) bool {
	return s.status == Serving || m.Bugs.Has(ServeFrozen) && s.status == Frozen
}

func (s *shard) elsewhere() Result { return Result{Outcome: Elsewhere, Group: s.heir, Epoch: s.epoch} }

// Serve performs a client's request, once, if the group serves the shard.
func (m *Machine) Serve(s *shard, c Command) Result {
	if !m.serves(s) {
		return s.elsewhere()
	}
	if x := s.sessions[c.Client]; c.Client != "" && c.Number <= x.number {
		return Result{Outcome: Already, Body: x.result}
	}
	s.changes++
	r := Result{Outcome: Done, Body: s.content.Apply(c.Body)}
	if c.Client != "" {
		s.note(c.Client, session{c.Number, r.Body, s.changes})
	}
	m.served(c, s)
	return r
}

// note takes down what a client was told.
func (s *shard) note(client string, x session) {
	s.sessions[client] = x
	if len(s.sessions) > maxSessions {
		oldest := slices.MinFunc(slices.Collect(maps.Keys(s.sessions)), func(a, b string) int {
			return cmp.Compare(s.sessions[a].at, s.sessions[b].at)
		})
		delete(s.sessions, oldest)
	}
}

// Freeze stops to serve a shard, for another group to have it.
func (m *Machine) Freeze(s *shard, c Command) Result {
	switch {
	case s.status == Frozen:
		return Result{Outcome: Already, Group: s.heir, Epoch: s.epoch + 1}
	case s.status == Away:
		return s.elsewhere()
	case c.Group == m.Group:
		return Result{Outcome: Invalid, Body: "shard: a group does not move a shard to itself"}
	}
	s.heir = c.Group
	if !m.Bugs.Has(HandOverUnfrozen) {
		s.status = Frozen
	}
	cause := m.step(c, "Freeze", s, step.Word("g", m.Group), step.Word("h", s.heir))
	return Result{Outcome: Done, Group: s.heir, Epoch: s.epoch + 1, Cause: cause}
}

// HandOver gives a frozen shard, under the next epoch. It may be asked for again until the shard has arrived.
func (m *Machine) HandOver(s *shard, c Command) Result {
	if s.status != Frozen && !(m.Bugs.Has(HandOverUnfrozen) && s.status == Serving) {
		return s.elsewhere()
	}
	r := Result{Outcome: Done, Group: s.heir, Epoch: s.epoch + 1, Body: m.snapshot(s)}
	if m.Bugs.Has(DropWhenSent) {
		s.status = Away
		s.clear(m.empty())
	}
	r.Cause = m.step(c, "HandOver", s, step.Word("g", m.Group))
	return r
}

// Activate serves a shard that was handed over, if the group has never had that epoch or a later one. Otherwise this is an
// old command.
func (m *Machine) Activate(s *shard, c Command) Result {
	if c.Epoch <= s.epoch && !m.Bugs.Has(ActivateAgain) {
		return Result{Outcome: Already, Epoch: s.epoch, Cause: s.arrival}
	}
	arrived := &shard{status: Serving, epoch: c.Epoch, content: m.empty()}
	if err := arrived.restore(c.Body); err != nil {
		return Result{Outcome: Invalid, Body: err.Error()}
	}
	m.shards[c.Shard] = arrived
	arrived.arrival = m.step(c, "Activate", arrived, step.Word("h", m.Group), step.Natural("e", c.Epoch))
	return Result{Outcome: Done, Epoch: c.Epoch, Cause: arrived.arrival}
}

// Drop forgets a frozen shard that has arrived.
func (m *Machine) Drop(s *shard, c Command) Result {
	if s.status != Frozen || c.Epoch != s.epoch+1 {
		return Result{Outcome: Already, Epoch: s.epoch}
	}
	s.status = Away
	s.clear(m.empty())
	cause := m.step(c, "Drop", s, step.Word("g", m.Group))
	return Result{Outcome: Done, Epoch: s.epoch, Cause: cause}
}

// Publish brings the map up to date.
func (m *Machine) Publish(c Command) Result {
	if p := m.places[c.Shard]; c.Epoch <= p.Epoch {
		return Result{Outcome: Already, Group: p.Group, Epoch: p.Epoch}
	}
	m.places[c.Shard] = Place{c.Group, c.Epoch}
	cause := m.step(c, "Publish", nil, step.Word("g", c.Group), step.Natural("e", c.Epoch))
	return Result{Outcome: Done, Group: c.Group, Epoch: c.Epoch, Cause: cause}
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
	fmt.Fprintf(&b, "%d %d\n", s.changes, len(clients))
	for _, name := range clients {
		x := s.sessions[name]
		fmt.Fprintf(&b, "%q %d %d %q\n", name, x.number, x.at, x.result)
	}
	return b.String() + s.content.Snapshot()
}

func (s *shard) restore(text string) error {
	row, rest, _ := strings.Cut(text, "\n")
	w := line.New(row)
	s.changes, s.sessions = w.Number(), map[string]session{}
	for n := w.Number(); n > 0 && !w.Failed(); n-- {
		row, rest, _ = strings.Cut(rest, "\n")
		w.Next(row)
		name := w.Quoted()
		x := session{number: w.Number(), at: w.Number()}
		x.result = w.Quoted()
		s.sessions[name] = x
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
	fmt.Fprintf(&b, "%d %d %d\n", len(m.shards), m.Count, m.Clock)
	for _, name := range slices.Sorted(maps.Keys(m.shards)) {
		s := m.shards[name]
		fmt.Fprintf(&b, "%q %s %d %q %q %d %q\n",
			name, s.status, s.epoch, s.heir, s.arrival.Step, s.arrival.Clock, m.snapshot(s))
	}
	m.Bugs = bugs
	return b.String() + m.plan().String()
}

// Restore takes over what Snapshot gave. After an error the machine is of no use.
func (m *Machine) Restore(snapshot string) error {
	row, rest, _ := strings.Cut(snapshot, "\n")
	w := line.New(row)
	shards := w.Number()
	m.Count, m.Clock, m.shards = w.Number(), w.Number(), map[string]*shard{}
	for ; shards > 0 && !w.Failed(); shards-- {
		row, rest, _ = strings.Cut(rest, "\n")
		w.Next(row)
		name := w.Quoted()
		s := &shard{status: Status(w.Word()), epoch: w.Number(), heir: w.Quoted(), content: m.empty()}
		s.arrival = step.Cause{Step: w.Quoted(), Clock: w.Number()}
		if s.status != Away && s.status != Serving && s.status != Frozen {
			w.Fail()
		}
		if err := s.restore(w.Quoted()); err != nil {
			return err
		}
		m.shards[name] = s
	}
	if w.Failed() {
		return fmt.Errorf("shard: a snapshot has the line %.80q", row)
	}
	plan, err := ParseMap(rest)
	if err != nil {
		return err
	}
	m.keep(plan)
	return nil
}
