package check_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// liveModel loads Live.tla with its next-state relation and the given lines of configuration.
func liveModel(t *testing.T, lines string) *tla.Model {
	source, err := os.ReadFile("testdata/Live.tla")
	require.NoError(t, err)
	source = append(source[:len(source)-len("=============================================================================\n")],
		"NeverThree == x # 3\n\nNeverTwo == x # 2\n\nNeverDown == [][x' = 3 \\/ x' >= x \\/ x # 2]_vars\n\nSmall == x < 4\n\nFine == 1 < 2\n\nWrong == 2 < 1\n\nShown == [number |-> x + 1]\n"+
			"=============================================================================\n"...)
	files := fstest.MapFS{"Live.tla": {Data: source}, "Live.cfg": {Data: []byte("INIT Init\nNEXT Next\n" + lines)}}
	m, err := tla.Load("Live.tla", tla.Options{FS: files, Config: "Live.cfg"})
	require.NoError(t, err)
	return m
}

func check(t *testing.T, m *tla.Model, opts tla.CheckOptions) *tla.Result {
	opts.NoDeadlock = true
	r, err := m.Check(t.Context(), opts)
	require.NoError(t, err)
	return r
}

func TestDepthFirstFindsTheSameStates(t *testing.T) {
	m := liveModel(t, "INVARIANT Small\n")
	broad, deep := check(t, m, tla.CheckOptions{}), check(t, m, tla.CheckOptions{DepthFirst: true})
	require.Equal(t, tla.OK, deep.Verdict)
	require.Equal(t, broad.Distinct, deep.Distinct)
	require.Equal(t, broad.Generated, deep.Generated)

	r := check(t, liveModel(t, "INVARIANT NeverThree\n"), tla.CheckOptions{DepthFirst: true})
	require.Equal(t, tla.Safety, r.Verdict)
	x, _ := r.Behavior[len(r.Behavior)-1].State.Get("x")
	require.Equal(t, "3", x.String())
}

func TestSimulationFollowsItsSeed(t *testing.T) {
	m := liveModel(t, "INVARIANT NeverThree\n")
	run := func(seed uint64) *tla.Result {
		return check(t, m, tla.CheckOptions{Simulation: &tla.Simulation{Behaviors: 200, Depth: 20, Seed: seed}})
	}
	first, again := run(1), run(1)
	require.Equal(t, tla.Safety, first.Verdict)
	require.Equal(t, 12, first.Code)
	require.Equal(t, first.Generated, again.Generated)
	require.Equal(t, len(first.Behavior), len(again.Behavior))
	lengths := map[int]bool{}
	for seed := range uint64(20) {
		lengths[len(run(seed).Behavior)] = true
	}
	require.Greater(t, len(lengths), 1, "other seeds, other behaviours")

	r := check(t, liveModel(t, "INVARIANT Small\n"), tla.CheckOptions{Simulation: &tla.Simulation{Behaviors: 50, Depth: 20, Seed: 1}})
	require.Equal(t, tla.OK, r.Verdict)
	require.Equal(t, int64(50), r.Behaviors)
}

func TestCoverageCountsEveryStep(t *testing.T) {
	r := check(t, liveModel(t, "INVARIANT Small\n"), tla.CheckOptions{Coverage: true})
	var generated, distinct int64
	counts := map[string]int64{}
	for _, a := range r.Coverage {
		generated += a.Generated
		distinct += a.Distinct
		counts[a.Action] = a.Generated
	}
	require.Equal(t, r.Generated, generated)
	require.Equal(t, r.Distinct, distinct)
	require.Equal(t, int64(1), counts["Grab"], "the exit is open in one state")
	require.Nil(t, check(t, liveModel(t, "INVARIANT Small\n"), tla.CheckOptions{}).Coverage)
}

// What is conjoined with a choice among actions does not name the step.
func TestTheActionAmongConjunctsNamesTheStep(t *testing.T) {
	const module = `---- MODULE Pair ----
EXTENDS Naturals
VARIABLES x, y
Init == x = 0 /\ y = 0
Up == x < 2 /\ x' = x + 1
Down == x = 2 /\ x' = 0
Move == Up \/ Down
Put(i) == x = 1 /\ x' = i
Same == y' = y
Most == x < 9 /\ \/ x < 2 /\ Up
                 \/ \E i \in {2} : y = 0 /\ Put(i)
Guarded(i) == \E j \in {i} : y = 0 /\ Put(j)
Next == NEXT
Spec == Init /\ [][Next]_<<x, y>>
====`
	for next, want := range map[string]map[string]int64{
		`Move /\ Same`: {"Init": 1, "Up": 2, "Down": 1},
		`Same /\ Move`: {"Init": 1, "Up": 2, "Down": 1},
		`((\E i \in {2} : Put(i)) /\ Same) \/ (Up /\ Same)`: {"Init": 1, "Put": 1, "Up": 2},
		`Most /\ Same`:                              {"Init": 1, "Put": 1, "Up": 2},
		`(Guarded(2) /\ Same) \/ (Up /\ Same)`:      {"Init": 1, "Guarded": 1, "Up": 2},
		`(Same /\ Up) \/ (x = 2 /\ Put(1) /\ Same)`: {"Init": 1, "Same": 2, "Put": 0},
	} {
		for _, behavior := range []string{"SPECIFICATION Spec", "INIT Init\nNEXT Next"} {
			files := fstest.MapFS{
				"Pair.tla": {Data: []byte(strings.Replace(module, "NEXT", next, 1))}, "Pair.cfg": {Data: []byte(behavior)},
			}
			m, err := tla.Load("Pair.tla", tla.Options{FS: files, Config: "Pair.cfg"})
			require.NoError(t, err)
			counts := map[string]int64{}
			for _, a := range check(t, m, tla.CheckOptions{Coverage: true}).Coverage {
				counts[a.Action] = a.Generated
			}
			require.Equal(t, want, counts, "%s, %s", next, behavior)
		}
	}
}

func TestPostconditionAndAlias(t *testing.T) {
	require.Equal(t, tla.OK, check(t, liveModel(t, "POSTCONDITION Fine\n"), tla.CheckOptions{}).Verdict)
	require.Equal(t, tla.Postcondition, check(t, liveModel(t, "POSTCONDITION Wrong\n"), tla.CheckOptions{}).Verdict)
	r := check(t, liveModel(t, "INVARIANT NeverThree\nALIAS Shown\n"), tla.CheckOptions{})
	last := r.Behavior[len(r.Behavior)-1]
	require.Len(t, last.Shown, 1)
	require.Equal(t, "number", last.Shown[0].Name)
	require.Equal(t, "4", last.Shown[0].Value.String())
}
