// What the scenarios cannot show: where steps come from, and inputs that the protocol does not have.

package paxos_test

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
)

// Each action's source is the line of the method that has its name.
func TestStepsNameTheirMethod(t *testing.T) {
	for _, action := range []string{
		"Promise", "RefusePrepare", "Accept", "RepeatAccept", "RefuseAccept", "RestartAcceptor",
		"Prepare", "Propose", "Acknowledge", "Abandon", "RestartProposer",
	} {
		file, line, found := strings.Cut(paxos.Step{Action: action}.Source(), ":")
		require.True(t, found, action)
		text, err := os.ReadFile("../../" + file)
		require.NoError(t, err)
		n, err := strconv.Atoi(line)
		require.NoError(t, err)
		require.Contains(t, strings.Split(string(text), "\n")[n-1], ") "+action+"(")
	}
}

// A step lists the events that sent what it consumed, and no others.
func TestStepsListTheirCauses(t *testing.T) {
	a := paxos.Acceptor{ID: "a1", Initial: "0"}
	e, _ := a.Receive(a.Fresh(), paxos.Message{Kind: paxos.KindPrepare, Ballot: 1, Event: "p1/1/1"})
	require.Equal(t, []string{"p1/1/1"}, e.Step.Causes)

	p := newNetwork(3, 1, 0).proposer["p1"]
	started, err := p.Prepare(paxos.Round{}, add(1))
	require.NoError(t, err)
	require.Empty(t, started.Step.Causes)
	promise := paxos.Message{Kind: paxos.KindPromise, Ballot: 1, State: "0"}
	promise.Acceptor, promise.Event = "a3", "a3/1/7"
	first := p.Receive(started.After, promise)
	require.Empty(t, first.Step.Action)
	promise.Acceptor, promise.Event = "a1", "a1/2/9"
	second := p.Receive(first.After, promise)
	require.Equal(t, []string{"a3/1/7", "a1/2/9"}, second.Step.Causes)
	require.Equal(t, []paxos.Field{{"p", `"p1"`}, {"q", `{"#set":["a1","a3"]}`}, {"s", "1"}}, second.Step.Args())

	refusal := paxos.Message{Kind: paxos.KindRefusedPrepare, Ballot: 1, Acceptor: "a2", Promised: 5, Event: "a2/1/3"}
	refused := p.Receive(started.After, refusal)
	require.Equal(t, "Abandon", refused.Step.Action)
	require.Equal(t, []string{"a2/1/3"}, refused.Step.Causes)
	require.Empty(t, p.Abandon(started.After, paxos.Message{}).Step.Causes)
}

// The states that go in stay as they were, so that a caller may keep them.
func TestStatesAreValues(t *testing.T) {
	p := newNetwork(5, 1, 0).proposer["p1"]
	e, err := p.Prepare(paxos.Round{}, add(1))
	require.NoError(t, err)
	answer := func(r paxos.Round, acceptor string, accepted paxos.Ballot, state string) paxos.ProposerEffects {
		return p.Receive(r, paxos.Message{
			Kind: paxos.KindPromise, Ballot: 1, Acceptor: acceptor, AcceptedBallot: accepted, State: state,
		})
	}
	two := answer(answer(e.After, "a1", 0, "0").After, "a2", 0, "0").After
	one, other := answer(two, "a3", 0, "0"), answer(two, "a4", 0, "7")
	require.Equal(t, "1", one.Send.State)
	require.Equal(t, []string{"a1", "a2", "a3"}, one.Step.Quorum)
	require.Equal(t, []string{"a1", "a2", "a4"}, other.Step.Quorum)
}

type impossible struct{ add }

var errImpossible = errors.New("no such state")

func (impossible) Apply(paxos.State) (paxos.State, error) { return "", errImpossible }

// A change that has no result ends its round before anything is proposed, for a reason that no retry mends.
func TestAChangeWithoutAResultIsRejected(t *testing.T) {
	p := newNetwork(1, 1, 0).proposer["p1"]
	e, err := p.Prepare(paxos.Round{}, impossible{})
	require.NoError(t, err)
	e = p.Receive(e.After, paxos.Message{Kind: paxos.KindPromise, Ballot: 1, Acceptor: "a1", State: "0"})
	require.Equal(t, paxos.Rejected, e.Outcome)
	require.Equal(t, errImpossible, e.Reason)
	require.Equal(t, "Abandon", e.Step.Action)
	require.Zero(t, e.Send.Kind)
}

func TestBallotsThatEndStopTheProposer(t *testing.T) {
	p := newNetwork(1, 1, 0).proposer["p1"]
	_, err := p.Prepare(paxos.Round{Seen: paxos.MaxBallot}, add(1))
	require.ErrorIs(t, err, paxos.ErrBallotsExhausted)
}

func TestStrangersAndWrongMessagesDoNothing(t *testing.T) {
	p := newNetwork(3, 1, 0).proposer["p1"]
	e, err := p.Prepare(paxos.Round{}, add(1))
	require.NoError(t, err)
	for _, m := range []paxos.Message{
		{Kind: paxos.KindPromise, Ballot: 1, Acceptor: "a9", State: "0"},
		{Kind: paxos.KindRefusedPrepare, Ballot: 1, Acceptor: "a9", Promised: 100},
		{Kind: paxos.KindPrepare, Ballot: 1, Acceptor: "a1"},
		{Kind: paxos.KindAccepted, Ballot: 1, Acceptor: "a1"},
	} {
		require.Equal(t, paxos.ProposerEffects{After: e.After}, p.Receive(e.After, m), m.Kind)
	}
	a := paxos.Acceptor{ID: "a1", Initial: "0"}
	_, ok := a.Receive(a.Fresh(), paxos.Message{Kind: paxos.KindPromise, Ballot: 1})
	require.False(t, ok)
	require.PanicsWithValue(t, "paxos: Prepare during phase prepare", func() { p.Prepare(e.After, add(1)) })
}

// A late refusal changes no round, but the next one starts above it.
func TestLateRefusalsMoveTheNextBallot(t *testing.T) {
	p := newNetwork(3, 2, 0).proposer["p1"]
	e, _ := p.Prepare(paxos.Round{}, add(1))
	e = p.Abandon(e.After, paxos.Message{})
	e = p.Receive(e.After, paxos.Message{Kind: paxos.KindRefusedPrepare, Ballot: 1, Acceptor: "a1", Promised: 20})
	require.Empty(t, e.Step.Action)
	e, err := p.Prepare(e.After, add(1))
	require.NoError(t, err)
	require.Equal(t, paxos.Ballot(21), e.Send.Ballot)
	require.Equal(t, paxos.Ballot(21), e.Persist)
}

func TestBugsHaveNames(t *testing.T) {
	for _, name := range paxos.BugNames() {
		set, err := paxos.ParseBugs(name)
		require.NoError(t, err)
		require.Equal(t, name, set.String())
	}
	set, err := paxos.ParseBugs("quorum-of-one,ballot-reused")
	require.NoError(t, err)
	require.Equal(t, paxos.QuorumOfOne|paxos.BallotReused, set)
	_, err = paxos.ParseBugs("quorum-of-two")
	require.ErrorContains(t, err, `unknown bug "quorum-of-two"`)
}

func TestOutcomesHaveNames(t *testing.T) {
	for _, o := range []paxos.Outcome{paxos.Undecided, paxos.Satisfied, paxos.Rejected, paxos.Unknown} {
		text, err := o.MarshalText()
		require.NoError(t, err)
		var back paxos.Outcome
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, o, back)
	}
	var o paxos.Outcome
	require.EqualError(t, o.UnmarshalText([]byte("maybe")), `"maybe" is not an outcome`)
}
