// Symmetry: states that differ by a permutation of values are one.

package check

import (
	"context"
	"encoding/binary"
	"fmt"

	"synod/conformance/tla/value"
)

// symmetry is what the group makes of values that the configuration's SYMMETRY sets generate. All workers share it.
type symmetry struct{ orbits *value.Orbits }

// symmetry evaluates the sets of permutations and closes them under composition.
func (m *Model) symmetry(ctx context.Context) (*symmetry, error) {
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
			if !isPermutation(f) {
				return nil, &Error{p.Expr.Span(), "a symmetry set must consist of permutations, but has the element " + value.Brief(f), CodeConfig}
			}
		}
		given = append(given, list...)
	}
	g := newGroup(given)
	for _, f := range given {
		if !g.generate(ctx, g.permutation(f)) {
			return nil, &Error{m.Symmetries[0].Expr.Span(), fmt.Sprintf("the symmetry sets permute %d values in more than %d ways: "+
				"leave some of them out, which costs states and changes nothing else", len(g.points), mostPermutations), CodeConfig}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return &symmetry{value.NewOrbits(g.values())}, nil
}

// isPermutation reports whether a value is a function from a set onto itself.
func isPermutation(f value.Value) bool {
	if !f.IsFunction() {
		return false
	}
	seen := map[value.Value]bool{}
	for _, y := range f.Values() {
		if f.Index(y) < 0 || seen[y] {
			return false
		}
		seen[y] = true
	}
	return true
}

// mostPermutations bounds a group: ten values have four times as many, and each new state would be compared with all its images.
const mostPermutations = 1_000_000

// group is a group of permutations of points, by composition.
type group struct {
	points     []value.Value
	place      map[value.Value]int // of a point
	elements   []permutation       // the identity is the first
	known      map[permutation]bool
	generators []permutation
}

// permutation has four bytes for each point: the place of its image.
type permutation string

const width = 4

func newGroup(given []value.Value) *group {
	g := &group{place: map[value.Value]int{}, known: map[permutation]bool{}}
	for _, f := range given {
		for i, x := range f.Domain() {
			if _, known := g.place[x]; !known && f.Values()[i] != x {
				g.place[x] = len(g.points)
				g.points = append(g.points, x)
			}
		}
	}
	g.add(g.permutation(value.Tuple(nil)))
	return g
}

func (g *group) add(p permutation) {
	g.known[p] = true
	g.elements = append(g.elements, p)
}

// permutation is a function on some of the points; the others stay where they are.
func (g *group) permutation(f value.Value) permutation {
	to := make([]byte, 0, width*len(g.points))
	for i, x := range g.points {
		if y, ok := f.Apply(x); ok {
			i = g.place[y]
		}
		to = binary.BigEndian.AppendUint32(to, uint32(i))
	}
	return permutation(to)
}

// at is the place of a point's image.
func (p permutation) at(i int) int {
	return int(p[width*i])<<24 | int(p[width*i+1])<<16 | int(p[width*i+2])<<8 | int(p[width*i+3])
}

// then is p and after it q.
func (p permutation) then(q permutation) permutation {
	to := make([]byte, 0, len(p))
	for i := range len(p) / width {
		at := width * p.at(i)
		to = append(to, q[at:at+width]...)
	}
	return permutation(to)
}

// generate has the group be what its generators and one more generate, by Dimino's algorithm: what is there already is
// multiplied by one element of each coset. It reports whether the group stays small enough.
func (g *group) generate(ctx context.Context, p permutation) bool {
	if g.known[p] {
		return true
	}
	g.generators = append(g.generators, p)
	before := g.elements
	for first := 0; first < len(g.elements); first += len(before) {
		for _, by := range g.generators {
			q := g.elements[first].then(by)
			if g.known[q] {
				continue
			}
			if len(g.elements)+len(before) > mostPermutations {
				return false
			}
			for _, e := range before {
				g.add(e.then(q))
			}
			if ctx.Err() != nil {
				return true
			}
		}
	}
	return true
}

// values are the permutations but the identity as functions on the points that they move.
func (g *group) values() (list []value.Value) {
	for _, p := range g.elements[1:] {
		var keys, values []value.Value
		for i, x := range g.points {
			if at := p.at(i); at != i {
				keys, values = append(keys, x), append(values, g.points[at])
			}
		}
		f, _ := value.FuncOf(keys, values)
		list = append(list, f)
	}
	return list
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
