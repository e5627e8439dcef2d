package value

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// samples are values of every form, some that share parts, large sets and a structure with memory of its own.
func samples(t *testing.T, salt int64) []Value {
	t.Helper()
	set := func(elems ...Value) Value {
		s, f := Set(elems)
		require.Nil(t, f)
		return s
	}
	rec := func(names []string, values ...Value) Value {
		d, places := RecordDomain(names)
		out := make([]Value, len(values))
		for i, p := range places {
			out[p] = values[i]
		}
		return Record(d, out)
	}
	var many, long []Value
	for i := range int64(500) {
		many = append(many, rec([]string{"type", "n"}, Str("m"), Int(salt+i)))
	}
	for i := range int64(5000) {
		long = append(long, Int(salt+i))
	}
	big := set(many...)
	f, fault := FuncOf([]Value{Int(5), Int(7)}, []Value{Int(salt), big})
	require.Nil(t, fault)
	return []Value{True, Int(-3), Str("text"), ModelValue("mv"), Tuple([]Value{Int(salt), Str("x")}), big, f,
		set(Tuple([]Value{Int(salt)}), Tuple([]Value{Int(salt + 1)})), rec([]string{"messages", "log"}, big, Tuple(long)),
		set(big), Interval(salt, salt+9), Nat}
}

func TestPackedValuesOutliveARelease(t *testing.T) {
	before := samples(t, 1000)
	mark := TakeMark()
	values := samples(t, 9000)
	var texts []string
	var hashes []uint64
	for _, v := range values {
		texts, hashes = append(texts, v.String()), append(hashes, v.Hash())
	}
	packed := mark.Pack(nil, values)
	mark.Release()
	for i := range int64(5000) { // something else takes the memory
		Tuple([]Value{Int(i), Int(77)})
	}
	back, err := Unpack(packed)
	require.NoError(t, err)
	for i, v := range back {
		require.Equal(t, texts[i], v.String())
		require.Equal(t, hashes[i], v.Hash())
		if values[i].tag() >= tagTuple && !mark.has(values[i]) {
			require.NotEqual(t, values[i], v, "a handle is never given out twice: %s", texts[i])
		}
	}
	again := samples(t, 9000)
	require.Equal(t, back, again, "what was unpacked is what is made of the same parts")
	require.Equal(t, before, samples(t, 1000), "what was before the mark stays")
	mark.Release()
}

func TestPackedValuesThatAreNone(t *testing.T) {
	mark := TakeMark()
	packed := mark.Pack(nil, samples(t, 100_000))
	for n := range packed {
		if n < 200 || n > len(packed)-200 {
			_, err := Unpack(packed[:n])
			require.Error(t, err, n)
		}
	}
	_, err := Unpack(append(packed, 0))
	require.Error(t, err)
	mark.Release()
}

func TestReleaseBoundsTheHeap(t *testing.T) {
	mark := TakeMark()
	var most int64
	for round := range int64(30) {
		for i := range int64(20_000) {
			Tuple([]Value{Int(round), Int(i), Str(fmt.Sprint(i % 10))})
		}
		most = max(most, mark.Used())
		mark.Release()
		require.Zero(t, mark.Used())
	}
	require.Less(t, most, int64(8*(64*blockWords+3*20_000*5)))
	require.Equal(t, Str("3"), Str(fmt.Sprint(3)), "strings stay")
}

// Chunks are numbered on and on, and their places come round: what a mark keeps stays where it is.
func TestReleaseKeepsWhatTheMarkHasWhenPlacesComeRound(t *testing.T) {
	before := samples(t, 1000)
	var texts []string
	for _, v := range before {
		texts = append(texts, v.String())
	}
	for range 3 {
		mark := TakeMark()
		heap.mu.Lock()
		heap.n += maxChunks - 2 // as if so many had been taken and released
		heap.mu.Unlock()
		for i := range int64(100_000) {
			Tuple([]Value{Int(i), Int(123_456)})
		}
		mark.Release()
		for i, v := range before {
			require.Equal(t, texts[i], v.String())
		}
		require.Equal(t, before, samples(t, 1000))
	}
}

// Numbers of chunks come to an end. Once most have been used, a release has them given out anew: values of before the mark
// stay, and those that were packed come back as they were.
func TestNumbersOfChunksAreGivenOutAgain(t *testing.T) {
	before := samples(t, 1000)
	var texts []string
	for _, v := range before {
		texts = append(texts, v.String())
	}
	mark := TakeMark()
	values := samples(t, 9000)
	var packedTexts []string
	for _, v := range values {
		packedTexts = append(packedTexts, v.String())
	}
	packed := mark.Pack(nil, values)
	for round := range int64(3) {
		heap.mu.Lock()
		heap.n, heap.used = maxNumber-4, chunkWords // as if nearly all had been taken
		heap.mu.Unlock()
		back := samples(t, 9000+round)
		require.Len(t, back, len(values))
		mark.Release()
		require.Equal(t, mark.chunks, heap.n)
		require.Zero(t, mark.Used())
		require.Len(t, ownList(), int(mark.own))
		restored, err := Unpack(packed)
		require.NoError(t, err)
		for i, v := range restored {
			require.Equal(t, packedTexts[i], v.String())
		}
		for i, v := range before {
			require.Equal(t, texts[i], v.String())
		}
		require.Equal(t, before, samples(t, 1000))
		require.Equal(t, restored, samples(t, 9000))
		mark.Release()
	}
}

// Where no number is left, and nothing was released, that is an error and not a panic.
func TestMemoryForValuesThatIsExhausted(t *testing.T) {
	mark := TakeMark()
	packed := mark.Pack(nil, samples(t, 31_000))
	mark.Release()
	heap.mu.Lock()
	n := heap.n
	heap.n, heap.used = maxNumber, chunkWords
	heap.mu.Unlock()
	defer func() {
		heap.mu.Lock()
		heap.n = n
		heap.mu.Unlock()
	}()
	_, err := Unpack(packed)
	require.ErrorContains(t, err, "the memory for them is exhausted")
	_, err = ParseITF([]byte(`{"#tup":[31000,31001,31002]}`), nil)
	require.ErrorContains(t, err, "the memory for them is exhausted")
	v, err := ParseITF([]byte(`31000`), nil)
	require.NoError(t, err)
	require.Equal(t, Int(31000), v, "a number needs no memory")
}
