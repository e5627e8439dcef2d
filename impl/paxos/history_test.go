// Random histories: whatever the network does and whoever restarts, the specification's properties hold; and each
// known bug is found.

package paxos_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"synod/impl/paxos"
)

// run lets choose pick what happens next, and returns the properties that are broken first. choose(n) is one of 0 to
// n-1; low numbers make the simpler histories.
func run(n *network, steps int, choose func(n int) int) []string {
	for range steps {
		happen(n, choose)
		if broken := n.violations(); broken != nil {
			return broken
		}
	}
	return nil
}

// happen lets one thing happen: mostly a message arrives, sometimes a round begins or ends, seldom a node restarts.
func happen(n *network, choose func(n int) int) {
	what := choose(20)
	p := n.proposers[choose(len(n.proposers))]
	switch {
	case what == 19:
		nodes := append(append([]string{}, n.proposers...), n.acceptors...)
		n.restart(nodes[choose(len(nodes))])
	case what == 18 && n.busy(p):
		n.abandon(p)
	case what == 17:
		n.ask(p)
	case what >= 14 && !n.busy(p):
		n.ahead[p] = choose(2) == 0
		n.change(p, add(1+choose(9)))
	case len(n.messages) > 0:
		// Recent messages are likelier, or nothing would ever come to an end.
		back := choose(len(n.messages))
		if choose(3) > 0 {
			back = choose(min(6, len(n.messages)))
		}
		if m := n.messages[len(n.messages)-1-back]; question(m) {
			n.question(n.acceptors[choose(len(n.acceptors))], m)
		} else {
			n.tell(n.owner(m), m)
		}
	}
}

// history is the one that belongs to a seed.
func history(seed uint64, bugs paxos.Bugs) *network {
	n := newNetwork(3, 2, bugs)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 300 {
		happen(n, random.IntN)
	}
	return n
}

func TestNoHistoryBreaksTheProtocol(t *testing.T) {
	acknowledged := 0
	rapid.Check(t, func(t *rapid.T) {
		acceptors := rapid.SampledFrom([]int{1, 3, 4, 5}).Draw(t, "acceptors")
		n := newNetwork(acceptors, rapid.IntRange(1, 3).Draw(t, "proposers"), 0)
		choices := rapid.SliceOfN(rapid.IntRange(0, 1<<20), 500, 2000).Draw(t, "choices")
		choose := func(k int) int {
			if len(choices) == 0 {
				return 0
			}
			c := choices[0] % k
			choices = choices[1:]
			return c
		}
		if broken := run(n, 300, choose); broken != nil {
			t.Fatalf("%s", story(n, broken))
		}
		acknowledged += len(n.told)
	})
	require.Greater(t, acknowledged, 50, "hardly a change got through: the histories test nothing")
}

// Each bug is to break a property that clients would notice, not merely an inner one.
func TestEachBugIsFound(t *testing.T) {
	for bug, property := range map[paxos.Bugs]string{
		paxos.CacheKept:           "OneStatePerBallot",
		paxos.CasOnCache:          "ChangesWereApplied",
		paxos.ReadLatestReport:    "OneChain",
		paxos.AcceptBelowPromise:  "OneChain",
		paxos.PromiseNotPersisted: "OneChain",
		paxos.IgnoreReportedValue: "OneChain",
		paxos.QuorumOfOne:         "OneChain",
		paxos.BallotReused:        "OneStatePerBallot",
	} {
		t.Run(bug.String(), func(t *testing.T) {
			for seed := range uint64(100_000) {
				n := history(seed, bug)
				if broken := strings.Join(n.violations(), "\n"); strings.Contains(broken, property) {
					t.Logf("found with seed %d: %s", seed, broken)
					return
				}
			}
			t.Fatalf("no history broke %s", property)
		})
	}
}

// The same histories as above, which find every bug, find nothing in the protocol without one.
func TestWithoutABugNothingIsFound(t *testing.T) {
	acknowledged := 0
	for seed := range uint64(1000) {
		n := history(seed, 0)
		if broken := n.violations(); broken != nil {
			t.Fatalf("seed %d\n%s", seed, story(n, broken))
		}
		acknowledged += len(n.told)
	}
	require.Greater(t, acknowledged, 500)
	t.Logf("%d changes were acknowledged", acknowledged)
}

// story tells a history that went wrong.
func story(n *network, broken []string) string {
	var lines []string
	for _, s := range n.steps {
		lines = append(lines, describe(s))
	}
	return strings.Join(append(lines, broken...), "\n")
}
