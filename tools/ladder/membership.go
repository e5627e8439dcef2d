// Rung 22: the set of acceptors grows.

package ladder

import (
	"fmt"
	"slices"

	"synod/conformance/tla"
)

var membership = family{
	sentences: map[string]string{
		"Round":   "Proposer {p} asks acceptors {q} and finds {found}; it adds {change}, and reaches {reached}.",
		"Rewrite": "Proposer {p} asks acceptors {q}, finds {found}, and rewrites it at {reached}.",
		"Step":    "Proposer {p} takes a step: from now on it asks {ask}, and has {tell}.",
	},
	phrases: map[string]func(moment) string{
		"found":   func(m moment) string { return changes(latestAt(m.before, m.arg("q"))) },
		"change":  func(m moment) string { return fmt.Sprint(numberAt(m.after, "ballot")) },
		"reached": func(m moment) string { return some("acceptor", m.arg("r")) },
		"ask":     func(m moment) string { return m.stage("promises") + " of " + m.stage("ask") + " acceptors" },
		"tell":    func(m moment) string { return m.stage("accepts") + " of " + m.stage("tell") + " accept" },
	},
	remarks: []func(moment) string{
		func(m moment) string {
			if m.action != "Round" {
				return ""
			}
			change := at(m.after, "ballot")
			if done, err := at(m.after, "acknowledged").Contains(change); err == nil && done {
				return fmt.Sprintf("That is enough, and change %s is acknowledged.", say(change))
			}
			return "That is not enough, and its client is told nothing."
		},
	},
	endings: map[string]func(moment) string{
		"NothingLost": func(m moment) string {
			var lost []tla.Value
			last := latestAt(m.after, m.arg("r"))
			for _, change := range at(m.after, "acknowledged").Elems() {
				if inside, err := last.Contains(change); err == nil && !inside {
					lost = append(lost, change)
				}
			}
			text := fmt.Sprintf("Change %s was acknowledged, and the state that was written last is without it.", list(lost))
			if len(lost) > 0 && !anyHolds(m.before, m.arg("q"), lost[0]) {
				text += fmt.Sprintf(" None of acceptors %s had heard of it.", say(m.arg("q")))
			}
			return text
		},
	},
}

// anyHolds reports whether one of the acceptors holds a state with the change in it.
func anyHolds(s tla.State, acceptors, change tla.Value) bool {
	return slices.ContainsFunc(acceptors.Elems(), func(a tla.Value) bool {
		inside, err := at(s, "acceptedState", a).Contains(change)
		return err == nil && inside
	})
}

// some names the elements of a set, or says that there is none.
func some(noun string, set tla.Value) string {
	switch set.Len() {
	case 0:
		return "nobody"
	case 1:
		return noun + " " + say(set)
	}
	return noun + "s " + say(set)
}

// latestAt is the state with the greatest ballot that the acceptors of a set hold.
func latestAt(s tla.State, acceptors tla.Value) tla.Value {
	if acceptors.Len() <= 0 {
		return 0
	}
	best := slices.MaxFunc(acceptors.Elems(), func(a, d tla.Value) int {
		return int(numberAt(s, "acceptedBallot", a) - numberAt(s, "acceptedBallot", d))
	})
	return at(s, "acceptedState", best)
}

// stage is a number of the stage that the step's proposer enters.
func (m moment) stage(field string) string {
	stages, err := m.machine.Eval("Stages", m.after)
	if err != nil {
		return "?"
	}
	now, _ := stages.Apply(at(m.after, "stage", m.arg("p")))
	v, _ := now.Field(field)
	return say(v)
}
