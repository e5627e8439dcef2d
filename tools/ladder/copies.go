// Rungs 0 to 2: copies of a variable, before there are rounds.

package ladder

import (
	"fmt"

	"synod/conformance/tla"
)

var copies = family{
	sentences: map[string]string{
		"Accept(v)":    "{v} reaches the server, which takes it and answers.",
		"Crash":        "The server stops.",
		"Propose":      "A client sends {v} to all acceptors.",
		"Accept(a, v)": "{v} reaches {a}, which {takes} it.",
	},
	phrases: map[string]func(moment) string{
		"takes": func(m moment) string {
			old := at(m.before, "acceptedValue", m.arg("a"))
			switch {
			case isNone(old):
				return "takes"
			case old == m.arg("v"):
				return "holds"
			default:
				return "replaces " + say(old) + " by"
			}
		},
	},
	remarks: []func(moment) string{
		func(m moment) string {
			if held := heldByAll(m.after); held != 0 && held != heldByAll(m.before) {
				return fmt.Sprintf("Now all acceptors hold %s.", say(held))
			}
			return ""
		},
	},
	endings: map[string]func(moment) string{
		"Answered": func(m moment) string {
			return "The server is down and nobody else has the value: no client is ever answered."
		},
		"Converges": func(m moment) string {
			return "Every message has arrived, and nothing more will happen: " + holdings(m.after) + "."
		},
		"Stable": func(m moment) string {
			return fmt.Sprintf("%s was settled, and is so no longer: %s.", say(heldByAll(m.before)), holdings(m.after))
		},
	},
}

// isNone reports whether a value stands for no value.
func isNone(v tla.Value) bool { return v == 0 || v.String() == "None" }

// heldByAll is the value that all acceptors hold; the zero Value if there is none such.
func heldByAll(s tla.State) tla.Value {
	held := at(s, "acceptedValue")
	var common tla.Value
	for _, a := range held.Domain() {
		v, _ := held.Apply(a)
		if isNone(v) || common != 0 && v != common {
			return 0
		}
		common = v
	}
	return common
}

// holdings tells who holds which value: "a1 and a2 hold v, a3 holds w".
func holdings(s tla.State) string {
	held := at(s, "acceptedValue")
	var values []tla.Value
	holders := map[tla.Value][]tla.Value{}
	for _, a := range held.Domain() {
		v, _ := held.Apply(a)
		if holders[v] == nil {
			values = append(values, v)
		}
		holders[v] = append(holders[v], a)
	}
	var parts []string
	for _, v := range values {
		verb := "hold"
		if len(holders[v]) == 1 {
			verb = "holds"
		}
		what := say(v)
		if isNone(v) {
			what = "nothing"
		}
		parts = append(parts, fmt.Sprintf("%s %s %s", list(holders[v]), verb, what))
	}
	return enumerate(parts)
}
