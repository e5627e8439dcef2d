// Groups of permutations: what the symmetry sets generate, however large it is.

package check_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// marks are n values, each of which is marked once; symmetry is the set of permutations.
func marks(t *testing.T, n int, symmetry string) (*tla.Result, error) {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("m%d", i+1))
	}
	module := `---- MODULE Marks ----
EXTENDS TLC
CONSTANTS S, ` + strings.Join(names, ", ") + `
VARIABLE marked
Init == marked = {}
Next == \E s \in S \ marked : marked' = marked \cup {s}
Turn == ` + turned(names) + `
Swap == m1 :> m2 @@ m2 :> m1
Symmetry == ` + symmetry + `
====`
	var config strings.Builder
	fmt.Fprintf(&config, "INIT Init\nNEXT Next\nSYMMETRY Symmetry\nCONSTANT S = {%s}\n", strings.Join(names, ", "))
	for _, name := range names {
		fmt.Fprintf(&config, "CONSTANT %s = %s\n", name, name)
	}
	files := fstest.MapFS{"Marks.tla": {Data: []byte(module)}, "Marks.cfg": {Data: []byte(config.String())}}
	m, err := tla.Load("Marks.tla", tla.Options{FS: files, Config: "Marks.cfg"})
	require.NoError(t, err)
	return m.Check(context.Background(), tla.CheckOptions{NoDeadlock: true, Workers: 1})
}

// turned is the permutation that takes each value to the next one.
func turned(names []string) string {
	var pairs []string
	for i, name := range names {
		pairs = append(pairs, name+" :> "+names[(i+1)%len(names)])
	}
	return strings.Join(pairs, " @@ ")
}

// All 40,320 permutations of eight values are used, whether they are listed or follow from two of them.
func TestALargeGroupIsWhole(t *testing.T) {
	for _, symmetry := range []string{"Permutations(S)", "{Turn, Swap}"} {
		r, err := marks(t, 8, symmetry)
		require.NoError(t, err)
		require.EqualValues(t, 9, r.Distinct, "%s: how many are marked is all that differs", symmetry)
	}
}

// To turn values around is all that is allowed: which of them are marked together does matter.
func TestASmallGroupIsNotMadeLarger(t *testing.T) {
	r, err := marks(t, 6, "{Turn}")
	require.NoError(t, err)
	require.EqualValues(t, 14, r.Distinct, "necklaces of six beads in two colours")
}

func TestASymmetrySetThatCannotBeUsed(t *testing.T) {
	_, err := marks(t, 3, "{m1 :> m2}")
	require.ErrorContains(t, err, "must consist of permutations")
	_, err = marks(t, 3, "{[s \\in S |-> m1]}")
	require.ErrorContains(t, err, "must consist of permutations")
	_, err = marks(t, 12, "{Turn, Swap}")
	require.ErrorContains(t, err, "permute 12 values in more than 1000000 ways")
}
