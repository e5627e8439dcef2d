// Successors of several states are looked at together, and nothing that is reported shows it.

package check_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// In the state At of a wide level something is wrong: with it, with a step from it, or with what follows it.
const wideLevels = `---- MODULE Levels ----
EXTENDS Integers
CONSTANTS At, Wrong
VARIABLES x, level
vars == <<x, level>>
Init == x = 0 /\ level = 0
Grow == level < 3 /\ \E i \in 1 .. 7 : x' = 7 * x + i
Stay == level >= 3 /\ x' = x
Next == /\ ~(Wrong = "deadlock" /\ x = At)
        /\ \/ (Grow \/ Stay) /\ level' = IF Wrong = "error" /\ x = At THEN 1 \div (x - At) ELSE level + 1
           \/ level = 2 /\ x' = -x /\ level' = level
        /\ level' < 5
Bound == level < 4
Inv == ~(Wrong = "state" /\ x = At) /\ (Wrong = "broken" /\ x = At => 1 \div (x - At) = 0)
Steps == [][~(Wrong = "step" /\ x = At)]_vars
====
`

func TestStatesThatAreExpandedTogetherShowNowhere(t *testing.T) {
	for _, wrong := range []string{"nothing", "state", "broken", "step", "deadlock", "error"} {
		for _, at := range []int{0, 3, 8, 9, 24, 25, 39, 56, -20, 57, 200, 399} {
			config := fmt.Sprintf("INIT Init\nNEXT Next\nCONSTRAINT Bound\nINVARIANT Inv\nPROPERTY Steps\nCONSTANTS At = %d Wrong = %q\n", at, wrong)
			m := loadText(t, "Levels", wideLevels, config)
			together, err := m.Check(t.Context(), tla.CheckOptions{})
			require.NoError(t, err)
			alone, err := m.Check(t.Context(), tla.CheckOptions{Coverage: true}) // the successors of each state by themselves
			require.NoError(t, err)
			require.Equal(t, wrong == "nothing", together.Verdict == tla.OK, "%s at %d: %s", wrong, at, together.Message)
			require.Equal(t, alone.Verdict, together.Verdict)
			require.Equal(t, alone.Message, together.Message)
			require.Equal(t, alone.Behavior, together.Behavior)
			require.Equal(t, []int64{alone.Generated, alone.Distinct, alone.Queue, int64(alone.Depth)},
				[]int64{together.Generated, together.Distinct, together.Queue, int64(together.Depth)}, "%s at %d", wrong, at)
		}
	}
}
