// Rung 23: a key is deleted and its tombstone erased.

package ladder

import (
	"fmt"

	"synod/conformance/tla"
)

var deletion = family{
	begin: func(s tla.State) string {
		return "The old value, of ballot 1, was deleted under ballot 2. The client has its answer: " + states(s) + "."
	},
	sentences: map[string]string{
		"Propose":     "Proposer {p} asks {q}, finds {found}, and proposes \"{s}\" under ballot {b}.",
		"Accept":      "{a} accepts {now} under ballot {b}.",
		"Acknowledge": "{q} have accepted ballot {b}: the client is told that its new value is written.",
		"Collect":     "The tombstone of ballot {b} is to be collected.",
		"Advance":     "Proposer {p} is told of the collection and grows older.",
		"Remember":    "The acceptors write the proposers' ages to their disks.",
		"Erase":       "{a} erases the tombstone.",
	},
	phrases: map[string]func(moment) string{
		"found": func(m moment) string { return quoted(latestAt(m.before, m.arg("q"))) },
		"now":   func(m moment) string { return quoted(at(m.after, "acceptedState", m.arg("a"))) },
	},
	remarks: []func(moment) string{
		erasesPromise,
		func(m moment) string {
			for _, p := range m.past {
				if m.action == "Accept" && p.action == "Erase" && p.arg("a") == m.arg("a") && m.numeral("b") < numberAt(m.before, "tombstone") {
					return fmt.Sprintf("Before %s it would have refused.", step(p))
				}
			}
			return ""
		},
	},
	endings: map[string]func(moment) string{
		"NothingRevives": func(m moment) string { return misled(m, "old", true) + " The value that was deleted is back." },
		"NothingLost": func(m moment) string {
			return misled(m, "new", false) + " The new value was acknowledged, and is lost."
		},
	},
}

func quoted(state tla.Value) string { return fmt.Sprintf("%q", say(state)) }

// states tells what each acceptor holds.
func states(s tla.State) string {
	held := at(s, "acceptedState")
	var parts []string
	for _, a := range held.Domain() {
		parts = append(parts, fmt.Sprintf("%s holds %s", say(a), quoted(at(s, "acceptedState", a))))
	}
	return enumerate(parts)
}

// erasesPromise: with the tombstone goes a promise that was made since.
func erasesPromise(m moment) string {
	b := numberAt(m.before, "promised", m.arg("a"))
	if m.action != "Erase" || b <= numberAt(m.before, "tombstone") {
		return ""
	}
	return fmt.Sprintf("With it goes its promise of ballot %d.", b)
}

// misled tells which two acceptors give a wrong answer now: the given state, or any other.
func misled(m moment, state string, equal bool) string {
	all := at(m.after, "acceptedState").Domain()
	for i, a := range all {
		for _, d := range all[i+1:] {
			answer := at(m.after, "acceptedState", a)
			if numberAt(m.after, "acceptedBallot", d) > numberAt(m.after, "acceptedBallot", a) {
				answer = at(m.after, "acceptedState", d)
			}
			if (say(answer) == state) == equal {
				return fmt.Sprintf("Whoever asks %s and %s now finds %s: %s.", say(a), say(d), quoted(answer), states(m.after))
			}
		}
	}
	return states(m.after) + "."
}
