// Final states: where the shortest counterexamples may end, whatever the acceptors are called.

package ladder

import (
	"fmt"
	"slices"
	"strings"

	"synod/conformance/tla"
	"synod/conformance/tla/value"
)

// Final is a state as TLC prints it: the text of each variable's value, or of some of them.
type Final map[string]string

// finalOf is the printed form of a state.
func finalOf(m *tla.Model, s tla.State) Final {
	f := Final{}
	for i, name := range m.Variables() {
		f[name] = s.At(i).String()
	}
	return f
}

// canonical is the same text for all states that differ in nothing but names which may be exchanged for each other: the
// least of the texts under all renamings.
func (f Final) canonical(renamings []map[string]string) (string, error) {
	var names []string
	terms := map[string]*term{}
	for name, text := range f {
		t, err := parseTerm(text)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		names, terms[name] = append(names, name), t
	}
	slices.Sort(names)
	least := ""
	for i, renaming := range renamings {
		var b strings.Builder
		for _, name := range names {
			fmt.Fprintf(&b, "/\\ %s = %s\n", name, terms[name].print(renaming))
		}
		if i == 0 || b.String() < least {
			least = b.String()
		}
	}
	return least, nil
}

// renamings are all ways to exchange the model's names: the model values that make up one constant set mean the same
// to it, as the modules' Symmetry says.
func renamings(m *tla.Model) []map[string]string {
	all := []map[string]string{{}}
	constants := m.Constants()
	var sets []string
	for name := range constants {
		sets = append(sets, name)
	}
	slices.Sort(sets)
	for _, name := range sets {
		elements := modelValues(constants[name])
		if len(elements) < 2 {
			continue
		}
		var next []map[string]string
		permutations(elements, func(permuted []string) {
			for _, before := range all {
				renaming := map[string]string{}
				for from, to := range before {
					renaming[from] = to
				}
				for i, from := range elements {
					renaming[from] = permuted[i]
				}
				next = append(next, renaming)
			}
		})
		all = next
	}
	return all
}

// modelValues are the names in a set of model values, and none for any other value.
func modelValues(v tla.Value) []string {
	if v.Kind() != value.KindSet {
		return nil
	}
	var names []string
	for _, element := range v.Elems() {
		if element.Kind() != value.KindModel {
			return nil
		}
		names = append(names, element.String())
	}
	return names
}

// permutations calls f with each order of the words. f must not keep the slice.
func permutations(words []string, f func([]string)) {
	order := slices.Clone(words)
	var place func(int)
	place = func(i int) {
		if i == len(order) {
			f(order)
			return
		}
		for j := i; j < len(order); j++ {
			order[i], order[j] = order[j], order[i]
			place(i + 1)
			order[i], order[j] = order[j], order[i]
		}
	}
	place(0)
}

// among reports whether a state is one of the pinned ones, as far as they go: a pinned state may leave out variables
// that differ from one shortest counterexample to another.
func among(s Final, pinned []Final, names []map[string]string) (bool, error) {
	for _, f := range pinned {
		part := Final{}
		for name := range f {
			text, ok := s[name]
			if !ok {
				return false, fmt.Errorf("the final state has no variable %s", name)
			}
			part[name] = text
		}
		found, err := part.canonical(names)
		if err != nil {
			return false, err
		}
		wanted, err := f.canonical(names)
		if err != nil {
			return false, err
		}
		if found == wanted {
			return true, nil
		}
	}
	return false, nil
}
