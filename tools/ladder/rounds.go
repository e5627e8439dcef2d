// Rungs 3 to 11: rounds, from the first numbers to the Synod.

package ladder

import (
	"cmp"
	"fmt"
	"slices"

	"synod/conformance/tla"
)

var rounds = family{
	sentences: map[string]string{
		"Propose(b, v)":       "The proposer of ballot {b} proposes {v}.",
		"Propose(b, a, v)":    "The proposer of ballot {b} asks {a}, which holds {held}, and proposes {v}.",
		"Propose(b, q, v)":    "The proposer of ballot {b} {finds}, and proposes {v}.",
		"Propose(p, b, q, v)": "Proposer {p} {finds}, and proposes {v} under ballot {b}.",
		"Answer":              "{a} tells the proposer of ballot {b} that it holds {held}.",
		"Promise":             "{a} promises ballot {b} and reports {held}.",
		"Accept":              "{a} accepts {v} under ballot {b}.",
		"Restart":             "{a} stops and starts again.",
		"Sync":                "{a} writes to its disk what it has in memory.",
	},
	phrases: map[string]func(moment) string{
		"held":  func(m moment) string { return held(m.before, m.arg("a")) },
		"finds": finds,
	},
	remarks: []func(moment) string{
		lowersPromise, forgets, usesBallotTwice, proposesAgainstChosen, breaksPromise, beliesAnswer, overwritesNewer, isChosen,
	},
	endings: map[string]func(moment) string{
		"Agreement": func(m moment) string {
			var parts []string
			for _, c := range choices(m.after) {
				parts = append(parts, fmt.Sprintf("%s by %s under ballot %d", say(c.value), list(c.by), c.ballot))
			}
			return "Two values are chosen: " + enumerate(parts) + "."
		},
	},
}

// held tells what an acceptor has accepted last.
func held(s tla.State, acceptor tla.Value) string {
	b := numberAt(s, "acceptedBallot", acceptor)
	if b == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%s of ballot %d", say(at(s, "acceptedValue", acceptor)), b)
}

// finds tells what the acceptors in q had accepted: as they reported it to the ballot, or, on the rungs without
// reports, as they hold it.
func finds(m moment) string {
	var silent []tla.Value
	var told []string
	for _, a := range m.arg("q").Elems() {
		reports := 0
		for _, kind := range []string{"answer", "promise"} {
			for _, r := range messages(m.before, kind) {
				if r.field("acceptor") != a || r.ballot() != m.numeral("b") {
					continue
				}
				if b, _ := r.field("acceptedBallot").AsInt(); b > 0 {
					told = append(told, fmt.Sprintf("%s of ballot %d at %s", say(r.field("acceptedValue")), b, say(a)))
					reports++
				}
			}
		}
		asksDirectly := len(messages(m.before, "answer"))+len(messages(m.before, "promise")) == 0
		switch {
		case reports > 0:
		case asksDirectly && numberAt(m.before, "acceptedBallot", a) > 0:
			told = append(told, held(m.before, a)+" at "+say(a))
		default:
			silent = append(silent, a)
		}
	}
	if len(silent) > 0 {
		told = append(told, "nothing at "+list(silent))
	}
	return "finds " + enumerate(told)
}

// lowersPromise: a promise of a smaller ballot takes the place of a larger one.
func lowersPromise(m moment) string {
	old := numberAt(m.before, "promised", m.arg("a"))
	if m.action != "Promise" || old <= m.numeral("b") {
		return ""
	}
	return fmt.Sprintf("By this it forgets its promise of ballot %d.", old)
}

// forgets: after a restart an acceptor holds less than before.
func forgets(m moment) string {
	if m.action != "Restart" {
		return ""
	}
	a := m.arg("a")
	var lost []string
	if b := numberAt(m.before, "promised", a); b > numberAt(m.after, "promised", a) {
		lost = append(lost, fmt.Sprintf("its promise of ballot %d", b))
	}
	if numberAt(m.before, "acceptedBallot", a) > numberAt(m.after, "acceptedBallot", a) {
		lost = append(lost, held(m.before, a))
	}
	if len(lost) == 0 {
		return "It has lost nothing."
	}
	return "It has forgotten " + enumerate(lost) + "."
}

// usesBallotTwice: a second value is proposed under a ballot.
func usesBallotTwice(m moment) string {
	if m.action != "Propose" {
		return ""
	}
	for _, other := range messages(m.before, "accept") {
		if other.ballot() == m.numeral("b") && other.field("value") != m.arg("v") {
			return fmt.Sprintf("So ballot %d stands for both %s and %s.", other.ballot(), say(other.field("value")), say(m.arg("v")))
		}
	}
	return ""
}

// proposesAgainstChosen: one value was chosen and another is proposed.
func proposesAgainstChosen(m moment) string {
	if m.action != "Propose" {
		return ""
	}
	for _, c := range choices(m.before) {
		if c.value != m.arg("v") {
			return fmt.Sprintf("It does not know that %s is chosen.", say(c.value))
		}
	}
	return ""
}

// breaksPromise: an acceptor accepts below a ballot that it promised at any time.
func breaksPromise(m moment) string {
	if m.action != "Accept" {
		return ""
	}
	for i := len(m.past) - 1; i >= 0; i-- {
		p := m.past[i]
		if p.action != "Promise" || p.arg("a") != m.arg("a") || p.numeral("b") <= m.numeral("b") {
			continue
		}
		text := fmt.Sprintf("But it promised ballot %d in %s", p.numeral("b"), step(p))
		if numberAt(m.before, "promised", m.arg("a")) < p.numeral("b") {
			return text + ", which it has forgotten."
		}
		return text + ", and does not look."
	}
	return ""
}

// beliesAnswer: an acceptor told the proposer of a larger ballot what it holds, and now holds something else.
func beliesAnswer(m moment) string {
	if m.action != "Accept" {
		return ""
	}
	for i := len(m.past) - 1; i >= 0; i-- {
		p := m.past[i]
		if p.action == "Answer" && p.arg("a") == m.arg("a") && p.numeral("b") > m.numeral("b") {
			return fmt.Sprintf("What it told the proposer of ballot %d in %s is true no longer.", p.numeral("b"), step(p))
		}
	}
	return ""
}

// overwritesNewer: what an acceptor accepted under a larger ballot gives way to a smaller one.
func overwritesNewer(m moment) string {
	a := m.arg("a")
	if m.action != "Accept" || numberAt(m.before, "acceptedBallot", a) <= m.numeral("b") {
		return ""
	}
	return fmt.Sprintf("This overwrites %s.", held(m.before, a))
}

// isChosen: a majority has accepted a value under one ballot.
func isChosen(m moment) string {
	before := choices(m.before)
	for _, c := range choices(m.after) {
		fresh, first := true, true
		for _, old := range before {
			fresh = fresh && (old.value != c.value || old.ballot != c.ballot)
			first = first && old.value == c.value
		}
		if !fresh {
			continue
		}
		how := "Now"
		if !first {
			how = "Now also"
		}
		return fmt.Sprintf("%s %s is chosen, by %s under ballot %d.", how, say(c.value), list(c.by), c.ballot)
	}
	return ""
}

// choice is a value that a majority accepted under one ballot.
type choice struct {
	ballot int64
	value  tla.Value
	by     []tla.Value
}

// choices are the values that are chosen in a state, those of smaller ballots first.
func choices(s tla.State) []choice {
	size := len(at(s, "acceptedBallot").Domain())
	var found []choice
	for _, m := range messages(s, "accept") {
		c := choice{ballot: m.ballot(), value: m.field("value")}
		for _, vote := range messages(s, "accepted") {
			if vote.ballot() == c.ballot && vote.field("value") == c.value {
				c.by = append(c.by, vote.field("acceptor"))
			}
		}
		if 2*len(c.by) > size {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(c, d choice) int { return cmp.Compare(c.ballot, d.ballot) })
	return found
}
