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
		"Prepare", "Propose", "Acknowledge", "Abandon", "RestartProposer", "Ask", "Report", "Answer",
	} {
		file, line, found := strings.Cut((&paxos.Step{Action: action}).Source(), ":")
		require.True(t, found, action)
		text, err := os.ReadFile("../../" + file)
		require.NoError(t, err)
		n, err := strconv.Atoi(line)
		require.NoError(t, err)
		require.Contains(t, strings.Split(string(text), "\n")[n-1], ") "+action+"(")
	}
}

// A quorum holds nothing. What was there under a ballot that may have been erased, nobody can tell: not where only one of the
// quorum was there when it was erased, nor where none was, and the configuration alone knows how far the ballots had come.
func TestWhatMayHaveBeenErasedIsUnknown(t *testing.T) {
	found := func(floor, reported, b paxos.Ballot) paxos.Outcome {
		p := newNetwork(3, 1, 0).proposer["p1"]
		p = p.In(paxos.Configuration{Number: 2, Ask: p.Acceptors, Tell: p.Acceptors, Floor: floor})
		e, err := p.Prepare(paxos.Round{Seen: 20})
		require.NoError(t, err)
		r := e.After
		r = p.Receive(r, paxos.Message{Kind: paxos.KindPromise, Ballot: r.Ballot, Acceptor: "a1"}).After
		r = p.Receive(r, paxos.Message{Kind: paxos.KindPromise, Ballot: r.Ballot, Acceptor: "a2", Promised: reported}).After
		var calls paxos.Calls[int]
		calls.Add(&paxos.Call[int]{Change: add(0)})
		e, _ = calls.Propose(p, r, false, 1)
		calls.End(e)
		for _, a := range []string{"a1", "a3"} {
			e = p.Receive(e.After, paxos.Message{Kind: paxos.KindAccepted, Ballot: e.After.Ballot, Acceptor: a})
		}
		ended := calls.End(e)
		require.Len(t, ended, 1)
		return ended[0].Found(b)
	}
	require.Equal(t, paxos.Rejected, found(0, 0, 7))
	require.Equal(t, paxos.Unknown, found(0, 9, 7))
	require.Equal(t, paxos.Unknown, found(9, 0, 7))
	require.Equal(t, paxos.Rejected, found(6, 5, 7))
}

// A step lists the events that sent what it consumed, and no others.
func TestStepsListTheirCauses(t *testing.T) {
	a := paxos.Acceptor{ID: "a1"}
	e, _ := a.Receive(paxos.AcceptorState{}, paxos.Message{Kind: paxos.KindPrepare, Ballot: 1, Event: "p1/1/1"})
	require.Equal(t, []string{"p1/1/1"}, e.Step.Causes(nil))

	p := newNetwork(3, 1, 0).proposer["p1"]
	started, err := p.Prepare(paxos.Round{})
	require.NoError(t, err)
	require.Empty(t, started.Step.Causes(nil))
	promise := paxos.Message{Kind: paxos.KindPromise, Ballot: 1}
	promise.Acceptor, promise.Event = "a3", "a3/1/7"
	first := p.Receive(started.After, promise)
	require.Empty(t, first.Step.Action)
	require.False(t, first.After.Ready())
	promise.Acceptor, promise.Event = "a1", "a1/2/9"
	second := p.Receive(first.After, promise)
	require.Empty(t, second.Step.Action)
	require.True(t, second.After.Ready())
	third := p.Propose(second.After, []paxos.Change{add(1), add(2)}, true)
	require.Equal(t, []string{"a3/1/7", "a1/2/9"}, third.Step.Causes(nil))
	require.Equal(t, paxos.Ballot(2), third.Persist, "the next ballot is claimed before the accept leaves")
	require.Equal(t, []paxos.Field{
		{"p", `"p1"`}, {"q", `{"#set":["a1","a3"]}`}, {"cs", `{"#tup":[{"name":"add","value":1},{"name":"add","value":2}]}`},
		{"s", "3"}, {"next", "2"},
	}, third.Step.Args(appendShow))

	refusal := paxos.Message{Kind: paxos.KindRefusedPrepare, Ballot: 1, Acceptor: "a2", Promised: 5, Event: "a2/1/3"}
	refused := p.Receive(started.After, refusal)
	require.Equal(t, "Abandon", refused.Step.Action)
	require.Equal(t, []string{"a2/1/3"}, refused.Step.Causes(nil))
	given := p.Abandon(started.After, paxos.Message{}).Step
	require.Empty(t, given.Causes(nil))
}

// ready gives a round that has the promises of a1 and a2.
func ready(t *testing.T, p paxos.Proposer) paxos.Round {
	e, err := p.Prepare(paxos.Round{})
	require.NoError(t, err)
	r := e.After
	for _, a := range []string{"a1", "a2"} {
		r = p.Receive(r, paxos.Message{Kind: paxos.KindPromise, Ballot: r.Ballot, Acceptor: a}).After
	}
	require.True(t, r.Ready())
	return r
}

// The states that go in stay as they were, so that a caller may keep them.
func TestStatesAreValues(t *testing.T) {
	p := newNetwork(5, 1, 0).proposer["p1"]
	e, err := p.Prepare(paxos.Round{})
	require.NoError(t, err)
	answer := func(r paxos.Round, acceptor string, accepted paxos.Ballot, state string) paxos.Round {
		return p.Receive(r, paxos.Message{
			Kind: paxos.KindPromise, Ballot: 1, Acceptor: acceptor, AcceptedBallot: accepted, State: state,
		}).After
	}
	two := answer(answer(e.After, "a1", 0, ""), "a2", 0, "")
	one := p.Propose(answer(two, "a3", 0, ""), []paxos.Change{add(1)}, false)
	other := p.Propose(answer(two, "a4", 0, ""), []paxos.Change{add(1)}, false)
	require.Equal(t, "1", paxos.Payload(one.Send.State))
	require.Equal(t, paxos.Field{"q", `{"#set":["a1","a2","a3"]}`}, one.Step.Args(appendShow)[1])
	require.Equal(t, paxos.Field{"q", `{"#set":["a1","a2","a4"]}`}, other.Step.Args(appendShow)[1])
}

type impossible struct{ add }

var errImpossible = errors.New("no such state")

func (impossible) Apply(string) (string, error) { return "", errImpossible }

// A change that has no result is left out of the round, and the others are applied as if it had not been asked for.
func TestAChangeWithoutAResultIsRejected(t *testing.T) {
	p := newNetwork(3, 1, 0).proposer["p1"]
	var calls paxos.Calls[string]
	calls.Add(&paxos.Call[string]{Change: add(1), For: "first"})
	calls.Add(&paxos.Call[string]{Change: impossible{}, For: "second"})
	calls.Add(&paxos.Call[string]{Change: add(2), For: "third"})
	e, ended := calls.Propose(p, ready(t, p), false, 10)
	require.Equal(t, []paxos.Result[string]{{For: "second", Outcome: paxos.Rejected, Err: errImpossible}}, ended)
	require.Equal(t, "3", e.After.Proposal)
	cs := e.Step.Args(appendShow)[2].JSON
	require.Equal(t, `{"#tup":[{"name":"add","value":1},{"name":"add","value":2}]}`, cs)
}

// After a success whose accept asked for the next ballot, the next round needs no prepare. After a failure it does.
func TestPromisesThatCameWithAnAcceptServeOnce(t *testing.T) {
	p := newNetwork(3, 1, 0).proposer["p1"]
	e := p.Propose(ready(t, p), []paxos.Change{add(1)}, true)
	r := e.After
	for _, a := range []string{"a1", "a2"} {
		e = p.Receive(r, paxos.Message{Kind: paxos.KindAccepted, Ballot: 1, Acceptor: a, Event: a + "/1/5"})
		r = e.After
	}
	require.Equal(t, paxos.Satisfied, e.Outcome)
	require.True(t, r.Ready())
	require.True(t, r.OneTrip())
	e = p.Propose(r, []paxos.Change{add(1)}, true)
	require.Equal(t, "2", e.After.Proposal)
	require.Equal(t, paxos.Ballot(2), e.Send.Ballot)
	require.Equal(t, paxos.Ballot(3), e.Send.Next)
	require.Equal(t, []string{"a1/1/5", "a2/1/5"}, e.Step.Causes(nil), "the acceptances were promises")
	e = p.Abandon(e.After, paxos.Message{})
	require.Equal(t, paxos.Unknown, e.Outcome)
	require.False(t, e.After.Ready())
	e, err := p.Prepare(e.After)
	require.NoError(t, err)
	require.Equal(t, paxos.Ballot(4), e.Send.Ballot, "the ballot that was asked for is spent too")
	require.Panics(t, func() { p.Propose(e.After, nil, false) })
}

func TestBallotsThatEndStopTheProposer(t *testing.T) {
	p := newNetwork(1, 1, 0).proposer["p1"]
	_, err := p.Prepare(paxos.Round{Seen: paxos.MaxBallot})
	require.ErrorIs(t, err, paxos.ErrBallotsExhausted)
}

func TestStrangersAndWrongMessagesDoNothing(t *testing.T) {
	p := newNetwork(3, 1, 0).proposer["p1"]
	e, err := p.Prepare(paxos.Round{})
	require.NoError(t, err)
	for _, m := range []paxos.Message{
		{Kind: paxos.KindPromise, Ballot: 1, Acceptor: "a9"},
		{Kind: paxos.KindRefusedPrepare, Ballot: 1, Acceptor: "a9", Promised: 100},
		{Kind: paxos.KindPrepare, Ballot: 1, Acceptor: "a1"},
		{Kind: paxos.KindAccepted, Ballot: 1, Acceptor: "a1"},
	} {
		require.Equal(t, paxos.ProposerEffects{After: e.After}, p.Receive(e.After, m), m.Kind)
	}
	a := paxos.Acceptor{ID: "a1"}
	_, ok := a.Receive(paxos.AcceptorState{}, paxos.Message{Kind: paxos.KindPromise, Ballot: 1})
	require.False(t, ok)
	require.PanicsWithValue(t, "paxos: Prepare during phase prepare", func() { p.Prepare(e.After) })
}

// A late refusal changes no round, but the next one starts above it.
func TestLateRefusalsMoveTheNextBallot(t *testing.T) {
	p := newNetwork(3, 2, 0).proposer["p1"]
	e, _ := p.Prepare(paxos.Round{})
	e = p.Abandon(e.After, paxos.Message{})
	e = p.Receive(e.After, paxos.Message{Kind: paxos.KindRefusedPrepare, Ballot: 1, Acceptor: "a1", Promised: 20})
	require.Empty(t, e.Step.Action)
	e, err := p.Prepare(e.After)
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
