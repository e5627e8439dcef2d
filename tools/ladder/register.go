// Rungs 19 to 21: the register, its answers, its cache and its retries.

package ladder

import (
	"fmt"
	"slices"

	"synod/conformance/tla"
	"synod/conformance/tla/value"
)

var lock = family{
	sentences: map[string]string{
		"Promise":     "{a} promises ballot {b} and reports {report}.",
		"Propose":     "The proposer of ballot {b} finds at {q} that {latest}, and proposes that {proposal}.",
		"Refuse":      "The proposer of ballot {b} finds at {q} that {latest}, and tells its client so without proposing anything.",
		"Accept":      "{a} accepts under ballot {b} that {owner}.",
		"Acknowledge": "{q} have accepted ballot {b}: client {b} is told that {answer}.",
	},
	phrases: map[string]func(moment) string{
		"report": func(m moment) string {
			if b := numberAt(m.before, "acceptedBallot", m.arg("a")); b > 0 {
				return fmt.Sprintf("of ballot %d that %s", b, owner(at(m.before, "acceptedState", m.arg("a"))))
			}
			return "nothing"
		},
		"latest":   latest(owner),
		"proposal": func(m moment) string { return owner(accepted(m.after, m.numeral("b"))) },
		"owner":    func(m moment) string { return owner(m.arg("s")) },
		"answer":   func(m moment) string { return owner(accepted(m.before, m.numeral("b"))) },
	},
	endings: map[string]func(moment) string{
		"OneHolder": func(m moment) string {
			var parts []string
			for _, x := range at(m.after, "acknowledged").Elems() {
				told := message{x}
				parts = append(parts, fmt.Sprintf("client %d was told that %s", told.ballot(), owner(told.field("state"))))
			}
			return "Nobody gives the lock back, and yet " + enumerate(parts) + "."
		},
	},
}

// owner tells the state of a lock.
func owner(state tla.Value) string {
	if n, _ := state.AsInt(); n > 0 {
		return fmt.Sprintf("client %d has the lock", n)
	}
	return "the lock is free"
}

var cache = family{
	begin: func(s tla.State) string {
		return "Proposer 1 holds the promises of all acceptors for ballot 1, and knows that the state is empty."
	},
	sentences: map[string]string{
		"Promise":          "{a} promises ballot {b} and reports {report}.",
		"Propose":          "Proposer {p} finds {latest} at {q}, adds {c}, and proposes {proposal} under ballot {b}.",
		"ProposeFromCache": "Proposer {p} adds {c} to the state in its cache and proposes {proposal} under ballot {cached}.",
		"Accept":           "{a} accepts {now} under ballot {b}, and promises ballot {promise}.",
		"Acknowledge":      "{q} have accepted what proposer {p} waits for: {change} is acknowledged.",
		"Abandon":          "Proposer {p} gives up, and does not know whether anybody accepted. {keeps}",
	},
	phrases: map[string]func(moment) string{
		"report":   report(changes),
		"latest":   latest(changes),
		"proposal": func(m moment) string { return changes(waitsFor(m.after, m.arg("p")).field("state")) },
		"change":   func(m moment) string { return say(waitsFor(m.before, m.arg("p")).field("change")) },
		"cached":   func(m moment) string { return fmt.Sprint(waitsFor(m.after, m.arg("p")).ballot()) },
		"now":      func(m moment) string { return changes(at(m.after, "acceptedState", m.arg("a"))) },
		"promise":  func(m moment) string { return fmt.Sprint(numberAt(m.after, "promised", m.arg("a"))) },
		"keeps": func(m moment) string {
			if numberAt(m.after, "cache", m.arg("p"), tla.Str("ballot")) > 0 {
				return "It keeps its cache."
			}
			return "It empties its cache."
		},
	},
	remarks: []func(moment) string{oneBallotTwoStates},
	endings: map[string]func(moment) string{
		"NothingLost": func(m moment) string {
			return missing(m.after) + " The change is lost."
		},
	},
}

// changes tells a state that is a set of changes, or a sequence of them.
func changes(state tla.Value) string {
	if state.Len() == 0 {
		return "an empty state"
	}
	return state.String()
}

// waitsFor is the accept that a proposer has sent last and waits for.
func waitsFor(s tla.State, proposer tla.Value) message {
	if set := at(s, "waiting", proposer); set.Len() > 0 {
		return message{set.Elems()[0]}
	}
	return message{}
}

func oneBallotTwoStates(m moment) string {
	sent := messages(m.after, "accept")
	if len(sent) == len(messages(m.before, "accept")) {
		return ""
	}
	fresh := waitsFor(m.after, m.arg("p"))
	for _, other := range sent {
		if other.ballot() == fresh.ballot() && other.field("state") != fresh.field("state") {
			return fmt.Sprintf("So ballot %d stands for both %s and %s.", fresh.ballot(), changes(other.field("state")), changes(fresh.field("state")))
		}
	}
	return ""
}

// missing tells which acknowledged change is not in a state proposed under a larger ballot; "" if there is none.
func missing(s tla.State) string {
	for _, x := range at(s, "acknowledged").Elems() {
		done := message{x}
		for _, m := range messages(s, "accept") {
			inside, err := m.field("state").Contains(done.field("change"))
			if m.ballot() > done.ballot() && err == nil && !inside {
				return fmt.Sprintf("%s was acknowledged under ballot %d, and the state that is proposed under ballot %d is without it.", say(done.field("change")), done.ballot(), m.ballot())
			}
		}
	}
	return ""
}

var retry = family{
	sentences: map[string]string{
		"Promise":     "{a} promises ballot {b} and reports {report}.",
		"Propose":     "The proposer of ballot {b} finds {latest} at {q}, applies {r} and proposes {proposal}.",
		"Accept":      "{a} accepts {now} under ballot {b}.",
		"Acknowledge": "{q} have accepted ballot {b}: the client is told that the state is {answer}.",
	},
	phrases: map[string]func(moment) string{
		"report":   report(changes),
		"latest":   latest(changes),
		"proposal": func(m moment) string { return changes(accepted(m.after, m.numeral("b"))) },
		"now":      func(m moment) string { return changes(at(m.after, "acceptedState", m.arg("a"))) },
		"answer":   func(m moment) string { return changes(accepted(m.before, m.numeral("b"))) },
	},
	remarks: []func(moment) string{
		func(m moment) string {
			for _, p := range m.past {
				if m.action == "Propose" && p.action == "Propose" && p.arg("r") == m.arg("r") {
					return fmt.Sprintf("The client has made this request before, in %s, and was not answered.", step(p))
				}
			}
			return ""
		},
	},
	endings: map[string]func(moment) string{
		"AppliedOnce": func(m moment) string {
			return "One request was applied twice: the counter says " + fmt.Sprint(accepted(m.after, m.numeral("b")).Len()) +
				" after " + changes(accepted(m.after, m.numeral("b"))) + "."
		},
	},
}

// report tells what the acceptor of a Promise reports, in the words for its state.
func report(words func(tla.Value) string) func(moment) string {
	return func(m moment) string {
		b := numberAt(m.before, "acceptedBallot", m.arg("a"))
		if b == 0 {
			return "nothing"
		}
		return fmt.Sprintf("%s, of ballot %d", words(at(m.before, "acceptedState", m.arg("a"))), b)
	}
}

// latest tells the state with the greatest ballot that the acceptors in q reported to ballot b. Where two states have
// that ballot, which is a bug, it is the one that went into the proposal.
func latest(words func(tla.Value) string) func(moment) string {
	return func(m moment) string {
		var best message
		greatest := int64(-1)
		for _, r := range messages(m.before, "promise") {
			inside, err := m.arg("q").Contains(r.field("acceptor"))
			if err != nil || !inside || r.ballot() != m.numeral("b") {
				continue
			}
			b, _ := r.field("acceptedBallot").AsInt()
			tied := b == greatest && partOf(r.field("acceptedState"), accepted(m.after, m.numeral("b")))
			if b > greatest || tied {
				best, greatest = r, b
			}
		}
		return words(best.field("acceptedState"))
	}
}

// partOf reports whether both are sets and the first is a subset of the second.
func partOf(part, whole tla.Value) bool {
	if part.Kind() != value.KindSet || whole.Kind() != value.KindSet {
		return false
	}
	return !slices.ContainsFunc(part.Elems(), func(v tla.Value) bool {
		inside, err := whole.Contains(v)
		return err != nil || !inside
	})
}

// accepted is the state that was proposed under a ballot.
func accepted(s tla.State, ballot int64) tla.Value {
	for _, m := range messages(s, "accept") {
		if m.ballot() == ballot {
			return m.field("state")
		}
	}
	return 0
}
