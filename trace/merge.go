// Merging: the files of all nodes in one causal order.

package trace

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"
)

// Merge puts the events of all files in one order in which each node's events keep theirs and every event stands
// behind its causes. Of the orders possible it takes the one with the smallest Lamport time, then node, first.
// A cause that no file has, and causes in a circle, are an *Error.
func Merge(files []*File) ([]Event, error) {
	m := merger{at: map[ID]int{}}
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
	at     map[ID]int
	after  [][]int
	needs  []int // how many events must still come before
	ready  []int // a heap of events that need no other
}

func (m *merger) add(e *Event) error {
	if other, twice := m.at[e.ID]; twice {
		return &Error{Place: e.Place, Msg: fmt.Sprintf("event %s stands at %s too", e.ID, m.events[other].Place)}
	}
	m.at[e.ID] = len(m.events)
	m.events = append(m.events, e)
	return nil
}

// link draws the edges: each node's order, and the causes.
func (m *merger) link() error {
	m.after = make([][]int, len(m.events))
	m.needs = make([]int, len(m.events))
	edge := func(from, to int) {
		m.after[from] = append(m.after[from], to)
		m.needs[to]++
	}
	order := make([]int, len(m.events))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := m.events[i].ID, m.events[j].ID
		return cmp.Or(strings.Compare(a.Node, b.Node), cmp.Compare(a.Run, b.Run), cmp.Compare(a.Seq, b.Seq))
	})
	for k := 1; k < len(order); k++ {
		if m.events[order[k-1]].Node == m.events[order[k]].Node {
			edge(order[k-1], order[k])
		}
	}
	for i, e := range m.events {
		for _, id := range e.Causes {
			cause, known := m.at[id]
			if !known {
				return &Error{Place: e.Place, Msg: fmt.Sprintf("event %s is caused by %s, which no trace has", e.ID, id)}
			}
			edge(cause, i)
		}
	}
	return nil
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
		for _, j := range m.after[i] {
			if m.needs[j]--; m.needs[j] == 0 {
				heap.Push(m, j)
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
