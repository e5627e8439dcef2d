// The order of strings: TLC's, which is that of who came first.

package tla

import (
	"strings"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// TLC orders strings by when it first met their text, so that CHOOSE x \in {"b", "a"} : TRUE may be "b". It meets the
// words of the language first, then those of the modules as it parses them (identifiers and field names too, but no
// string literals), and last the string literals, module by module as it analyses them. rememberNames lets the value
// package meet them in the same order. The order is the process's: of several models the first one decides.
func rememberNames(p *resolve.Program) {
	words(languageWords)
	n := &namer{program: p, parsed: map[*resolve.Module]bool{}, analysed: map[*resolve.Module]bool{}}
	n.parse(p.Root)
	n.extended(p.Root, map[*resolve.Module]bool{})
	n.instantiated(p.Root, map[*resolve.Module]bool{})
	n.analyse(p.Root)
}

// rememberStrings meets the strings of a configuration, which TLC reads before the modules.
func rememberStrings(file string, src []byte) {
	tokens, _ := syntax.Tokens(file, src) // it was read before without an error
	for _, t := range tokens {
		if t.Kind == syntax.KindString {
			value.Str(t.Text)
		}
	}
}

const languageWords = "ENABLED UNCHANGED SUBSET UNION DOMAIN STRING FALSE TRUE BOOLEAN"

// standardWords are the words of the standard modules as TLC has them, in the order in which they first occur there.
var standardWords = map[string]string{
	"Naturals":   "MODULE Naturals Nat a b CHOOSE n TRUE",
	"Integers":   "MODULE Integers EXTENDS Naturals Int a 0",
	"Reals":      "MODULE Reals EXTENDS Integers Real a b CHOOSE m Infinity i r",
	"FiniteSets": "MODULE FiniteSets LOCAL INSTANCE Naturals Sequences IsFiniteSet S seq Seq s n 1 Len Cardinality LET CS T SUBSET IF THEN 0 ELSE CHOOSE x IN",
	"Sequences":  "MODULE Sequences LOCAL INSTANCE Naturals Seq S UNION 1 n Nat Len s CHOOSE DOMAIN t i IF THEN ELSE Append e Head Tail CASE SubSeq m SelectSeq Test _ LET F 0 IN",
	"TLC":        "MODULE TLC LOCAL INSTANCE Naturals Sequences FiniteSets Print out val PrintT TRUE Assert IF THEN ELSE CHOOSE v JavaTime n Nat TLCGet i TLCSet d e x f g DOMAIN Permutations S w SortSeq s Op _ LET Perm p 1 Len j IN RandomElement Any ToString a b STRING TLCEval",
	"Bags":       "MODULE Bags EXTENDS TLC LOCAL INSTANCE Naturals IsABag B DOMAIN n Nat 0 BagToSet SetToBag S e 1 BagIn EmptyBag B1 B2 IF THEN ELSE LET IN d Sum f DSum SUBSET elt CHOOSE TRUE BagUnion UNION SubBag RemoveFromDom x y Combine BagSet i Biggest Range r s RSB BB BagOfAll F _ BagCardinality CopiesIn",
	"RealTime":   "MODULE RealTime EXTENDS Reals VARIABLE now RTBound A v D E LET TNext t IF _v ENABLED THEN 0 ELSE Timer _ MaxTime MinTime IN RTnow NowNext r Real UNCHANGED _now WF_now",
	"Randomization": "MODULE Randomization LOCAL INSTANCE Naturals FiniteSets RandomSubset k S CHOOSE T SUBSET Cardinality " +
		"RandomSetOfSubsets n TestRandomSetOfSubsets i 1 5",
}

func words(list string) {
	for _, w := range strings.Fields(list) {
		value.Str(w)
	}
}

// namer goes through a program's modules as TLC does.
type namer struct {
	program          *resolve.Program
	parsed, analysed map[*resolve.Module]bool
}

// parse meets every word of a module's file that is no string literal.
func (n *namer) parse(m *resolve.Module) {
	if n.parsed[m] {
		return
	}
	n.parsed[m] = true
	if list, ok := standardWords[m.Name]; ok && m.Standard {
		words(list)
		return
	}
	for _, t := range n.tokens(m) {
		if t.Kind != syntax.KindString {
			value.Str(t.Text)
		}
	}
}

// tokens gives the tokens of a module's file from the module's first line to its last.
func (n *namer) tokens(m *resolve.Module) []syntax.Token {
	all, _ := syntax.Tokens(m.File, n.program.Sources[m.File]) // what is wrong in it stands outside of the module
	begins := func(i int) bool {
		return all[i].Kind == syntax.KindDashes && i+1 < len(all) && all[i+1].Text == "MODULE"
	}
	first, depth := 0, 0
	for first < len(all) && !(begins(first) && first+2 < len(all) && all[first+2].Text == m.Name) {
		first++
	}
	for last := first; last < len(all); last++ {
		switch {
		case begins(last):
			depth++
		case all[last].Kind == syntax.KindEquals:
			if depth--; depth == 0 {
				return all[first : last+1]
			}
		}
	}
	return nil
}

// extended parses what a module extends: its own list first, then the lists of those.
func (n *namer) extended(m *resolve.Module, seen map[*resolve.Module]bool) {
	if seen[m] {
		return
	}
	seen[m] = true
	for _, e := range m.Extends {
		n.parse(e)
	}
	for _, e := range m.Extends {
		n.extended(e, seen)
	}
}

// instantiated parses what a module and those that it extends instantiate.
func (n *namer) instantiated(m *resolve.Module, seen map[*resolve.Module]bool) {
	if seen[m] {
		return
	}
	seen[m] = true
	for _, i := range m.Insts {
		n.parse(i.Module)
		n.extended(i.Module, map[*resolve.Module]bool{})
	}
	for _, e := range m.Extends {
		n.instantiated(e, seen)
	}
	for _, i := range m.Insts {
		n.instantiated(i.Module, seen)
	}
}

// analyse meets the string literals: a module's own after those of the modules that it needs.
func (n *namer) analyse(m *resolve.Module) {
	if n.analysed[m] {
		return
	}
	n.analysed[m] = true
	for _, e := range m.Extends {
		n.analyse(e)
	}
	for _, i := range m.Insts {
		n.analyse(i.Module)
	}
	for _, t := range n.tokens(m) {
		if t.Kind == syntax.KindString {
			value.Str(t.Text)
		}
	}
}
