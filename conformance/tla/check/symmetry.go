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

// permuted remembers for one permutation the hashes of what it makes of values. It is a table in which a newer entry takes the
// place of an older one.
type permuted struct {
	keys   []value.Value
	hashes []uint64
	memo   map[value.Value]value.Value
}

const permutedSize = 1 << 13

func (p *permuted) hash(v, perm value.Value) uint64 {
	at := uint64(v) * 0x9e3779b97f4a7c15 >> 51 & (permutedSize - 1)
	if p.keys[at] == v {
		return p.hashes[at]
	}
	if len(p.memo) > 4*permutedSize {
		clear(p.memo)
	}
	h := value.Permute(v, perm, p.memo).Hash()
	p.keys[at], p.hashes[at] = v, h
	return h
}

// print is the least of the fingerprints of the states that the permutations make of a state: the same for all of them.
func (s *symmetry) print(x *explorer, state []value.Value) uint64 {
	if x.permuted == nil {
		x.permuted = make([]permuted, len(s.perms))
		for i := range x.permuted {
			x.permuted[i] = permuted{make([]value.Value, permutedSize), make([]uint64, permutedSize), map[value.Value]value.Value{}}
		}
	}
	least := Fingerprint(state)
	for i, perm := range s.perms {
		h := uint64(printSeed)
		for _, v := range state {
			h = addPrint(h, x.permuted[i].hash(v, perm))
		}
		least = min(least, h)
	}
	return least
}
