// What is random is drawn again in the same way when a behaviour is found again.

package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

func TestARandomBehaviourIsFoundAgain(t *testing.T) {
	m := load(t, `EXTENDS Integers, TLC, Randomization
VARIABLES n, x
Init == n = 0 /\ x \in RandomSubset(3, 1..100000000)
Next == n' = n + 1 /\ x' = RandomElement(1..1000000000)
Short == n < 3`, "INIT Init\nNEXT Next\nINVARIANT Short")
	r := check(t, m, tla.CheckOptions{Workers: 2})
	require.Equal(t, tla.Safety, r.Verdict)
	require.Len(t, r.Behavior, 4)
	for i, step := range r.Behavior {
		n, _ := step.State.Get("n")
		require.Equal(t, tla.Int(int64(i)), n)
	}
}
