// Steps: what a group does to its shards, as the actions of spec/shard/Shard.tla.

package shard

import (
	"strconv"
	"strings"
)

// SpecPath is the specification of the steps, for the headers of traces.
const SpecPath = "shard/Shard.tla"

// Constants gives the specification's constants for a trace's header. The first group is the one that the shards begin
// with.
func Constants(groups []string) []Field {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = quote(g)
	}
	return []Field{{"Group", set(names)}, {"First", names[0]}}
}

// Step is an action of the specification that a group has taken. All replicas of the group come to the same steps, under
// the same numbers, also after a restart and over snapshots.
type Step struct {
	Seq    uint64 // counts the group's steps from 1
	Clock  uint64 // Lamport time
	Shard  string
	Action string
	Args   []Field
	Vars   []Field
	Cause  string // the step of another group on which it follows, "" for none
}

// Field is a name with a value in JSON.
type Field struct{ Name, JSON string }

// StepName names a step of a group as traces do: it is the group's n-th, and a group has one run.
func StepName(group string, n uint64) string { return group + "/1/" + strconv.FormatUint(n, 10) }

// heldLimit is how many changes a shard may have so that steps still list them.
const heldLimit = 1 << 12

// step counts a step that a command has made, and tells who records them. s is the shard in this group; nil is the map.
func (m *Machine) step(c Command, action string, s *shard, args ...Field) Cause {
	m.steps++
	m.clock = max(m.clock, c.Cause.Clock) + 1
	if m.Record != nil {
		x := Step{Seq: m.steps, Clock: m.clock, Shard: c.Shard, Action: action, Args: args, Cause: c.Cause.Step}
		if s == nil {
			x.Vars = []Field{{"map", `{"group":` + quote(c.Group) + `,"epoch":` + number(c.Epoch) + `}`}}
		} else {
			at := "[" + m.Group + "]"
			x.Vars = []Field{{"status" + at, quote(string(s.status))}, {"epoch" + at, number(s.epoch)}}
			if (action == "HandOver" || action == "Activate") && s.changes <= heldLimit {
				x.Vars = append(x.Vars, Field{"held" + at, upTo(s.changes)})
			}
		}
		m.Record(x)
	}
	return Cause{StepName(m.Group, m.steps), m.clock}
}

// upTo is the set of the changes up to the n-th.
func upTo(n uint64) string {
	all := make([]string, n)
	for i := range all {
		all[i] = number(uint64(i + 1))
	}
	return set(all)
}

func set(values []string) string { return `{"#set":[` + strings.Join(values, ",") + `]}` }

func quote(s string) string { return strconv.Quote(s) }

func number(n uint64) string { return strconv.FormatUint(n, 10) }
