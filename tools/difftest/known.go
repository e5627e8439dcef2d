// Differences that are known and stay: where TLC is wrong, crashes, or is laxer or stricter than a value can tell.

package main

import (
	"regexp"
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
	domainOfLet  = regexp.MustCompile(`LET \w+(\(.*\))? == .*\|->.* IN `)
)

// reasons are tried in order. Each is narrow: it names what both say, so that nothing else hides behind it.
var reasons = []reason{
	{"TLC crashes on EXCEPT of a sequence that went through TLCEval", func(e string, tlc, engine outcome) bool {
		return tlc.failed && outOfBounds.MatchString(tlc.err) && !engine.failed && strings.Contains(e, "TLCEval") && strings.Contains(e, "EXCEPT")
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
	{"TLC evaluates every value of a function that a LET defines, though none is needed", func(e string, tlc, engine outcome) bool {
		return tlc.failed && !engine.failed && domainOfLet.MatchString(e) && strings.Contains(e, "DOMAIN")
	}},
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
