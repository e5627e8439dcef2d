// What is allowed but likely a mistake: records whose field names look like definitions, and translations that were edited.

package check

import (
	"fmt"
	"hash/crc32"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
)

// lint lists what the resolver found odd, and what TLC warns of as W4802 and W4805. That an algorithm was changed since it was
// translated (W4803, W4804) only a translator can tell.
func lint(all *resolve.Program) []string {
	var notes []string
	for _, w := range all.Warnings {
		notes = append(notes, w.Error())
	}
	var own []*resolve.Module
	for _, name := range slices.Sorted(maps.Keys(all.Modules)) {
		if m := all.Modules[name]; m != nil && !m.Standard {
			own = append(own, m)
		}
	}
	notes = append(notes, clashes(own)...)
	for _, m := range own {
		if editedTranslation(string(all.Sources[m.File])) {
			notes = append(notes, fmt.Sprintf("%s: the translation in module %s was changed since it was made from its algorithm", m.File, m.Name))
		}
	}
	return notes
}

// madeRecord is a record constructor and where it stands.
type madeRecord struct {
	*resolve.Record
	in *resolve.Module
}

// clashes lists the fields that are called like something that the module defines or declares, where it seems that its value was
// meant: bar == 23 and [bar |-> 42]. Who writes a variable, a constant or a bound name into a record of this kind anywhere knows what a
// field is.
func clashes(own []*resolve.Module) []string {
	kinds := map[string][]madeRecord{}
	var order []string
	knows := map[string]bool{}
	for _, m := range own {
		for _, e := range expressionsOf(m) {
			eval.Walk(e, func(x resolve.Expr) {
				r, ok := x.(*resolve.Record)
				if !ok {
					return
				}
				key := strings.Join(slices.Sorted(slices.Values(r.Names)), " ")
				if kinds[key] == nil {
					order = append(order, key)
				}
				kinds[key] = append(kinds[key], madeRecord{r, m})
				knows[key] = knows[key] || slices.ContainsFunc(r.Values, fromDeclarations)
			})
		}
	}
	var notes []string
	for _, key := range order {
		for _, r := range kinds[key] {
			if knows[key] {
				break
			}
			for _, name := range r.Names {
				if _, defined := r.in.Scope[name]; defined {
					notes = append(notes, fmt.Sprintf("%s: the field %s has nothing to do with what is called %s in module %s: DOMAIN [%s |-> ..] is {%q}",
						r.Span().Start, name, name, r.in.Name, name, name))
				}
			}
		}
	}
	return notes
}

// expressionsOf are a module's definitions and assumptions.
func expressionsOf(m *resolve.Module) (list []resolve.Expr) {
	for _, d := range m.Defs {
		if d.Body != nil {
			list = append(list, d.Body)
		}
	}
	for _, a := range m.Assumes {
		list = append(list, a.Body)
	}
	return list
}

// fromDeclarations reports whether an expression mentions a constant, a variable or a bound name.
func fromDeclarations(e resolve.Expr) (found bool) {
	eval.Walk(e, func(x resolve.Expr) {
		switch x.(type) {
		case *resolve.ConstRef, *resolve.VarRef, *resolve.LocalRef:
			found = true
		}
	})
	return found
}

var (
	beginTranslation = regexp.MustCompile(`\\\* BEGIN TRANSLATION\b.*(?i:ch(?:ec)?ksum\(tla\+?\))\s*=\s*"([0-9A-Fa-f]*)"`)
	endTranslation   = regexp.MustCompile(`\\\* END TRANSLATION`)
)

// editedTranslation reports whether a file has an algorithm with a translation that does not have the checksum that its first line names.
func editedTranslation(text string) bool {
	if !strings.Contains(text, "--algorithm") && !strings.Contains(text, "--fair") {
		return false
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	begin := slices.IndexFunc(lines, beginTranslation.MatchString)
	if begin < 0 {
		return false
	}
	length := slices.IndexFunc(lines[begin+1:], endTranslation.MatchString)
	if length < 0 {
		return false
	}
	want := beginTranslation.FindStringSubmatch(lines[begin])[1]
	sum := crc32.ChecksumIEEE([]byte(strings.Join(lines[begin+1:begin+1+length], "")))
	return want != strconv.FormatUint(uint64(sum), 16)
}
