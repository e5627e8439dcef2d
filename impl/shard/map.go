// The map: where each shard is, and where it is to be.

package shard

import (
	"fmt"
	"strings"

	"synod/impl/line"
)

// Map is what the map says of all shards, in their order. It is cut into ranges: shards that follow each other and are to
// be at one group. A range is no more than what an operator wants: each of its shards moves by itself, and so to cut it in
// two changes no shard.
type Map []Entry

// Entry is what the map says of a shard.
type Entry struct {
	Shard string
	Place
	Wanted string // where the range is to be that begins with this shard; "" is none that does
}

// String gives the form that ParseMap reads: a line for each shard.
func (p Map) String() string {
	var b strings.Builder
	for _, e := range p {
		fmt.Fprintf(&b, "%q %q %d %q\n", e.Shard, e.Group, e.Epoch, e.Wanted)
	}
	return b.String()
}

// ParseMap reads what String wrote.
func ParseMap(text string) (Map, error) {
	var p Map
	for row := range strings.Lines(text) {
		w := line.New(strings.TrimSuffix(row, "\n"))
		e := Entry{Shard: w.Quoted(), Place: Place{w.Quoted(), w.Number()}, Wanted: w.Quoted()}
		if !w.Done() {
			return nil, fmt.Errorf("shard: a map has the line %.80q", row)
		}
		p = append(p, e)
	}
	if len(p) == 0 || p[0].Wanted == "" {
		return nil, fmt.Errorf("shard: %.80q is no map", text)
	}
	return p, nil
}

// Range is a range of the map.
type Range struct {
	Wanted string // the group that is to have it
	Shards Map
}

// Ranges gives the ranges in their order.
func (p Map) Ranges() (ranges []Range) {
	for i, e := range p {
		if e.Wanted != "" {
			ranges = append(ranges, Range{Wanted: e.Wanted})
		}
		if n := len(ranges); n > 0 {
			ranges[n-1].Shards = append(ranges[n-1].Shards, p[i])
		}
	}
	return ranges
}

// First is the shard by which the range is called.
func (r Range) First() string { return r.Shards[0].Shard }

// Away counts the shards that are not where they should be.
func (r Range) Away() (n int) {
	for _, e := range r.Shards {
		if e.Group != r.Wanted {
			n++
		}
	}
	return n
}

// plan gives the map as this machine has it.
func (m *Machine) plan() Map {
	p := make(Map, 0, len(m.names))
	for _, name := range m.names {
		p = append(p, Entry{name, m.places[name], m.ranges[name]})
	}
	return p
}

// keep takes a map over.
func (m *Machine) keep(p Map) {
	m.names, m.places, m.ranges = nil, map[string]Place{}, map[string]string{}
	for _, e := range p {
		m.names = append(m.names, e.Shard)
		m.places[e.Shard] = e.Place
		if e.Wanted != "" {
			m.ranges[e.Shard] = e.Wanted
		}
	}
}

// look tells what the map says.
func (m *Machine) look(c Command) Result {
	switch c.Kind {
	case Chart:
		return Result{Outcome: Done, Body: m.plan().String()}
	case Holdings:
		return Result{Outcome: Done, Body: m.holdings()}
	}
	p := m.places[c.Shard]
	return Result{Outcome: Done, Group: p.Group, Epoch: p.Epoch}
}

// Holding is a shard that a group serves, or has frozen.
type Holding struct {
	Shard  string
	Status Status
	Heir   string // of a frozen one
}

func (m *Machine) holdings() string {
	var b strings.Builder
	for _, name := range m.names {
		if s := m.shards[name]; s != nil && s.status != Away {
			fmt.Fprintf(&b, "%q %s %q\n", name, s.status, s.heir)
		}
	}
	return b.String()
}

// ParseHoldings reads the answer to Holdings.
func ParseHoldings(text string) (all []Holding, err error) {
	for row := range strings.Lines(text) {
		w := line.New(strings.TrimSuffix(row, "\n"))
		h := Holding{w.Quoted(), Status(w.Word()), w.Quoted()}
		if !w.Done() {
			return nil, fmt.Errorf("shard: holdings have the line %.80q", row)
		}
		all = append(all, h)
	}
	return all, nil
}

// split has a range begin with a shard. Both parts of the one that it was in stay where they were to be.
func (m *Machine) split(c Command) Result {
	if wanted := m.ranges[c.Shard]; wanted != "" {
		return Result{Outcome: Already, Group: wanted}
	}
	wanted := m.before(c.Shard)
	m.ranges[c.Shard] = wanted
	return Result{Outcome: Done, Group: wanted}
}

// before is where the range is to be that ends before a shard, or holds it if none begins with it; "" for the first.
func (m *Machine) before(shard string) (wanted string) {
	for _, name := range m.names {
		if name == shard {
			break
		}
		if m.ranges[name] != "" {
			wanted = m.ranges[name]
		}
	}
	return wanted
}

// merge makes one of two ranges that are to be at the same group: the one that begins with a shard, and the one before it.
func (m *Machine) merge(c Command) Result {
	wanted, before := m.ranges[c.Shard], m.before(c.Shard)
	switch {
	case before == "":
		return Result{Outcome: Invalid, Body: fmt.Sprintf("shard: there is no range before %s", c.Shard)}
	case wanted == "":
		return Result{Outcome: Already, Group: before}
	case wanted != before:
		return Result{Outcome: Invalid, Body: fmt.Sprintf("shard: the range is to be at %s, and the one before it at %s", wanted, before)}
	}
	delete(m.ranges, c.Shard)
	return Result{Outcome: Done, Group: wanted}
}

// assign says where the range is to be that begins with a shard.
func (m *Machine) assign(c Command) Result {
	switch {
	case m.ranges[c.Shard] == "":
		return Result{Outcome: Invalid, Body: fmt.Sprintf("shard: no range begins with %s", c.Shard)}
	case c.Group == "":
		return Result{Outcome: Invalid, Body: "shard: which group?"}
	}
	m.ranges[c.Shard] = c.Group
	return Result{Outcome: Done, Group: c.Group}
}
