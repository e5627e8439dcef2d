// Fuzzing: corrupted traces, by their seeds and by their bytes. What can be said of every one of them needs no judge.

package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"synod/conformance"
	"synod/trace"
)

// FuzzTwin corrupts a simulated trace by a seed. Files are refused exactly where they do not fit together, and what is
// legal in the merged order is legal in some order.
func FuzzTwin(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed%5, seed)
	}
	s := register(root)
	f.Fuzz(func(t *testing.T, from, seed uint64) {
		b, err := simulated(s, from%1000, 30)
		require.NoError(t, err)
		tw := newTwin(b, seed)
		loaded, err := conformance.LoadSpec(s.path, conformance.SpecOptions{Config: s.config, Headers: b.headers})
		require.NoError(t, err)
		v, events, err := checked(t.Context(), loaded, tw.texts(), true)
		require.NoError(t, err)
		require.Equal(t, inconsistent(tw.files()) != "", v.bad != "", "%s %s", &tw, v.bad)
		if v.bad != "" {
			return
		}
		require.Len(t, events, len(tw.events))
		for name := range v.never {
			require.Contains(t, v.stuck, name, "%s: no order is legal, yet the merged one is", &tw)
		}
	})
}

// FuzzTraceText replaces bytes of a conforming trace. Whatever comes of it is a verdict or an error with a place, and a
// trace that still says the same still conforms.
func FuzzTraceText(f *testing.F) {
	s := register(root)
	b, err := simulated(s, 3, 40)
	if err != nil {
		f.Fatal(err)
	}
	base := twin{b, itself, renumber(b.events, true)}
	whole := base.texts()
	loaded, err := conformance.LoadSpec(s.path, conformance.SpecOptions{Config: s.config, Headers: b.headers})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint16(0), uint16(500), uint16(1), []byte("7"))
	f.Add(uint16(1), uint16(700), uint16(3), []byte(nil))
	f.Add(uint16(2), uint16(9), uint16(0), []byte("\n"))
	f.Fuzz(func(t *testing.T, file, at, length uint16, with []byte) {
		texts := append([]txtar.File(nil), whole...)
		x := &texts[int(file)%len(texts)]
		from := min(int(at), len(x.Data))
		to := min(from+int(length), len(x.Data))
		x.Data = bytes.Join([][]byte{x.Data[:from], x.Data[to:]}, with)
		v, _, err := checked(t.Context(), loaded, texts, false)
		if err != nil {
			return // the specification cannot be evaluated with such a value; that is told, and no verdict
		}
		if v.bad == "" && bytes.Equal(x.Data, whole[int(file)%len(texts)].Data) {
			require.Empty(t, v.stuck)
		}
		_, err = trace.Read(x.Name, bytes.NewReader(x.Data))
		require.True(t, err == nil || v.bad != "", "what cannot be read is no trace: %v", err)
	})
}
