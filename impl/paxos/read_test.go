package paxos_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
)

// The first quorum that agrees is the answer, once; where reports differ the others may decide, or nobody.
func TestQuorumRead(t *testing.T) {
	p := paxos.Proposer{ID: "p1", Acceptors: []string{"a1", "a2", "a3", "a4", "a5"}}
	report := func(acceptor string, number, ballot paxos.Ballot, state string) paxos.Message {
		return paxos.Message{Kind: paxos.KindReport, Ballot: number, Acceptor: acceptor, AcceptedBallot: ballot, State: state}
	}
	read := p.Ask(7).After
	for _, m := range []paxos.Message{
		report("a1", 6, 3, "old"), // to an earlier read
		report("b1", 7, 3, "x"),   // by a stranger
		report("a1", 7, 3, "x"), report("a1", 7, 3, "x"), report("a2", 7, 2, "w"), report("a3", 7, 3, "x"),
	} {
		e := p.ReceiveReport(read, m)
		require.Empty(t, e.Step.Action)
		read = e.After
	}
	require.True(t, read.Split)
	e := p.ReceiveReport(read, report("a4", 7, 3, "x"))
	require.Equal(t, "Answer", e.Step.Action)
	require.True(t, e.Done)
	require.Equal(t, "x", e.Payload)
	require.Len(t, e.Step.Quorum, 3, "those that agree")
	e = p.ReceiveReport(e.After, report("a5", 7, 3, "x"))
	require.Empty(t, e.Step.Action, "it is answered once")

	read = p.Ask(8).After
	for i, a := range p.Acceptors {
		require.False(t, read.Failed)
		e := p.ReceiveReport(read, report(a, 8, paxos.Ballot(i), "x"))
		require.Empty(t, e.Step.Action)
		if read = e.After; read.Failed {
			break
		}
	}
	require.True(t, read.Failed)
}
