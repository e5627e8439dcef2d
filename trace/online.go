// Merging while the traces are being written.

package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Online merges streams of events as they arrive: it holds an event back until everything that came before it has been
// given, and then gives it. The order is a causal one, as Merge's: each node's events keep theirs, and every event stands
// behind its causes. Unlike Merge it cannot wait for all files to end, so among events that no cause connects it takes the
// smallest clock, then node, of those that are there; an event waits until every node has shown a later clock, or for
// Delay. One that arrives later still is given in its turn and counted by Late.
//
// The zero value is ready. A stream is a file or a connection; several may carry one node, one run after the other. It is
// not safe for concurrent use.
type Online struct {
	Delay time.Duration // how long an event waits for others with smaller clocks

	nodes map[string]*onlineNode
	order []*onlineNode // by name
	held  int
	late  int
	clock uint64 // the largest that was given
}

// onlineNode is a node's events that have not been given yet.
type onlineNode struct {
	name    string
	streams []onlineStream // the first is read, the others wait for its end
	given   ID             // the last event given; with Seq 0 the header
	ends    map[uint64]uint64
	clock   uint64 // of the last event that arrived
}

type onlineStream struct {
	id     int
	closed bool
	events []onlineEvent
}

type onlineEvent struct {
	*Event
	arrived time.Time
	ready   bool // its causes have been given
}

// Waiting is an event that is held back for a cause.
type Waiting struct {
	Event *Event
	Cause ID
	Since time.Time
}

// Held is how many events are held back.
func (o *Online) Held() int { return o.held }

// HeldOf is how many events of a stream are held back.
func (o *Online) HeldOf(stream int) (held int) {
	for _, n := range o.order {
		if s := n.stream(stream); s != nil {
			held += len(s.events)
		}
	}
	return held
}

// Late is how many events came after others with larger clocks, to which no cause connects them, had been given.
func (o *Online) Late() int { return o.late }

// Header takes note that a run of a node begins in a stream.
func (o *Online) Header(stream int, h *Header) error {
	if o.nodes == nil {
		o.nodes = map[string]*onlineNode{}
	}
	n := o.nodes[h.Node]
	if n == nil {
		n = &onlineNode{name: h.Node, ends: map[uint64]uint64{}}
		o.nodes[h.Node] = n
		at, _ := slices.BinarySearchFunc(o.order, n, func(a, b *onlineNode) int { return strings.Compare(a.name, b.name) })
		o.order = slices.Insert(o.order, at, n)
	}
	if n.stream(stream) == nil {
		n.streams = append(n.streams, onlineStream{id: stream})
	}
	return nil
}

func (n *onlineNode) stream(id int) *onlineStream {
	for i := range n.streams {
		if n.streams[i].id == id {
			return &n.streams[i]
		}
	}
	return nil
}

// Add takes an event of a stream, which keeps the node's order.
func (o *Online) Add(stream int, e *Event, now time.Time) error {
	n := o.nodes[e.Node]
	if n == nil || n.stream(stream) == nil {
		return &Error{Place: e.Place, Msg: fmt.Sprintf("an event of node %s stands before the node's header", e.Node)}
	}
	s := n.stream(stream)
	s.events = append(s.events, onlineEvent{Event: e, arrived: now})
	n.clock = max(n.clock, e.Clock)
	o.held++
	return nil
}

// Close takes note that a stream has ended.
func (o *Online) Close(stream int) {
	for _, n := range o.order {
		if s := n.stream(stream); s != nil {
			s.closed = true
		}
	}
}

// head is the next event of a node, nil where there is none now.
func (n *onlineNode) head() *onlineEvent {
	for len(n.streams) > 0 {
		s := &n.streams[0]
		if len(s.events) > 0 {
			return &s.events[0]
		}
		if !s.closed {
			return nil
		}
		n.streams = n.streams[1:]
	}
	return nil
}

// open reports whether more events of the node may come.
func (n *onlineNode) open() bool {
	return slices.ContainsFunc(n.streams, func(s onlineStream) bool { return !s.closed })
}

// Next gives the next event in order, nil where all are held back. Before caughtUp, while there is more to be read, no event
// is given only because it has waited long enough.
func (o *Online) Next(now time.Time, caughtUp bool) (*Event, error) {
	var best *onlineNode
	var first *onlineEvent
	for _, n := range o.order {
		e := n.head()
		if e == nil {
			continue
		}
		if !e.ready {
			missing, err := o.missing(n, e.Event)
			if err != nil {
				return nil, err
			}
			e.ready = missing.IsZero()
		}
		if e.ready && (first == nil || e.Clock < first.Clock) {
			best, first = n, e
		}
	}
	if best == nil || !o.due(first, now, caughtUp) {
		return nil, nil
	}
	e := first.Event
	best.give(e)
	if e.Clock < o.clock {
		o.late++
	}
	o.clock = max(o.clock, e.Clock)
	o.held--
	return e, nil
}

// give takes the node's first event off.
func (n *onlineNode) give(e *Event) {
	s := &n.streams[0]
	s.events[0] = onlineEvent{}
	s.events = s.events[1:]
	if n.given.Node != "" && e.Run != n.given.Run {
		n.ends[n.given.Run] = n.given.Seq
	}
	n.given = e.ID
}

// due reports whether an event may be given: every node that may still write has shown a later clock, or has had the time to.
func (o *Online) due(e *onlineEvent, now time.Time, caughtUp bool) bool {
	if caughtUp && now.Sub(e.arrived) >= o.Delay {
		return true
	}
	for _, n := range o.order {
		if n.clock < e.Clock && n.open() && n.head() == nil {
			return false
		}
	}
	return true
}

// missing is a cause of the event that has not been given yet, the zero ID where all have been. An event that does not
// follow the node's last one, and a cause that can never come, are an *Error.
func (o *Online) missing(n *onlineNode, e *Event) (ID, error) {
	if last := n.given; last.Node != "" && (e.Run < last.Run || e.Run == last.Run && e.Seq != last.Seq+1) {
		return ID{}, &Error{Place: e.Place, Msg: fmt.Sprintf("event %s does not follow event %s", e.ID, last)}
	}
	for _, id := range e.Causes {
		cause := o.nodes[id.Node]
		switch {
		case cause == nil:
			return id, nil
		case id.Run == cause.given.Run && id.Seq <= cause.given.Seq:
		case id.Run >= cause.given.Run:
			return id, nil
		default:
			if end, known := cause.ends[id.Run]; !known || id.Seq > end {
				return ID{}, &Error{Place: e.Place, Msg: fmt.Sprintf("event %s is caused by %s, which no trace has", e.ID, id)}
			}
		}
	}
	return ID{}, nil
}

// Waiting lists, for each node whose next event waits for a cause, that event.
func (o *Online) Waiting() []Waiting {
	var out []Waiting
	for _, n := range o.order {
		e := n.head()
		if e == nil {
			continue
		}
		if e.ready {
			continue
		}
		if id, err := o.missing(n, e.Event); err == nil && !id.IsZero() {
			out = append(out, Waiting{e.Event, id, e.arrived})
		}
	}
	return out
}
