// Initial states that several workers find together: the same ones, and the same errors.

package check_test

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

const manyInitialStates = `---- MODULE Many ----
EXTENDS Integers, FiniteSets, TLC
VARIABLES x, y, z
Few == \E k \in {0, 1}: x \in k .. 60 /\ y \in 1 .. 60 /\ z \in {x % 3, 7 * k}
Deep == \E f \in [1 .. 3 -> 1 .. 12], g \in {1, 2}: x = f /\ y = f[1] /\ IF g = 1 THEN z = f[2] ELSE z \in {f[2], f[3]}
Mixed == \/ x = 0 /\ y = 0 /\ z = 0
         \/ x \subseteq 1 .. 12 /\ (y = 1 \/ y = Cardinality(x)) /\ \A i \in {1}: z \in {i, 2}
Alone == x \in 1 .. 9000 /\ y = x /\ z = x
Printed == Alone /\ (x > 2 \/ PrintT(x))
Fails == Few /\ (x < 30 \/ y < 47 \/ y \div (z - 2) < 100)
Incomplete == x \in 1 .. 200 /\ y \in 1 .. 200 /\ (x + y < 250 => z = 1)
Next == UNCHANGED <<x, y, z>>
Known == z < 20 \/ x # 8111
Kept == y % 7 # 3
Inside == x # 17 \/ y # 3
====
`

func TestWorkersShareTheInitialStates(t *testing.T) {
	for _, init := range []string{"Few", "Deep", "Mixed", "Alone"} {
		for _, extra := range []string{"", "CONSTRAINT Kept\n"} {
			m := loadText(t, "Many", manyInitialStates, "INIT "+init+"\nNEXT Next\n"+extra)
			one := check(t, m, tla.CheckOptions{Workers: 1, Coverage: true})
			require.Equal(t, tla.OK, one.Verdict, "%s: %v", one.Message, one.Err)
			require.Greater(t, one.Initial, int64(1000))
			for _, workers := range []int{3} {
				some := check(t, m, tla.CheckOptions{Workers: workers, Coverage: true})
				require.Equal(t, tla.OK, some.Verdict)
				require.Equal(t, []int64{one.Initial, one.Generated, one.Distinct}, []int64{some.Initial, some.Generated, some.Distinct}, init)
				require.Equal(t, one.Coverage, some.Coverage, init)
			}
		}
	}
}

// What is wrong with initial states is told as one worker tells it, with its figures.
func TestErrorsAmongSharedInitialStates(t *testing.T) {
	for _, config := range []string{"INIT Fails\n", "INIT Incomplete\n", "INIT Alone\nINVARIANT Known\n", "INIT Few\nINVARIANT Inside\n"} {
		m := loadText(t, "Many", manyInitialStates, config+"NEXT Next\n")
		one := check(t, m, tla.CheckOptions{Workers: 1})
		require.NotEqual(t, tla.OK, one.Verdict)
		for range 3 {
			some := check(t, m, tla.CheckOptions{Workers: 3})
			require.Equal(t, one.Code, some.Code)
			require.Equal(t, one.Message, some.Message)
			require.Equal(t, one.Err, some.Err)
			require.Equal(t, one.Behavior, some.Behavior)
			require.Equal(t, []int64{one.Generated, one.Distinct}, []int64{some.Generated, some.Distinct}, config)
		}
	}
}

// An initial predicate that prints is gone through once.
func TestInitialStatesThatPrintAreNotShared(t *testing.T) {
	m := loadText(t, "Many", manyInitialStates, "INIT Printed\nNEXT Next\n")
	var lines atomic.Int64
	check(t, m, tla.CheckOptions{Workers: 3, Print: func(line string) { lines.Add(int64(strings.Count(line, "") - 1)) }})
	require.Equal(t, int64(2), lines.Load())
}

// A search that is canceled while workers share the initial states leaves no goroutine behind.
func TestSharedInitialStatesAreCanceled(t *testing.T) {
	m := loadText(t, "Many", strings.Replace(manyInitialStates, "Next ==", "Endless == x \\in 1 .. 30000 /\\ y \\in 1 .. 30000 /\\ z = 0\nNext ==", 1), "INIT Endless\nNEXT Next\n")
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := m.Check(ctx, tla.CheckOptions{Workers: 3, Interval: time.Millisecond, Progress: func(p tla.Progress) {
		if p.Generated > 20_000 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.LessOrEqual(t, runtime.NumGoroutine(), before+1) // the one that a canceled context may still be ending
}
