// States wait to be explored in 32 bits a variable where that is enough, and in more where it is not.

package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

const wideValues = `---- MODULE Wide ----
EXTENDS Integers
VARIABLES x, y
Init == x \in 0 .. 150 /\ y = -1
Next == \/ y < 0 /\ x' = (IF x % 40 = 39 THEN 2000000000 - x ELSE -x) /\ y' = 134217727 + (x % 3)
        \/ y > 0 /\ y' = 0 /\ x' = x
Sum == y # 0 \/ x \in -150 .. 0 \/ x \in {1999999961, 1999999921, 1999999881}
NotLast == ~(y = 0 /\ x = 1999999881)
====
`

func TestStatesOfAllWidthsWait(t *testing.T) {
	for _, workers := range []int{1, 3} {
		m := loadText(t, "Wide", wideValues, "INIT Init\nNEXT Next\nINVARIANT Sum\n")
		r := check(t, m, tla.CheckOptions{Workers: workers})
		require.Equal(t, tla.OK, r.Verdict, r.Message)
		require.Equal(t, int64(3*151), r.Distinct)
		require.Equal(t, int64(3*151), r.Generated)

		r = check(t, loadText(t, "Wide", wideValues, "INIT Init\nNEXT Next\nINVARIANT NotLast\n"), tla.CheckOptions{Workers: workers})
		require.Equal(t, tla.Safety, r.Verdict)
		require.Len(t, r.Behavior, 3)
		x, _ := r.Behavior[0].State.Get("x")
		require.Equal(t, "119", x.String())
	}
}
