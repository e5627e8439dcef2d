// Steps: what a group does to its shards, as the actions of spec/shard/Shard.tla.

package shard

import "synod/impl/step"

// SpecPath is the specification of the steps, for the headers of traces.
const SpecPath = "shard/Shard.tla"

// Constants gives the specification's constants for a trace's header. The first group is the one that the shards begin
// with.
func Constants(groups []string) []step.Field {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = step.Quote(g)
	}
	return []step.Field{{Name: "Group", JSON: step.Set(names...)}, {Name: "First", JSON: names[0]}}
}

// heldLimit is how many changes a shard may have so that steps still list them.
const heldLimit = 1 << 12

// step counts a step that a command has made, and tells who records them. s is the shard in this group; nil is the map.
func (m *Machine) step(c Command, action string, s *shard, args ...step.Field) step.Cause {
	x := step.Step{Instance: c.Shard, Action: action, Args: args}
	if m.Record != nil {
		x.Vars = m.vars(c, action, s)
	}
	return m.Take(c.Cause, x)
}

// served counts a request, on which no step of another group follows.
func (m *Machine) served(c Command, s *shard) {
	if m.Record == nil {
		m.Pass(c.Cause)
		return
	}
	m.step(c, "Serve", s, step.Word("g", m.Group), step.Natural("c", s.changes))
}

// vars gives the variables after a step.
func (m *Machine) vars(c Command, action string, s *shard) []step.Field {
	if s == nil {
		return []step.Field{{Name: "map", JSON: `{"group":` + step.Quote(c.Group) + `,"epoch":` + step.Number(c.Epoch) + `}`}}
	}
	at := "[" + m.Group + "]"
	vars := []step.Field{step.Word("status"+at, string(s.status)), step.Natural("epoch"+at, s.epoch)}
	if (action == "HandOver" || action == "Activate") && s.changes <= heldLimit {
		vars = append(vars, step.Field{Name: "held" + at, JSON: upTo(s.changes)})
	}
	return vars
}

// upTo is the set of the changes up to the n-th.
func upTo(n uint64) string {
	all := make([]string, n)
	for i := range all {
		all[i] = step.Number(i + 1)
	}
	return step.Set(all...)
}
