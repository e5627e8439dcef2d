// Symmetry: states that differ by a permutation of values are one.

package check

import (
	"synod/conformance/tla/value"
)

// symmetry is the group that the configuration's SYMMETRY sets generate, without the identity.
type symmetry struct{ perms []value.Value }

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
	return &symmetry{generate(given)}, nil
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

// least is the first in order of the states that the permutations make of a state.
func (s *symmetry) least(x *explorer, state []value.Value) []value.Value {
	if x.permuted == nil {
		x.permuted = make([]map[value.Value]value.Value, len(s.perms))
		for i := range x.permuted {
			x.permuted[i] = map[value.Value]value.Value{}
		}
	}
	best := append(x.best[:0], state...)
	other := x.other[:0]
	for i, p := range s.perms {
		other = other[:0]
		smaller, larger := false, false
		for j, v := range state {
			pv := value.Permute(v, p, x.permuted[i])
			other = append(other, pv)
			if !smaller && pv != best[j] {
				if c := pv.Compare(best[j]); c < 0 {
					smaller = true
				} else if c > 0 {
					larger = true
					break
				}
			}
		}
		if smaller && !larger {
			best, other = other, best
		}
	}
	x.best, x.other = best, other
	return best
}
