// Differences that are known and stay: where TLC is wrong, crashes, or is laxer or stricter than a value can tell.

package main

import (
	"regexp"
	"slices"
	"strings"
)

// reason is one way in which TLC and the engine are known to differ on a shrunk expression.
type reason struct {
	name  string
	match func(expression string, tlc, engine outcome) bool
}

var (
	sharedSubset = regexp.MustCompile(`\w+, \w+ \\in \(?SUBSET`)
	outOfBounds  = regexp.MustCompile(`Index -?\d+ out of bounds`)
	domainOf     = regexp.MustCompile(`DOMAIN \[\w+ \\in .*\|->`)
	domainOfLet  = regexp.MustCompile(`LET \w+(\(.*\))? == .*\|->.* IN `)
)

// reasons are tried in order. Each is narrow: it names what both say, so that nothing else hides behind it.
var reasons = []reason{
	{"TLC crashes on EXCEPT of a sequence that went through TLCEval", func(e string, tlc, engine outcome) bool {
		return tlc.failed && outOfBounds.MatchString(tlc.err) && !engine.failed && strings.Contains(e, "TLCEval") && strings.Contains(e, "EXCEPT")
	}},
	{"TLC replaces the wrong item of a sequence that went through TLCEval", func(e string, tlc, engine outcome) bool {
		return !tlc.failed && !engine.failed && strings.Contains(e, "[TLCEval(<<") && strings.Contains(e, "EXCEPT")
	}},
	{"TLC calls sequences, records and functions finite sets", func(e string, tlc, engine outcome) bool {
		return !tlc.failed && engine.failed && strings.Contains(engine.err, "IsFiniteSet needs a set, but is given the")
	}},
	{"TLC 2.18 orders functions with unequal domains item by item, later TLC and the engine by their domains", func(e string, tlc, engine outcome) bool {
		return !tlc.failed && !engine.failed && sameItems(tlc.value, engine.value) && strings.Count(tlc.value, ":>")+strings.Count(tlc.value, "|->") > 1
	}},
	{"TLC finds nothing in x, y \\in SUBSET {}", func(e string, tlc, engine outcome) bool {
		return !tlc.failed && !engine.failed && sharedSubset.MatchString(e)
	}},
	{"TLC tells <<>> from other functions with an empty domain in EXCEPT", func(e string, tlc, engine outcome) bool {
		return tlc.failed && !engine.failed && strings.Contains(tlc.err, "Attempted to apply tuple to a non-integer argument") && strings.Contains(e, "<<>> EXCEPT")
	}},
	{"TLC takes what is no set in a union or an intersection with {}", func(e string, tlc, engine outcome) bool {
		return !tlc.failed && engine.failed && strings.Contains(engine.err, "must be a set") && strings.Contains(e, "{}")
	}},
	{"TLC measures SUBSET of what is no set", func(e string, tlc, engine outcome) bool {
		return !tlc.failed && engine.failed && strings.Contains(engine.err, "SUBSET must be a set")
	}},
	{"TLC compares a sequence on the left with a string on the right", func(e string, tlc, engine outcome) bool {
		return !tlc.failed && engine.failed && strings.Contains(engine.err, "cannot compare the string") && strings.Contains(engine.err, "with the sequence")
	}},
	{"TLC evaluates every value of a function, though only its domain is asked for", func(e string, tlc, engine outcome) bool {
		return tlc.failed && !engine.failed && (domainOf.MatchString(e) || domainOfLet.MatchString(e) && strings.Contains(e, "DOMAIN"))
	}},
	{"TLC tells records from other functions of strings in EXCEPT", func(e string, tlc, engine outcome) bool {
		return tlc.failed && !engine.failed && strings.Contains(tlc.err, "Attempted to apply record to a non-string argument") && strings.Contains(e, "EXCEPT")
	}},
}

// knownSpec gives the name of the reason for which a specification's verdicts differ, "" where there is none.
func knownSpec(tlc, engine checked) string {
	if strings.Contains(tlc.message, "No next state actions defined") && (engine.code == 0 || engine.code == 11) {
		return "TLC refuses a Next whose actions all stand behind \\E over empty sets"
	}
	if strings.Contains(tlc.message, "is equal to FALSE") && engine.code == 12 {
		return "TLC refuses an invariant that is false whatever the state, where the engine finds it violated"
	}
	return ""
}

// constantFalse matches a property that begins with what is FALSE whatever the state: P ~> Q for a P that is FALSE.
var constantFalse = regexp.MustCompile(`(?m)^(P\d+) ==\n\s+(?:LET .* IN )?FALSE\n(?:.*\n)*?Prop\d+ == \(?(P\d+)\)? ~> `)

// knownShrunk is knownSpec for the text of a specification that was shrunk.
func knownShrunk(module string, tlc, engine checked) string {
	if m := constantFalse.FindStringSubmatch(module); m != nil && m[1] == m[2] && tlc.code == 13 && engine.code == 0 {
		return "TLC finds FALSE ~> Q violated"
	}
	return ""
}

// known gives the name of the reason for a shrunk difference, "" where there is none.
func (d difference) known() string {
	text := d.expression.String()
	for _, r := range reasons {
		if r.match(text, d.judge, d.other) {
			return r.name
		}
	}
	return ""
}

// sameItems reports whether two values are written with the same characters in another order.
func sameItems(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
