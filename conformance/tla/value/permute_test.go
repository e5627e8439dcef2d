package value

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// swap is the permutation that exchanges two values.
func swap(a, b Value) Value {
	f, fault := FuncOf([]Value{a, b}, []Value{b, a})
	if fault != nil {
		panic(fault)
	}
	return f
}

func TestOrbitsAreThoseOfTheImages(t *testing.T) {
	set := func(list ...Value) Value {
		s, fault := Set(list)
		require.Nil(t, fault)
		return s
	}
	m := func(i int) Value { return ModelValue(fmt.Sprintf("orbit%d", i)) }
	function := func(keys, values []Value) Value {
		f, fault := FuncOf(keys, values)
		require.Nil(t, fault)
		return f
	}
	record := function([]Value{Str("a"), Str("b")}, []Value{m(0), Int(3)})
	var many []Value
	for i := range bigThreshold + 5 {
		many = append(many, Tuple([]Value{Int(int64(i)), m(i % 3)}))
	}
	values := []Value{
		Int(1), Str("x"), True, emptyTuple, Empty, m(0), m(1), m(3), Tuple([]Value{m(0), Int(2), m(1)}), record,
		function([]Value{m(0), m(1), m(2)}, []Value{Int(1), m(0), Int(2)}), set(m(0), m(2)), set(m(0), m(1), m(2)),
		set(record, function([]Value{Str("a"), Str("b")}, []Value{m(1), Int(3)})), set(many...), set(set(m(0)), set(Empty)),
		function([]Value{Int(1), Int(2)}, []Value{Int(2), Int(1)}), set(Int(1), Int(5)), Interval(1, 3), Nat,
		function([]Value{Int(2), Int(3)}, []Value{Str("x"), Str("y")}), Str("y"), set(Str("x")),
	}
	for name, group := range map[string][]Value{
		"model values": {swap(m(0), m(1)), swap(m(1), m(2)), swap(m(0), m(2))},
		"numbers":      {swap(Int(1), Int(2)), swap(Int(2), Int(3))},
		"strings":      {swap(Str("x"), Str("y"))},
		"nothing":      nil,
	} {
		t.Run(name, func(t *testing.T) {
			orbits := NewOrbits(group)
			for range 2 { // the second time from the table
				for _, v := range values {
					o := orbits.Of(v)
					least, fixed := v.Hash(), true
					for i, p := range group {
						image := permute(v, p, map[Value]Value{}).Hash()
						least, fixed = min(least, image), fixed && image == v.Hash()
						if o.Hashes != nil {
							require.Equal(t, image, o.Hashes[i+1], "%s by %s", v, p)
						}
					}
					require.Equal(t, fixed, o.Hashes == nil, "%s", v)
					if !fixed {
						require.Equal(t, v.Hash(), o.Hashes[0])
						require.Equal(t, least, o.Least)
						for _, i := range o.At {
							require.Equal(t, least, o.Hashes[i])
						}
					}
				}
			}
		})
	}
}
