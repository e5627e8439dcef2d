// Twins: a trace that conforms, made wrong in one place, perhaps.

package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"golang.org/x/tools/txtar"

	"synod/impl/sim"
	"synod/trace"
)

// twin is a corrupted trace as the nodes' files would be. Its events stand in the order in which a merged file has
// them.
type twin struct {
	base   *base
	kind   string
	events []trace.Event
}

// kinds are the ways to corrupt a trace. Each changes the events in place or gives a changed list, nil where the trace
// has nothing to change in this way.
var kinds = []struct {
	name    string
	corrupt func(c *corruption) []trace.Event
}{
	{"drop", (*corruption).drop},
	{"duplicate", (*corruption).duplicate},
	{"swap", (*corruption).swap},
	{"delay", (*corruption).delay},
	{"argument", func(c *corruption) []trace.Event { return c.alter(c.any(), true) }},
	{"variable", func(c *corruption) []trace.Event { return c.alter(c.any(), false) }},
	{"cause", (*corruption).cause},
	{"last line", func(c *corruption) []trace.Event { return c.alter(len(c.events)-1, c.IntN(2) == 0) }},
	{"middle", (*corruption).middle},
	{"before cause", (*corruption).beforeCause},
	{"forget", (*corruption).forget},
}

// itself is the kind of a base that nothing was done to. Both judges must find it legal.
const itself = "itself"

// corruption is one change under way.
type corruption struct {
	*rand.Rand
	base   *base
	events []trace.Event // the base's, cloned
}

// newTwin corrupts a base. The same seed gives the same twin. Sequence numbers are mostly counted anew, so that the
// change must be noticed by what the events say.
func newTwin(b *base, seed uint64) twin {
	random := rand.New(rand.NewPCG(seed, 0x7477))
	for {
		kind := kinds[random.IntN(len(kinds))]
		c := &corruption{random, b, slices.Clone(b.events)}
		if events := kind.corrupt(c); len(events) > 0 {
			return twin{b, kind.name, renumber(events, random.IntN(8) > 0)}
		}
	}
}

func (c *corruption) any() int { return c.IntN(len(c.events)) }

func (c *corruption) drop() []trace.Event {
	i := c.any()
	return c.cut(i, i+1)
}

// cut leaves events out, and mostly the mention of them as causes too: otherwise it is enough to read the trace.
func (c *corruption) cut(from, to int) []trace.Event {
	c.events = slices.Delete(c.events, from, to)
	if c.IntN(4) > 0 {
		known(c.events)
	}
	return c.events
}

func (c *corruption) duplicate() []trace.Event {
	i := c.any()
	return slices.Insert(c.events, i+1, c.events[i])
}

// swap exchanges two events of one node that follow each other there.
func (c *corruption) swap() []trace.Event {
	i := c.any()
	for j := i + 1; j < len(c.events); j++ {
		if c.events[j].Node == c.events[i].Node {
			c.events[i], c.events[j] = c.events[j], c.events[i]
			return c.events
		}
	}
	return nil
}

// delay moves an event to a later place, behind others of its node.
func (c *corruption) delay() []trace.Event {
	i := c.any()
	e := c.events[i]
	c.events = slices.Delete(c.events, i, i+1)
	return slices.Insert(c.events, i+c.IntN(len(c.events)-i+1), e)
}

// alter changes the value of one argument or variable of the i-th event to another that the same one has elsewhere, or
// to the next number.
func (c *corruption) alter(i int, argument bool) []trace.Event {
	e := &c.events[i]
	fields := &e.Vars
	if argument {
		fields = &e.Args
	}
	if len(*fields) == 0 {
		return nil
	}
	*fields = slices.Clone(*fields)
	f := &(*fields)[c.IntN(len(*fields))]
	var others []string
	for j := range c.events {
		from := c.events[j].Vars
		if argument {
			from = c.events[j].Args
		}
		if v, has := from.Get(f.Name); has && v != f.JSON && (!argument || c.events[j].Action == e.Action) {
			others = append(others, v)
		}
	}
	if n, err := strconv.Atoi(f.JSON); err == nil {
		others = append(others, strconv.Itoa(n+1))
	}
	if len(others) == 0 {
		return nil
	}
	f.JSON = others[c.IntN(len(others))]
	return c.events
}

// cause drops a cause, adds one or names another.
func (c *corruption) cause() []trace.Event {
	e := &c.events[c.any()]
	other := c.events[c.any()].ID
	e.Causes = slices.Clone(e.Causes)
	switch n := len(e.Causes); {
	case n == 0:
		e.Causes = []trace.ID{other}
	case c.IntN(2) == 0:
		e.Causes = e.Causes[:n-1]
	default:
		e.Causes[c.IntN(n)] = other
	}
	return c.events
}

// middle cuts some events out.
func (c *corruption) middle() []trace.Event {
	n := len(c.events)
	if n < 4 {
		return nil
	}
	from := 1 + c.IntN(n-3)
	return c.cut(from, min(from+2+c.IntN(n/3+1), n-1))
}

// beforeCause moves an event to before one of its causes.
func (c *corruption) beforeCause() []trace.Event {
	i := c.any()
	e := c.events[i]
	if len(e.Causes) == 0 {
		return nil
	}
	cause := e.Causes[c.IntN(len(e.Causes))]
	at := slices.IndexFunc(c.events, func(x trace.Event) bool { return x.ID == cause })
	if at < 0 || at > i {
		return nil
	}
	return slices.Insert(slices.Delete(c.events, i, i+1), at, e)
}

// forget leaves out a variable, or an argument that can be searched for. That is a weaker trace, and no wrong one.
func (c *corruption) forget() []trace.Event {
	e := &c.events[c.any()]
	if n := len(e.Args); n > 0 && c.IntN(2) == 0 {
		i := c.IntN(n)
		if !c.base.spec.forgettable(e.Args[i].Name) {
			return nil
		}
		e.Args = slices.Delete(slices.Clone(e.Args), i, i+1)
		return c.events
	}
	if n := len(e.Vars); n > 0 {
		i := c.IntN(n)
		e.Vars = slices.Delete(slices.Clone(e.Vars), i, i+1)
		return c.events
	}
	return nil
}

// renumber gives the events clocks in their order and, if anew, sequence numbers without gaps. Causes follow their
// events; one that is gone is still named.
func renumber(events []trace.Event, anew bool) []trace.Event {
	type run struct {
		node string
		run  uint64
	}
	last := map[run]uint64{}
	ids := map[trace.ID]trace.ID{}
	for i := range events {
		e := &events[i]
		e.Clock = uint64(i + 1)
		r := run{e.Node, e.Run}
		last[r]++
		id := trace.ID{Node: e.Node, Run: e.Run, Seq: last[r]}
		if _, twice := ids[e.ID]; !twice {
			ids[e.ID] = id
		}
		if anew {
			e.ID = id
		}
	}
	for i := range events {
		e := &events[i]
		e.Causes = slices.Clone(e.Causes)
		for k, c := range e.Causes {
			if id, kept := ids[c]; kept && anew {
				e.Causes[k] = id
			} else if !kept {
				e.Causes[k].Seq += 1_000_000
			}
		}
	}
	return events
}

// files splits the events into the nodes' files, in the order of the headers. Where an event stands in its file says
// in which run it was taken.
func (t *twin) files() []*trace.File {
	var files []*trace.File
	at := map[string]*trace.File{}
	for _, h := range t.base.headers {
		if at[h.Node] == nil {
			at[h.Node] = &trace.File{Name: h.Node + ".ndjson"}
			files = append(files, at[h.Node])
		}
		at[h.Node].Headers = append(at[h.Node].Headers, h)
	}
	for _, e := range t.events {
		f := at[e.Node]
		f.Events = append(f.Events, e)
	}
	for _, f := range files {
		slices.SortStableFunc(f.Events, func(a, b trace.Event) int { return int(a.Run) - int(b.Run) })
	}
	return files
}

// texts are the nodes' files as they are written.
func (t *twin) texts() []txtar.File {
	var texts []txtar.File
	for _, f := range t.files() {
		texts = append(texts, txtar.File{Name: f.Name, Data: sim.Lines(f)})
	}
	return texts
}

// String names the twin.
func (t *twin) String() string {
	return fmt.Sprintf("%s, %s, %d events", t.base.name, t.kind, len(t.events))
}
