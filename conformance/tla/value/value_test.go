package value

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func set(t testing.TB, elems ...Value) Value {
	t.Helper()
	s, f := Set(append([]Value(nil), elems...))
	require.Nil(t, f)
	return s
}

func ints(from, to int64) []Value {
	var l []Value
	for i := from; i <= to; i++ {
		l = append(l, Int(i))
	}
	return l
}

func parse(t testing.TB, itf string) Value {
	t.Helper()
	v, err := ParseITF([]byte(itf), func(s string) bool { return s == "m1" || s == "m2" })
	require.NoError(t, err, itf)
	return v
}

// Every way of writing a value down leads to one handle, and it prints as TLC prints it.
func TestOneHandleOneText(t *testing.T) {
	for _, c := range []struct{ a, b, text string }{
		{`{"#set":[3,1,2,1]}`, `{"#set":[1,2,3]}`, "{1, 2, 3}"},
		{`{"#tup":[1,"a"]}`, `{"#map":[[2,"a"],[1,1]]}`, `<<1, "a">>`},
		{`{"a":1,"b":true}`, `{"#map":[["b",true],["a",1]]}`, "[a |-> 1, b |-> TRUE]"},
		{`{"#map":[[0,5],[-1,6]]}`, `{"#map":[[-1,6],[0,5]]}`, "(-1 :> 6 @@ 0 :> 5)"},
		{`{"#map":[]}`, `{}`, "<<>>"},
		{`{"#set":[{"#set":[1,2]},{"#set":[9]},{"#set":[]}]}`, `{"#set":[{"#set":[]},{"#set":[2,1]},{"#set":[9]}]}`, "{{}, {9}, {1, 2}}"},
		{`{"#bigint":"12"}`, `12`, "12"},
		{`"q\"\\\n"`, `"q\"\\\n"`, `"q\"\\\n"`},
		{`{"#set":[1,"m1"]}`, `{"#set":["m1",1]}`, "{m1, 1}"},
	} {
		a, b := parse(t, c.a), parse(t, c.b)
		require.Equal(t, a, b, c.a)
		require.Equal(t, c.text, a.String())
		itf, err := a.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, a, parse(t, string(itf)))
	}
}

func TestITFRefusals(t *testing.T) {
	for _, bad := range []string{``, `null`, `1.5`, `1 2`, `{"#set":1}`, `{"#set":[1,"a"]}`, `{"#map":[[1]]}`, `{"#map":[[1,2],[1,3]]}`,
		`{"#what":[]}`, `{"#bigint":1}`, `{"#bigint":"x"}`, `99999999999999999999`, `[`, `{"#unserializable":"x"}`} {
		_, err := ParseITF([]byte(bad), nil)
		require.Error(t, err, bad)
	}
}

// TLC refuses to compare values of different kinds, wherever in the two values they meet.
func TestSameRefusesUnlikeValues(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
		ok   bool
	}{
		{`1`, `1`, true, true},
		{`1`, `2`, false, true},
		{`1`, `"a"`, false, false},
		{`true`, `1`, false, false},
		{`{"#tup":[1,2]}`, `{"#tup":[1,"a"]}`, false, false},
		{`{"#tup":[1,2]}`, `{"#tup":[2,"a"]}`, false, true},
		{`{"#tup":[1,2]}`, `{"#tup":["a"]}`, false, true},
		{`{"#set":[1]}`, `{"#set":["a"]}`, false, false},
		{`{"#set":[1]}`, `{"#set":["a","b"]}`, false, true},
		{`{"#set":[]}`, `{"#set":["a"]}`, false, true},
		{`{"t":"x","v":1}`, `{"t":"y","v":"s"}`, false, true},
		{`{"t":"x","v":1}`, `{"t":"x","v":"s"}`, false, false},
		{`{"t":"x","v":1}`, `{"t":"x","w":"s"}`, false, true},
		{`"m1"`, `1`, false, true},
		{`"m1"`, `"m2"`, false, true},
		{`{"#tup":[1]}`, `{"#set":[1]}`, false, false},
	} {
		same, f := Same(parse(t, c.a), parse(t, c.b))
		require.Equal(t, c.same, same, "%s = %s", c.a, c.b)
		require.Equal(t, c.ok, f == nil, "%s = %s: %v", c.a, c.b, f)
	}
}

func TestSymbolicSets(t *testing.T) {
	iv := Interval(1, 3)
	sub, _ := Subset(iv)
	require.Equal(t, "{{}, {1}, {2}, {3}, {1, 2}, {1, 3}, {2, 3}, {1, 2, 3}}", sub.String())
	fs, _ := FuncSet(set(t, Int(1), Int(2)), Interval(0, 1))
	require.Equal(t, "{<<0, 0>>, <<0, 1>>, <<1, 0>>, <<1, 1>>}", fs.String())
	nats, _ := FuncSet(iv, Nat)
	for _, c := range []struct {
		x, s Value
		in   bool
		ok   bool
	}{
		{Int(2), iv, true, true}, {Int(4), iv, false, true}, {Str("a"), iv, false, false},
		{set(t, Int(1), Int(3)), sub, true, true}, {set(t, Int(4)), sub, false, true}, {iv, sub, true, true}, {Int(1), sub, false, false},
		{Int(5), Nat, true, true}, {Int(-5), Nat, false, true}, {Int(-5), Integers, true, true}, {Str("s"), Nat, false, false},
		{Tuple(ints(7, 9)), nats, true, true}, {Tuple(ints(7, 8)), nats, false, true}, {Tuple(ints(-1, 1)), nats, false, true},
		{ModelValue("m1"), Nat, false, true},
	} {
		in, f := In(c.x, c.s)
		require.Equal(t, c.in, in, "%s in %s", c.x, c.s)
		require.Equal(t, c.ok, f == nil, "%s in %s", c.x, c.s)
	}
	n, f := Cardinality(sub)
	require.Nil(t, f)
	require.EqualValues(t, 8, n)
	_, f = Cardinality(Nat)
	require.NotNil(t, f)
	_, f = Elements(nats)
	require.NotNil(t, f)
	same, f := Same(iv, set(t, ints(1, 3)...))
	require.Nil(t, f)
	require.True(t, same)
	_, f = Same(Nat, iv)
	require.NotNil(t, f, "TLC does not compare an infinite set with an enumerated one")
	same, f = Same(Nat, Integers)
	require.Nil(t, f)
	require.False(t, same)
	in, f := Subseteq(nats, symbolicFuncs(t, iv, Integers))
	require.Nil(t, f)
	require.True(t, in)
	huge, _ := Subset(Interval(1, 100))
	_, f = Canonical(huge)
	require.NotNil(t, f)
}

func symbolicFuncs(t *testing.T, s, u Value) Value {
	v, f := FuncSet(s, u)
	require.Nil(t, f)
	return v
}

// A set has one handle and one hash whichever way it was built, on both sides of the size at which it becomes a trie.
func TestLargeSetsAreCanonical(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int64{10, 63, 64, 65, 500} {
		elems := ints(1, n)
		want := set(t, elems...)
		for range 3 {
			rng.Shuffle(len(elems), func(i, j int) { elems[i], elems[j] = elems[j], elems[i] })
			s := Empty
			for _, e := range elems {
				var f *Fault
				s, f = Insert(s, e)
				require.Nil(t, f)
			}
			require.Equal(t, want, s)
			more, f := Insert(s, Int(n+1))
			require.Nil(t, f)
			require.NotEqual(t, want, more)
			back, f := Subtract(more, set(t, Int(n+1)))
			require.Nil(t, f)
			require.Equal(t, want, back)
		}
		require.True(t, slices.IsSortedFunc(want.Elems(), Value.Compare))
		half, f := Intersect(want, Interval(1, n/2))
		require.Nil(t, f)
		require.Equal(t, set(t, ints(1, n/2)...), half)
		again, f := Union(half, set(t, ints(n/2+1, n)...))
		require.Nil(t, f)
		require.Equal(t, want, again)
	}
}

// An index finds what a scan finds, also in sets that were made from an indexed one.
func TestFieldIndex(t *testing.T) {
	record := func(typ string, b int64) Value {
		d, at := RecordDomain([]string{"type", "bal"})
		v := make([]Value, 2)
		v[at[0]], v[at[1]] = Str(typ), Int(b)
		return Record(d, v)
	}
	odd := set(t, parse(t, `{"other":1}`))
	s := Empty
	names := []Value{Str("type"), Str("bal")}
	for i := int64(0); i < 300; i++ {
		s, _ = Insert(s, record([]string{"1a", "1b", "2a"}[i%3], i/6))
		if i == 100 {
			var f *Fault
			s, f = Union(s, odd)
			require.Nil(t, f)
		}
		if i < 200 {
			continue
		}
		want := map[Value]bool{}
		for _, m := range s.Elems() {
			typ, ok := m.Field("type")
			bal, _ := m.Field("bal")
			if !ok || typ == Str("1b") && bal == Int(i/6) {
				want[m] = true
			}
		}
		got, _, ok := Narrow(s, names, []Value{Str("1b"), Int(i / 6)}, math.MaxInt)
		require.True(t, ok)
		require.Less(t, len(got), 10)
		for m := range want {
			require.Contains(t, got, m)
		}
	}
	without, f := Subtract(s, set(t, record("1b", 49)))
	require.Nil(t, f)
	got, _, _ := Narrow(without, names, []Value{Str("1b"), Int(49)}, math.MaxInt)
	require.NotContains(t, got, record("1b", 49))
}

// Goroutines that make the same values at once get the same handles.
func TestConcurrentInterning(t *testing.T) {
	var wg sync.WaitGroup
	results := make([][]Value, 4)
	for g := range results {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s := Empty
			for i := range int64(2000) {
				tuple := Tuple([]Value{Int(i % 500), Str("c"), Int(i)})
				results[g] = append(results[g], tuple)
				s, _ = Insert(s, tuple)
			}
			results[g] = append(results[g], s)
		}()
	}
	wg.Wait()
	for _, r := range results {
		require.Equal(t, results[0], r)
	}
}

func BenchmarkInsertIntoMillion(b *testing.B) {
	elems := make([]Value, 1_000_000)
	for i := range elems {
		elems[i] = Tuple([]Value{Int(int64(i)), Str("m")})
	}
	s, _ := Set(elems)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		s, _ = Insert(s, Tuple([]Value{Int(int64(2_000_000 + i)), Str("m")}))
	}
}
