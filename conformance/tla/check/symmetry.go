// Symmetry: states that differ by a permutation of values are one.

package check

import (
	"synod/conformance/tla/value"
)

// symmetry is what the group makes of values that the configuration's SYMMETRY sets generate. All workers share it.
type symmetry struct{ orbits *value.Orbits }

// symmetry evaluates the sets of permutations and closes them under composition.
func (m *Model) symmetry() (*symmetry, error) {
	if len(m.Symmetries) == 0 {
		return nil, nil
	}
	w := m.Program.NewWorker()
	var given []value.Value
	for _, p := range m.Symmetries {
		set, err := w.Eval(m.Program.FormulaOf(p), nil, nil)
		if err != nil {
			return nil, err
		}
		list, fault := value.Elements(set)
		if fault != nil {
			return nil, &Error{p.Expr.Span(), "the symmetry set cannot be enumerated: " + fault.Msg, CodeConfig}
		}
		for _, f := range list {
			if !f.IsFunction() {
				return nil, &Error{p.Expr.Span(), "a symmetry set must consist of permutations, but has the element " + value.Brief(f), CodeConfig}
			}
			given = append(given, f)
		}
	}
	return &symmetry{value.NewOrbits(generate(given))}, nil
}

// generate composes permutations until nothing new comes of it.
func generate(given []value.Value) []value.Value {
	const limit = 50_000
	known := map[value.Value]bool{}
	var group []value.Value
	add := func(f value.Value) {
		f = withoutFixed(f)
		if !known[f] && len(group) < limit && f != value.Tuple(nil) {
			known[f] = true
			group = append(group, f)
		}
	}
	for _, f := range given {
		add(f)
	}
	for i := 0; i < len(group); i++ {
		for _, g := range given {
			add(compose(group[i], withoutFixed(g)))
		}
	}
	return group
}

// withoutFixed leaves out the values that a permutation leaves where they are, so that equal ones are equal functions.
func withoutFixed(f value.Value) value.Value {
	var keys, values []value.Value
	for i, x := range f.Domain() {
		if y := f.Values()[i]; y != x {
			keys, values = append(keys, x), append(values, y)
		}
	}
	g, _ := value.FuncOf(keys, values)
	return g
}

// compose is f and then g.
func compose(f, g value.Value) value.Value {
	var keys, values []value.Value
	for i, x := range f.Domain() {
		y := f.Values()[i]
		if z, ok := g.Apply(y); ok {
			y = z
		}
		keys, values = append(keys, x), append(values, y)
	}
	for i, x := range g.Domain() {
		if f.Index(x) < 0 {
			keys, values = append(keys, x), append(values, g.Values()[i])
		}
	}
	h, _ := value.FuncOf(keys, values)
	return h
}

// print is a fingerprint that all states have which the permutations make of a state, and they alone. Variable by variable it
// takes the least hash among the images; of the permutations only those with that hash go on to the next variable.
func (s *symmetry) print(x *explorer, state []value.Value) uint64 {
	h := uint64(printSeed)
	left := x.left[:0]
	all := true
	for _, v := range state {
		o := s.orbits.Of(v)
		switch {
		case o.Hashes == nil:
			h = addPrint(h, v.Hash())
		case all:
			h = addPrint(h, o.Least)
			left, all = append(left, o.At...), false
		default:
			var least uint64
			least, left = leastOf(o, left)
			h = addPrint(h, least)
		}
	}
	x.left = left
	return h
}

// leastOf is the least hash of the images under some permutations, and those of them that have it.
func leastOf(o *value.Orbit, perms []int32) (least uint64, have []int32) {
	least = o.Hashes[perms[0]]
	for _, i := range perms[1:] {
		least = min(least, o.Hashes[i])
	}
	have = perms[:0]
	for _, i := range perms {
		if o.Hashes[i] == least {
			have = append(have, i)
		}
	}
	return least, have
}
