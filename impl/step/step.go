// Steps: what replicated machines do, for those who write traces.

// Package step is how the machines of a replicated log tell what they do. All replicas of a machine come to the same
// steps, under the same numbers, also after a restart and over snapshots: the count is part of what is replicated. It also
// finds where in this module an action is taken, for all cores.
package step

import (
	"strconv"
	"strings"
)

// Step is an action of a specification that a machine has taken.
type Step struct {
	Seq      uint64 // counts the machine's steps from 1
	Clock    uint64 // Lamport time
	Instance string // the shard, the lock: what the step belongs to
	Action   string
	Args     []Field
	Vars     []Field
	Cause    string // the step of another node on which it follows, "" for none
}

// Field is a name with a value in JSON.
type Field struct{ Name, JSON string }

// Word is a field that holds a word.
func Word(name, value string) Field { return Field{name, Quote(value)} }

// Natural is a field that holds a number.
func Natural[N ~int | ~int64 | ~uint64](name string, value N) Field {
	return Field{name, Number(value)}
}

// Cause is a step of a node: "" is none.
type Cause struct {
	Step  string
	Clock uint64 // its Lamport time
}

// Node gives the node whose step it was, "" for none.
func (c Cause) Node() string {
	node, _, _ := strings.Cut(c.Step, "/")
	return node
}

// Counter counts the steps of a machine, and is part of its state.
type Counter struct {
	Node   string     // under which the machine's steps stand in traces
	Record func(Step) // is told of each step; nil is nobody
	Count  uint64
	Clock  uint64 // the Lamport time of the last step
}

// Pass counts a step that follows on a cause, and that nobody records.
func (c *Counter) Pass(cause Cause) {
	c.Count++
	c.Clock = max(c.Clock, cause.Clock) + 1
}

// Take counts a step that follows on a cause, and tells who records it.
func (c *Counter) Take(cause Cause, s Step) Cause {
	c.Pass(cause)
	if c.Record != nil {
		s.Seq, s.Clock, s.Cause = c.Count, c.Clock, cause.Step
		c.Record(s)
	}
	return Cause{Name(c.Node, 1, c.Count), c.Clock}
}

// Name names the n-th step in a run of a node as traces do. A machine has one run.
func Name(node string, run, n uint64) string {
	return node + "/" + strconv.FormatUint(run, 10) + "/" + strconv.FormatUint(n, 10)
}

// Number gives a number in JSON.
func Number[N ~int | ~int64 | ~uint64](n N) string {
	if n < 0 {
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatUint(uint64(n), 10)
}

// Quote gives a word in JSON.
func Quote(s string) string { return strconv.Quote(s) }

// Set gives a set of values in JSON.
func Set(values ...string) string { return `{"#set":[` + strings.Join(values, ",") + `]}` }
