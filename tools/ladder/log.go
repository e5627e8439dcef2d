// Rungs 12 to 15: who leads, a log, and how to read it.

package ladder

import (
	"fmt"
	"slices"
	"strings"

	"synod/conformance/tla"
)

// war tells rung 12, where proposers outbid each other.
var war = family{
	sentences: map[string]string{
		"Prepare": "Proposer {p} takes a larger ballot than any other, and all acceptors promise it.",
		"Accept":  "{q} accept what proposer {p} proposes, and it is chosen.",
		"Refuse":  "Proposer {p} proposes and is refused: {promised}.",
		"Elect":   "Proposer {p} is elected.",
	},
	phrases: map[string]func(moment) string{
		"promised": func(m moment) string {
			var overtaken []tla.Value
			for _, a := range at(m.before, "promised").Domain() {
				if numberAt(m.before, "promised", a) > numberAt(m.before, "ballot", m.arg("p")) {
					overtaken = append(overtaken, a)
				}
			}
			return list(overtaken) + " have promised the other's ballot"
		},
	},
	endings: map[string]func(moment) string{
		"Progress": func(m moment) string {
			return "Nobody stops, no message is lost, and yet nothing is ever chosen."
		},
	},
}

// masters tells rung 13, where a slave takes over after a time-out.
var masters = family{
	sentences: map[string]string{
		"Cut":     "The link between the servers is cut. Clients still reach both.",
		"Heal":    "The link is back. {reconciled}",
		"TimeOut": "Server {s} hears nothing of its master, takes it for stopped, and becomes master.",
		"Write":   "A client asks server {s}, which is master, for {c}. {copied}",
	},
	phrases: map[string]func(moment) string{
		"copied": func(m moment) string {
			if say(at(m.before, "cut")) == "TRUE" {
				return "It cannot reach the other, takes it for stopped, and answers."
			}
			return "It copies it to the other, and answers."
		},
		"reconciled": func(m moment) string {
			if len(inRole(m.before, "master")) > 1 {
				return "There are two masters: server 1 steps down and takes the copy of server 2."
			}
			return "The slave takes what it has missed."
		},
	},
	endings: map[string]func(moment) string{
		"NothingLost": func(m moment) string {
			s := inRole(m.after, "master")[0]
			return fmt.Sprintf("%s was acknowledged, and the master, server %s, does not have it. The write is lost.",
				without(at(m.after, "acknowledged"), at(m.after, "held", s)), say(s))
		},
	},
}

// inRole are the servers that think that they are in the role.
func inRole(s tla.State, role string) []tla.Value {
	return slices.DeleteFunc(slices.Clone(at(s, "role").Domain()), func(server tla.Value) bool {
		return say(at(s, "role", server)) != role
	})
}

// without lists the elements of a set that another does not have.
func without(set, other tla.Value) string {
	var missing []tla.Value
	for _, x := range set.Elems() {
		if inside, err := other.Contains(x); err == nil && !inside {
			missing = append(missing, x)
		}
	}
	return list(missing)
}

// slots tells rung 14, a log.
var slots = family{
	sentences: map[string]string{
		"Promise": "{a} promises ballot {b} for all slots and reports {report}.",
		"Propose": "The leader of ballot {b} has the promises of {q} and proposes {v} in slot {i}.",
		"Accept":  "{a} accepts {value} in slot {i} under ballot {b}.",
		"Apply":   "Replica {r} hears that {v} is chosen in slot {i}, and applies it.",
	},
	phrases: map[string]func(moment) string{
		"report": func(m moment) string { return votes(at(m.before, "accepted", m.arg("a"))) },
		"value": func(m moment) string {
			for _, x := range messages(m.before, "accept") {
				if x.ballot() == m.numeral("b") && x.field("slot") == m.arg("i") {
					return say(x.field("value"))
				}
			}
			return "something"
		},
	},
	remarks: []func(moment) string{
		func(m moment) string {
			if m.action != "Propose" {
				return ""
			}
			for _, x := range messages(m.before, "accept") {
				if x.field("slot") == m.arg("i") && x.field("value") != m.arg("v") {
					return fmt.Sprintf("Under ballot %d it was %s.", x.ballot(), say(x.field("value")))
				}
			}
			return ""
		},
		func(m moment) string {
			if gap := at(m.before, "applied", m.arg("r")).Len() + 1; m.action == "Apply" && m.numeral("i") > int64(gap) {
				return fmt.Sprintf("It has not heard of slot %d yet.", gap)
			}
			return ""
		},
	},
	endings: map[string]func(moment) string{
		"Agreement": func(m moment) string {
			return fmt.Sprintf("Two values are chosen in slot %s.", say(m.arg("i")))
		},
		"SameOrder": func(m moment) string {
			var parts []string
			applied := at(m.after, "applied")
			for _, r := range applied.Domain() {
				parts = append(parts, fmt.Sprintf("%s has applied %s", say(r), order(at(m.after, "applied", r))))
			}
			return "The replicas are not in the same state any more: " + enumerate(parts) + "."
		},
	},
}

// votes tells what an acceptor has accepted in which slots.
func votes(set tla.Value) string {
	var parts []string
	for _, x := range set.Elems() {
		v := message{x}
		parts = append(parts, fmt.Sprintf("%s in slot %s, of ballot %d", say(v.field("value")), say(v.field("slot")), v.ballot()))
	}
	return enumerate(parts)
}

// order tells which slots were applied, one after the other.
func order(applied tla.Value) string {
	var parts []string
	for _, x := range applied.Elems() {
		parts = append(parts, fmt.Sprintf("slot %s with %s", say(message{x}.field("slot")), say(message{x}.field("value"))))
	}
	return strings.Join(parts, ", then ")
}

// reading tells rung 15, where a leader answers from its copy.
var reading = family{
	sentences: map[string]string{
		"Elect":      "{q} promise ballot {b} to {p}, which leads from now on and knows of {copy}.",
		"Write":      "{p} writes; {q} accept it, and the client is told. That makes {written}.",
		"Read(p)":    "A client reads from {p}, which answers from its own copy: {copy}.",
		"Read(p, q)": "A client reads from {p}. {q} say that they have promised nobody else, and it answers: {copy}.",
	},
	phrases: map[string]func(moment) string{
		"copy":    func(m moment) string { return count(int(numberAt(m.after, "copy", m.arg("p"))), "write") },
		"written": func(m moment) string { return count(int(numberAt(m.after, "acknowledged")), "write") },
	},
	endings: map[string]func(moment) string{
		"FreshReads": func(m moment) string {
			return fmt.Sprintf("%s was acknowledged before, and the reader is not told of it. %s does not know that another leads.",
				count(int(numberAt(m.after, "acknowledged")), "write"), say(m.arg("p")))
		},
	},
}
