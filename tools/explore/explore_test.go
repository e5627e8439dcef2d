// The search: every input is a schedule, what is new is kept, a bug is found and the protocol has none.

package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/sim"
	"synod/tools/simulate/judge"
)

const spec = "../../spec/register/Register.tla"

// FuzzSchedule plays the schedule of any input. Its corpus is what go run ./tools/explore -corpus writes.
func FuzzSchedule(f *testing.F) {
	from := rand.New(rand.NewPCG(1, 2))
	f.Add([]byte(nil))
	for n := range 10 {
		f.Add(random(from, 1+5*n))
	}
	j := judge.New(spec)
	f.Fuzz(func(t *testing.T, input []byte) {
		s := decode(input)
		v, err := j.Run(t.Context(), s, 0)
		require.NoError(t, err)
		if v.Failed() {
			t.Fatal(j.Explained(t.Context(), v, 0))
		}
	})
}

// A change of one word changes one choice: that of one operation or fault, or of the network.
func TestAWordIsOneChoice(t *testing.T) {
	from := rand.New(rand.NewPCG(3, 4))
	input := random(from, 20)
	before := decode(input)
	require.Equal(t, 20, len(before.Operations)+len(before.Faults))
	last := bytes.Clone(input)
	last[len(last)-1-recordWords*wordSize/2]++
	after := decode(last)
	require.Equal(t, before.Network, after.Network)
	different := 0
	for i := range before.Operations {
		if i >= len(after.Operations) || before.Operations[i] != after.Operations[i] {
			different++
		}
	}
	require.LessOrEqual(t, different, 1)
}

// Bytes decide all that can happen in the simulator.
func TestInputsHaveEveryKindOfOperationAndFault(t *testing.T) {
	from := rand.New(rand.NewPCG(5, 6))
	seen := map[string]bool{}
	note := func(name string, yes bool) { seen[name] = seen[name] || yes }
	for range 100 {
		s := decode(random(from, 30))
		note("one trip", s.OneTrip)
		note("two trips", !s.OneTrip)
		note("bytes", s.Bytes)
		for _, o := range s.Operations {
			note(o.Change.Name, true)
			note("quorum", o.Quorum)
			note("above", o.Above > 0)
		}
		for _, f := range s.Faults {
			note(string(f.Kind), true)
			note("torn", s.Bytes && f.Power)
			note("rots", f.Rots)
			note("before "+f.Before.String(), f.Kind == sim.Crash)
		}
		text, err := json.Marshal(s)
		require.NoError(t, err)
		_, err = sim.ReadSchedule(text)
		require.NoError(t, err)
	}
	for _, name := range []string{
		"one trip", "two trips", "bytes", "read", "set", "cas", "add", "delete", "quorum", "above", "crash", "partition", "pause", "sync",
		"torn", "rots", "before write", "before sync", "before record", "before send", "before second send", "before end",
	} {
		require.True(t, seen[name], name)
	}
}

// Only runs that reach something new are kept, and the search goes on from them.
func TestWhatIsNewIsKept(t *testing.T) {
	s := newSearch(1, 0, true)
	for range 150 {
		kept, states := len(s.kept), len(s.seen)
		s.step()
		require.Equal(t, len(s.seen) > states, len(s.kept) > kept)
	}
	require.Less(t, len(s.kept), 150)
	same := newSearch(1, 0, true)
	for range 150 {
		same.step()
	}
	require.Equal(t, s.kept, same.kept, "the same seed, the same search")
}

func TestTheCommandFindsABugAndKeepsItsInput(t *testing.T) {
	var out bytes.Buffer
	folder := t.TempDir()
	found, err := options{runs: 200, seed: 1, bug: "ignore-reported-value", by: "I", corpus: folder, spec: spec}.run(t.Context(), &out)
	require.NoError(t, err)
	require.True(t, found, out.String())
	require.Contains(t, out.String(), "I ")
	require.Regexp(t, `\nrerun    go run ./tools/explore -seed 1 -bug ignore-reported-value\nshrunk   to [12] operations and 0 faults, \d+ steps\n\{"seed":`, out.String())
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.Regexp(t, "^go test fuzz v1\n\\[\\]byte\\(\".*\"\\)\n$", string(text))

	out.Reset()
	found, err = options{runs: 60, seed: 1, spec: spec}.run(t.Context(), &out)
	require.NoError(t, err)
	require.False(t, found, out.String())
	require.Regexp(t, `^60 runs: no checker objects. \d+ abstract states, \d+ inputs kept\n$`, out.String())
}

// The comparison tells, of each bug, the median, the fewest and the most runs; a bug that is not found in so many is said to
// need more.
func TestTheTwoSearchesAreCompared(t *testing.T) {
	var out bytes.Buffer
	o := options{runs: 12, seed: 1, starts: 3, pairs: "ignore-reported-value/I,ballot-reused/I"}
	require.NoError(t, o.compare(t.Context(), &out))
	require.Regexp(t, `\nignore-reported-value    I  +\d \(\d to \d\) +\d \(\d to \d\)\n`, out.String())
	require.Regexp(t, `\nballot-reused            I  +>12 \(>12 to >12\) +>12 \(>12 to >12\)\n`, out.String())
	require.Regexp(t, `\nguided: \d+ abstract states in 12 runs\nblind: \d+ abstract states in 12 runs\n$`, out.String())
	o.pairs = "no-such-bug/I"
	require.ErrorContains(t, o.compare(t.Context(), &out), "no-such-bug")
}

// The abstraction tells states apart by what the specification's actions ask, and by nothing else.
func TestAbstractStates(t *testing.T) {
	promise := func(node string, b, promised paxos.Ballot) *paxos.Step {
		return &paxos.Step{Action: "Promise", Node: node, Ballot: b, Acceptor: paxos.AcceptorState{Promised: promised}}
	}
	states := func(steps ...*paxos.Step) int {
		o := newObserver()
		for _, s := range steps {
			o.watch(0, s)
		}
		return len(o.seen)
	}
	require.Equal(t, 1, states(promise("a1", 5, 5), promise("a1", 8, 8)), "larger ballots are no other state")
	require.Equal(t, 2, states(promise("a1", 5, 5), promise("a2", 5, 5)), "another acceptor has promised the same")
	require.Equal(t, 2, states(promise("a1", 8, 8), promise("a2", 5, 5)), "another acceptor has promised more")
	restart := &paxos.Step{Action: "RestartAcceptor", Node: "a1"}
	require.Equal(t, 3, states(promise("a1", 5, 5), restart, promise("a1", 8, 8)), "the acceptor has restarted")
}
