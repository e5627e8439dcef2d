// The simulator: the same seed gives the same trace, the cores pass every checker, and each checker can say no.

package sim_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/sim"
	"synod/tools/simulate/judge"
	"synod/tools/simulate/requests"
	"synod/trace"
)

var (
	first = flag.Uint64("seed", 1, "the first seed of TestSeeds")
	seeds = flag.Uint64("seeds", 200, "how many seeds TestSeeds has")
)

const spec = "../../spec/register/Register.tla"

// traces gives all of a run's traces in one text.
func traces(r *sim.Result) []byte {
	var b []byte
	for _, f := range r.Files() {
		b = append(b, sim.Lines(f)...)
	}
	return b
}

func TestTheSameSeedGivesTheSameTrace(t *testing.T) {
	different := map[string]bool{}
	for seed := range uint64(100) {
		one, two := sim.Run(sim.Generate(seed), 0), sim.Run(sim.Generate(seed), 0)
		require.Equal(t, one.Events, two.Events)
		require.Equal(t, one.Answers, two.Answers)
		require.True(t, bytes.Equal(traces(one), traces(two)), "seed %d", seed)
		different[string(traces(one))] = true
	}
	require.Len(t, different, 100, "other seeds give other traces")
}

// The real store instead of the simulator's disk changes nothing: the two keep the same in every crash.
func TestTheRealStoreGivesTheSameTrace(t *testing.T) {
	restarts := 0
	for seed := range uint64(12) {
		s := sim.Generate(seed)
		s.Bytes = false // the store's file system loses what was not synced, and damages nothing
		onStore := sim.RunOn(s, 0, func(node string) sim.Disk {
			disk, closing := sim.NewStore(node)
			t.Cleanup(func() { require.NoError(t, closing()) })
			return disk
		})
		require.Equal(t, string(traces(sim.Run(s, 0))), string(traces(onStore)), "seed %d", seed)
		restarts += onStore.Restarts
	}
	require.Positive(t, restarts)
}

func TestAScheduleSurvivesItsJSON(t *testing.T) {
	s := sim.Generate(7)
	text, err := json.Marshal(s)
	require.NoError(t, err)
	read, err := sim.ReadSchedule(text)
	require.NoError(t, err)
	require.Equal(t, traces(sim.Run(s, 0)), traces(sim.Run(read, 0)))
}

func TestABadScheduleIsRefused(t *testing.T) {
	for want, change := range map[string]func(*sim.Schedule){
		"0 acceptors":    func(s *sim.Schedule) { s.Acceptors = 0 },
		"9 proposers":    func(s *sim.Schedule) { s.Proposers = 9 },
		`scheme "other"`: func(s *sim.Schedule) { s.Scheme = "other" },
		"operation 0":    func(s *sim.Schedule) { s.Operations[0].Proposer = 3 },
		"none of":        func(s *sim.Schedule) { s.Operations[0].Change.Name = "lose" },
		"fault 0":        func(s *sim.Schedule) { s.Faults = []sim.Fault{{Kind: sim.Crash, Node: 40}} },
		"is no kind":     func(s *sim.Schedule) { s.Faults = []sim.Fault{{Kind: "rot"}} },
	} {
		s := sim.Generate(7)
		change(&s)
		text, err := json.Marshal(s)
		require.NoError(t, err)
		_, err = sim.ReadSchedule(text)
		require.ErrorContains(t, err, want)
	}
}

// TestSeeds is the short form of go run ./tools/simulate.
func TestSeeds(t *testing.T) {
	j := judge.New(spec)
	satisfied, restarts, hidden := 0, 0, 0
	actions := map[string]int{}
	for seed := *first; seed < *first+*seeds; seed++ {
		v, err := j.Run(t.Context(), sim.Generate(seed), 0)
		require.NoError(t, err)
		if v.Failed() {
			t.Fatalf("seed %d\n%s\nrerun    go test ./impl/sim -run TestSeeds -seed %d -seeds 1\n         go run ./tools/simulate -seed %d -out out/simulate",
				seed, j.Explained(t.Context(), v, 0), seed, seed)
		}
		for _, a := range v.Result.Answers {
			if a.Outcome == paxos.Satisfied {
				satisfied++
			}
		}
		for _, f := range v.Result.Files() {
			for i := range f.Events {
				actions[f.Events[i].Action]++
			}
		}
		restarts, hidden = restarts+v.Result.Restarts, hidden+v.Hidden
	}
	t.Logf("%d changes satisfied, %d restarts, %d hidden steps; steps: %v", satisfied, restarts, hidden, actions)
	if *seeds < 100 {
		return
	}
	require.Greater(t, satisfied, int(*seeds)*5)
	require.Greater(t, restarts, int(*seeds))
	require.Positive(t, hidden, "crashes between persist and record happen")
	for _, action := range []string{
		"Prepare", "Promise", "RefusePrepare", "Propose", "Accept", "RepeatAccept", "RefuseAccept", "Acknowledge",
		"Abandon", "RestartAcceptor", "RestartProposer", "Collect", "Erase", "Raise",
	} {
		require.Positive(t, actions[action], "the faults lead to a step %s", action)
	}
}

// TestMutantsAreCaught is the short form of go run ./tools/mutants. The fault model is strong enough for every one of
// them, and every checker can object.
func TestMutantsAreCaught(t *testing.T) {
	j := judge.New(spec)
	var known paxos.Bugs
	for _, m := range judge.Mutants {
		known |= m.Bug
		t.Run(m.Bug.String(), func(t *testing.T) {
			caught, err := j.Hunt(t.Context(), m, 1, 2000)
			require.NoError(t, err)
			require.Empty(t, m.Missing(caught), "rerun: go run ./tools/mutants -bug %s; caught so far: %v", m.Bug, caught)
		})
	}
	for _, m := range requests.Mutants { // these are caught there
		known |= m.Bug
	}
	all := len(paxos.MutantNames())
	require.Equal(t, paxos.Bugs(1)<<all-1, known, "every bug of the cores is a mutant here")
}

func TestAShrunkScheduleFailsInTheSameWay(t *testing.T) {
	fails := func(s sim.Schedule) bool { return len(sim.Run(s, paxos.IgnoreReportedValue).Findings) > 0 }
	s := sim.Generate(3)
	require.True(t, fails(s))
	small := sim.Shrink(s, fails)
	require.True(t, fails(small))
	require.LessOrEqual(t, len(small.Operations), 2)
	require.Empty(t, small.Faults)
}

// A history of which no register is capable is refused, and one that is too long is not passed.
func TestHistoriesAreJudged(t *testing.T) {
	answer := func(called, returned sim.Time, c register.Change, before, after string) sim.Answer {
		return sim.Answer{
			Operation: sim.Operation{Change: c}, Called: called, Returned: returned,
			Outcome: paxos.Satisfied, Before: before, After: after,
		}
	}
	five := string(register.IntegerState(5))
	good := &sim.Result{Answers: []sim.Answer{
		answer(1, 2, register.Set(5), "", five), answer(3, 4, register.Read(), five, five),
	}}
	require.Empty(t, good.Linearizable())
	stale := &sim.Result{Answers: []sim.Answer{
		answer(1, 2, register.Set(5), "", five), answer(3, 4, register.Read(), "", ""),
	}}
	require.Len(t, stale.Linearizable(), 1)
	long := &sim.Result{}
	for i := range sim.Time(sim.MaxOperations + 1) {
		long.Answers = append(long.Answers, answer(2*i, 2*i+1, register.Read(), "", ""))
	}
	bad := long.Linearizable()
	require.Len(t, bad, 1)
	require.Equal(t, "Unknown", fmt.Sprint(bad[0].Result))
}

// Traces are what package trace reads.
func TestTracesCanBeRead(t *testing.T) {
	for _, f := range sim.Run(sim.Generate(5), 0).Files() {
		read, err := trace.Read(f.Name, bytes.NewReader(sim.Lines(f)))
		require.NoError(t, err)
		require.Equal(t, f.Headers, read.Headers)
		require.Equal(t, f.Events, read.Events)
	}
}
