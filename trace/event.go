// Events and headers: what a line of a trace says.

// Package trace records what the nodes of a distributed system did, one line of JSON for each step, so that a
// checker can replay the steps on a specification. It knows no protocol: an action is a name, its arguments and
// the variables it left behind are values in ITF's JSON encoding. docs/trace.md describes the format.
//
// A node numbers its steps with a Clock and writes them with a Writer, a batch at a time, before the messages of
// those steps leave. ReadFile reads a node's file back; Merge puts the files of all nodes in one causal order.
package trace

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is the version of the trace format that this package writes where a header has forms; without forms it is 1. Both
// are read.
const Version = 2

// ID names an event: the node, its run (1 for the first start, one more after each restart) and the event's
// place in that run, counted from 1. The zero ID is no event.
type ID struct {
	Node string
	Run  uint64
	Seq  uint64
}

// IsZero reports whether id names no event.
func (id ID) IsZero() bool { return id == ID{} }

// String gives node/run/seq, the form in which traces and messages carry an ID.
func (id ID) String() string { return string(id.append(nil)) }

func (id ID) append(b []byte) []byte {
	b = append(b, id.Node...)
	b = append(b, '/')
	b = strconv.AppendUint(b, id.Run, 10)
	b = append(b, '/')
	return strconv.AppendUint(b, id.Seq, 10)
}

// ParseID reads what ID.String wrote.
func ParseID(s string) (ID, error) {
	j := strings.LastIndexByte(s, '/')
	if j > 0 {
		if i := strings.LastIndexByte(s[:j], '/'); i > 0 {
			run, err1 := strconv.ParseUint(s[i+1:j], 10, 64)
			seq, err2 := strconv.ParseUint(s[j+1:], 10, 64)
			if err1 == nil && err2 == nil && run > 0 && seq > 0 {
				return ID{s[:i], run, seq}, nil
			}
		}
	}
	return ID{}, fmt.Errorf("%q is not an event's id (node/run/sequence number)", s)
}

// Field is a name and a value. JSON is the value in ITF's JSON encoding, exactly as it stands in the trace.
type Field struct {
	Name string
	JSON string
}

// Fields are named values in the order in which they were written.
type Fields []Field

// Get returns the value of the field called name.
func (f Fields) Get(name string) (json string, ok bool) {
	for _, x := range f {
		if x.Name == name {
			return x.JSON, true
		}
	}
	return "", false
}

// Event is one step of one node: one action of the specification, never half of one or two.
type Event struct {
	ID
	Clock    uint64 // the node's Lamport clock at the step
	Instance string // the key or group whose behaviour the step belongs to; "" where there is one only
	Action   string // the action's name in the specification
	Args     Fields // the action's parameters by name
	Vars     Fields // variables after the step, by path: "promised[a1]"
	Causes   []ID   // the events that sent the messages which this step consumed
	Restart  bool   // the node took the instance up again from its disk: hidden steps may have gone before
	Source   string // the place in the program, file:line

	Place Place // where the event was read from; not part of the trace
}

// Header opens each run of a node.
type Header struct {
	Spec        string   // the specification's path below the folder of specifications
	Node        string   // the node that writes the file
	Run         uint64   // counted from 1
	Constants   Fields   // the specification's CONSTANTS
	ModelValues []string // strings in the trace that stand for model values
	Hidden      []string // actions of this node that a crash may have persisted without recording them
	Forms       []Form   // those of the events that are written in their short form

	Place Place
}

// Place is a line of a file.
type Place struct {
	File string
	Line int // counted from 1
}

// String gives file:line; "" for an event that was read from nowhere.
func (p Place) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Clock numbers the events of one run of a node and keeps its Lamport clock.
// It is not safe for concurrent use: a node's steps have an order, and whoever decides it owns the Clock.
type Clock struct {
	Node string
	Run  uint64
	seq  uint64
	time uint64
}

// NewClock gives the clock of a run. time is the Lamport time to go on from: 0, or the last one of the run before.
func NewClock(node string, run, time uint64) *Clock {
	return &Clock{Node: node, Run: run, time: time}
}

// Now gives the time of the last event or message.
func (c *Clock) Now() uint64 { return c.time }

// Observe takes note of the clock that a received message carries.
func (c *Clock) Observe(time uint64) { c.time = max(c.time, time) }

// Stamp gives the event the next sequence number and Lamport time of its node.
func (c *Clock) Stamp(e *Event) {
	c.seq++
	c.time++
	e.ID = ID{c.Node, c.Run, c.seq}
	e.Clock = c.time
}
