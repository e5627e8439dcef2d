// Merging: the files of all nodes in one causal order.

package trace

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"
)

// Headers are those of all files, in their order.
func Headers(files []*File) (headers []Header) {
	for _, f := range files {
		headers = append(headers, f.Headers...)
	}
	return headers
}

// Merge puts the events of all files in one order in which each node's events keep theirs and every event stands
// behind its causes. Of the orders possible it takes the one with the smallest Lamport time, then node, first.
// A cause that no file has, and causes in a circle, are an *Error.
func Merge(files []*File) ([]Event, error) {
	m := merger{nodes: map[string]*nodeEvents{}}
	for _, f := range files {
		for i := range f.Events {
			if err := m.add(&f.Events[i]); err != nil {
				return nil, err
			}
		}
	}
	if err := m.link(); err != nil {
		return nil, err
	}
	return m.sort()
}

// merger holds a graph: an edge from each event to those that must come after it.
type merger struct {
	events []*Event
	nodes  map[string]*nodeEvents
	after  []int32 // by event: the first of its edges, -1 for none
	edges  []edge
	needs  []int32 // how many events must still come before
	ready  []int   // a heap of events that need no other
}

// nodeEvents are one node's.
type nodeEvents struct {
	list []int            // in order
	at   map[position]int // by run and sequence number
}

type position struct{ run, seq uint64 }

// edge leads to an event that must come after another, and to the next such edge.
type edge struct{ to, next int32 }

func (m *merger) add(e *Event) error {
	n := m.nodes[e.Node]
	if n == nil {
		n = &nodeEvents{at: map[position]int{}}
		m.nodes[e.Node] = n
	}
	p := position{e.Run, e.Seq}
	if other, twice := n.at[p]; twice {
		return &Error{Place: e.Place, Msg: fmt.Sprintf("event %s stands at %s too", e.ID, m.events[other].Place)}
	}
	n.at[p] = len(m.events)
	n.list = append(n.list, len(m.events))
	m.events = append(m.events, e)
	return nil
}

// find is the place of the event of that name.
func (m *merger) find(id ID) (at int, known bool) {
	if n := m.nodes[id.Node]; n != nil {
		at, known = n.at[position{id.Run, id.Seq}]
	}
	return at, known
}

// link draws the edges: each node's order, and the causes.
func (m *merger) link() error {
	m.after = make([]int32, len(m.events))
	m.needs = make([]int32, len(m.events))
	m.edges = make([]edge, 0, 2*len(m.events))
	for i := range m.after {
		m.after[i] = -1
	}
	for _, n := range m.nodes {
		order := func(i, j int) int {
			a, b := m.events[i], m.events[j]
			return cmp.Or(cmp.Compare(a.Run, b.Run), cmp.Compare(a.Seq, b.Seq))
		}
		if !slices.IsSortedFunc(n.list, order) {
			slices.SortFunc(n.list, order)
		}
		for k := 1; k < len(n.list); k++ {
			m.edge(n.list[k-1], n.list[k])
		}
	}
	for i, e := range m.events {
		for _, id := range e.Causes {
			cause, known := m.find(id)
			if !known {
				return &Error{Place: e.Place, Msg: fmt.Sprintf("event %s is caused by %s, which no trace has", e.ID, id)}
			}
			m.edge(cause, i)
		}
	}
	return nil
}

func (m *merger) edge(from, to int) {
	m.edges = append(m.edges, edge{int32(to), m.after[from]})
	m.after[from] = int32(len(m.edges) - 1)
	m.needs[to]++
}

func (m *merger) sort() ([]Event, error) {
	for i, n := range m.needs {
		if n == 0 {
			m.ready = append(m.ready, i)
		}
	}
	heap.Init(m)
	out := make([]Event, 0, len(m.events))
	for len(m.ready) > 0 {
		i := heap.Pop(m).(int)
		out = append(out, *m.events[i])
		for k := m.after[i]; k >= 0; k = m.edges[k].next {
			to := m.edges[k].to
			if m.needs[to]--; m.needs[to] == 0 {
				heap.Push(m, int(to))
			}
		}
	}
	if len(out) < len(m.events) {
		return nil, m.circle()
	}
	return out, nil
}

// circle names the first event that its own causes depend on.
func (m *merger) circle() error {
	for i, n := range m.needs {
		if n > 0 {
			e := m.events[i]
			return &Error{Place: e.Place, Msg: fmt.Sprintf("event %s comes before one of its causes: the order is circular", e.ID)}
		}
	}
	panic("trace: no event is left, yet some are missing")
}

// The heap of container/heap over m.ready.

func (m *merger) Len() int { return len(m.ready) }
func (m *merger) Less(i, j int) bool {
	a, b := m.events[m.ready[i]], m.events[m.ready[j]]
	return cmp.Or(cmp.Compare(a.Clock, b.Clock), strings.Compare(a.Node, b.Node)) < 0
}
func (m *merger) Swap(i, j int) { m.ready[i], m.ready[j] = m.ready[j], m.ready[i] }
func (m *merger) Push(x any)    { m.ready = append(m.ready, x.(int)) }
func (m *merger) Pop() any {
	last := m.ready[len(m.ready)-1]
	m.ready = m.ready[:len(m.ready)-1]
	return last
}
