// Both directions: what the specification can do the code can, and nothing else.

package register

import (
	"flag"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
	"synod/impl/paxos"
	"synod/impl/register"
)

const spec = "../../../spec/register/MCRegister.tla"

// long runs the larger model too: go test ./tools/edges/register -run Every -long
var long = flag.Bool("long", false, "compare in the model of three acceptors too, which takes minutes")

var pair = &cluster{
	acceptors: []string{"a1", "a2"},
	proposers: map[string]paxos.Scheme{"p1": paxos.Pair{ID: 1, Stride: 2}, "p2": paxos.Pair{ID: 2, Stride: 2}},
	changes:   []register.Change{register.Add(1)},
	max:       2,
}

var three = &cluster{acceptors: []string{"a1", "a2", "a3"}, proposers: pair.proposers, changes: pair.changes, max: pair.max}

var coprime = &cluster{
	acceptors: []string{"a1", "a2"},
	proposers: map[string]paxos.Scheme{"p1": paxos.Coprime{ID: 2, Others: []uint32{3}}, "p2": paxos.Coprime{ID: 3, Others: []uint32{2}}},
	changes:   []register.Change{register.Read(), register.Set(2), register.Add(1), register.CAS(0, 1), register.Delete()},
	max:       3,
}

func load(t *testing.T, config string) *tla.Model {
	m, err := tla.Load(spec, tla.Options{Config: config})
	require.NoError(t, err)
	return m
}

func TestTheCodeTakesEveryStepAndNoOther(t *testing.T) {
	models := map[string]*cluster{"testdata/Pair.cfg": pair, "testdata/Coprime.cfg": coprime}
	if *long {
		models["testdata/Three.cfg"] = three
	}
	for name, c := range models {
		t.Run(name, func(t *testing.T) {
			g, err := c.compare(load(t, name))
			require.NoError(t, err)
			require.Empty(t, strings.Join(g.Wrong, "\n\n"), "%d differences", len(g.Wrong))
			t.Logf("%d states, %d edges; executed: %v; refused by design: %v", g.States, g.Edges, g.Executed, g.Refused)
			for _, action := range []string{
				"Prepare", "Promise", "RefusePrepare", "Propose", "Accept", "RepeatAccept", "RefuseAccept", "Acknowledge",
				"Abandon", "RestartAcceptor", "RestartProposer",
			} {
				require.Positive(t, g.Executed[action], action)
			}
		})
	}
}

// A bug of the core is a difference: a step too many, one too few, or one that leads elsewhere. That an accept raises the
// promise cannot be seen where a quorum is all acceptors.
func TestABuggyCoreDiffers(t *testing.T) {
	small, large := load(t, "testdata/Coprime.cfg"), load(t, "testdata/Three.cfg")
	for _, bug := range []paxos.Bugs{
		paxos.AcceptBelowPromise, paxos.PromiseNotPersisted, paxos.IgnoreReportedValue, paxos.QuorumOfOne,
		paxos.PromiseAnyBallot, paxos.PromiseEqualBallot, paxos.PromiseOmitsValue, paxos.AcceptAboveOnly,
		paxos.AcceptKeepsPromise, paxos.AcceptNotPersisted, paxos.StaleRefusal, paxos.LowestBallot, paxos.FirstAcceptSucceeds,
		paxos.ReadWithoutAccept, paxos.FailedCASWithoutAccept,
	} {
		t.Run(bug.String(), func(t *testing.T) {
			m, broken := small, *coprime
			if bug == paxos.AcceptKeepsPromise {
				m, broken = large, *three
			}
			broken.bugs = bug
			g, err := broken.compare(m)
			require.NoError(t, err)
			require.NotEmpty(t, g.Wrong)
		})
	}
}
