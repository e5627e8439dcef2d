package value

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func message(kind string, ballot int64) Value {
	d, places := RecordDomain([]string{"type", "ballot"})
	out := make([]Value, 2)
	out[places[0]], out[places[1]] = Str(kind), Int(ballot)
	return Record(d, out)
}

func insert(t *testing.T, s, x Value) Value {
	s, f := Insert(s, x)
	require.Nil(t, f)
	return s
}

// A set that grows, of which versions branch off and lose elements, is at every moment what it is as a list.
func TestGrownSetsAgreeWithLists(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	type version struct {
		set  Value
		list []Value
	}
	versions := []version{{Empty, nil}}
	for i := range int64(6000) {
		v := versions[len(versions)-1]
		if random.IntN(40) == 0 {
			v = versions[random.IntN(len(versions))] // a branch
		}
		x := message([]string{"one kind", "other kind"}[random.IntN(2)], i%500)
		if random.IntN(20) == 0 {
			x = Tuple([]Value{Int(i)}) // no record
			if len(v.list) > 0 && v.list[0].Kind() == KindRecord {
				x = message("c", i)
			}
		}
		next := version{insert(t, v.set, x), v.list}
		if !slices.Contains(v.list, x) {
			next.list = append(slices.Clip(v.list), x)
		}
		if random.IntN(300) == 0 && len(next.list) > 0 {
			gone := next.list[random.IntN(len(next.list))]
			single, _ := Set([]Value{gone})
			var f *Fault
			next.set, f = subtract(next.set, single)
			require.Nil(t, f)
			next.list = slices.DeleteFunc(slices.Clone(next.list), func(y Value) bool { return y == gone })
		}
		versions = append(versions, next)
		if i%97 == 0 || i > 5990 {
			old := versions[random.IntN(len(versions))]
			check(t, old.set, old.list)
			check(t, next.set, next.list)
		}
	}
}

func check(t *testing.T, s Value, list []Value) {
	t.Helper()
	require.Equal(t, len(list), setLen(s))
	same, f := Set(slices.Clone(list))
	require.Nil(t, f)
	require.Equal(t, same, s, "a set has one handle, however it came about")
	require.Equal(t, same.Hash(), s.Hash())
	for _, x := range list[:min(50, len(list))] {
		require.True(t, has(s, x))
	}
	require.False(t, has(s, message("none", 1)))
	want := slices.Clone(list)
	slices.SortFunc(want, Value.Compare)
	require.Equal(t, want, append([]Value{}, setElems(s)...))
	got, _, ok := Narrow(s, []Value{Str("ballot"), Str("type")}, []Value{Int(7), Str("one kind")}, math.MaxInt)
	if ok {
		hit := message("one kind", 7)
		require.Equal(t, has(s, hit), slices.Contains(got, hit))
		for _, x := range got {
			require.True(t, has(s, x), "nothing of a later version")
		}
	}
}

func TestGrownIsUsedWhereASetOnlyGrows(t *testing.T) {
	s := Empty
	for i := range int64(5 * growFrom) {
		s = insert(t, s, message("grows", i))
	}
	require.NotNil(t, bigOf(s).grown)
	half, _ := subtract(s, func() Value { x, _ := Set([]Value{message("grows", 5)}); return x }())
	require.Nil(t, bigOf(half).grown)
	for i := range int64(5 * growFrom) {
		half = insert(t, half, message("again", i))
	}
	require.Nil(t, bigOf(half).grown, "a set that loses elements is a trie")
}

func TestVersionsOfAGrownSetInManyGoroutines(t *testing.T) {
	s := Empty
	for i := range int64(2 * growFrom) {
		s = insert(t, s, message("shared", i))
	}
	var all sync.WaitGroup
	results := make([]Value, 8)
	for g := range results {
		all.Go(func() {
			mine := s
			for i := range int64(500) {
				mine, _ = Insert(mine, message("own", i+int64(g%2)*1000))
				Narrow(mine, []Value{Str("ballot")}, []Value{Int(i)}, math.MaxInt)
			}
			results[g] = mine
		})
	}
	all.Wait()
	for g, r := range results {
		require.Equal(t, results[g%2], r)
		require.Equal(t, 2*growFrom+500, setLen(r))
	}
}

// A history becomes a log long before it has a thousand elements; the versions of a search, which branch off, stay tries.
func TestSmallSetsThatGrowInLineAreGrown(t *testing.T) {
	history, search := Empty, Empty
	for i := range int64(bigThreshold + growLine) {
		history = insert(t, history, message("history", i))
		insert(t, search, message("a branch", i)) // before the version that is gone on from
		search = insert(t, search, message("search", i))
	}
	require.NotNil(t, bigOf(history).grown)
	require.Nil(t, bigOf(search).grown)
}

// What is tried from a version and given up leaves the log to whoever goes on.
func TestShortBranchesLeaveTheLogAsItWas(t *testing.T) {
	s := Empty
	var list []Value
	for i := range int64(growFrom) {
		x := message("line", i)
		s, list = insert(t, s, x), append(list, x)
	}
	log := bigOf(s).grown
	require.NotNil(t, log)
	for i := range int64(300) {
		branch, branched := s, slices.Clone(list)
		for j := range i % (growTail - growFlush + 1) {
			x := message("branch", i*100+j)
			branch, branched = insert(t, branch, x), append(branched, x)
		}
		if i%25 == 0 {
			check(t, branch, branched)
		}
		x := message("line", growFrom+i)
		s, list = insert(t, s, x), append(list, x)
		require.True(t, log == bigOf(s).grown, "after %d", i)
	}
	check(t, s, list)
}

// Since tells what came, wherever the elements are kept by now, and refuses what is no earlier version.
func TestWhatCameSince(t *testing.T) {
	s := Empty
	for i := range int64(growFrom) {
		s = insert(t, s, message("since", i))
	}
	type version struct {
		growth Growth
		n      int64
	}
	var versions []version
	grow := func(s Value, from, to int64) Value {
		for i := from; i < to; i++ {
			g, ok := GrowthOf(s)
			require.True(t, ok)
			versions = append(versions, version{g, i})
			s = insert(t, s, message("more", i))
		}
		return s
	}
	half := grow(s, 0, 20)
	grow(half, 20, 40)
	other, ok := GrowthOf(insert(t, half, message("other", 1)))
	require.True(t, ok)
	for _, v := range versions {
		for _, w := range versions {
			came, ok := w.growth.Since(&v.growth, nil)
			require.Equal(t, v.n <= w.n, ok, "%d, %d", v.n, w.n)
			for i, x := range came {
				require.Equal(t, message("more", v.n+int64(i)), x)
			}
			if ok {
				require.Len(t, came, int(w.n-v.n))
			}
		}
		came, ok := other.Since(&v.growth, nil)
		require.Equal(t, v.n <= 20, ok)
		if ok {
			require.Equal(t, message("other", 1), came[len(came)-1])
		}
	}
	_, ok = GrowthOf(Empty)
	require.False(t, ok)
}
