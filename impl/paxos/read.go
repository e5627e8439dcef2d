// Quorum reads: one round trip, and no round, where a quorum holds the same state.

package paxos

import "slices"

// Read is one proposer's quorum read of one register under way.
type Read struct {
	Number  Ballot // tells it from all other reads and rounds of this proposer
	Split   bool   // a quorum has reported and does not agree; the others may yet decide
	Failed  bool   // no quorum can agree any more: a round has to be run
	over    bool   // it was answered: what reports come now change nothing
	reports []Message
}

// ReadEffects is what one input does to a quorum read: one action, or none where Step.Action is "".
type ReadEffects struct {
	After   Read
	Persist Ballot // a counter no smaller than this must be durable before Send leaves; 0 asks for nothing
	Step    Step
	Send    Message // to every acceptor; Kind 0 is none
	Done    bool    // Payload is the answer
	Payload string  // what the register holds
}

// Ask begins a quorum read. Its number must be larger than that of every read of the register that this proposer has
// begun in any run: the reports to an earlier one may be older than what clients have been told since.
func (p Proposer) Ask(number Ballot) ReadEffects {
	return ReadEffects{
		After:   Read{Number: number},
		Persist: number,
		Step:    Step{Action: "Ask", Node: p.ID, Ballot: number},
		Send:    Message{Kind: KindAsk, Ballot: number, Proposer: p.ID},
	}
}

// ReceiveReport takes an acceptor's report. The read is over when a quorum has reported one same ballot, or cannot.
func (p Proposer) ReceiveReport(r Read, m Message) ReadEffects {
	if r.over || m.Ballot != r.Number || !slices.Contains(p.Acceptors, m.Acceptor) || answered(r.reports, m) {
		return ReadEffects{After: r}
	}
	r.reports = append(slices.Clip(r.reports), m)
	if p.Tell != nil {
		r.Failed = true // those who promise and those who accept differ: a round has to be run
		return ReadEffects{After: r}
	}
	quorum := p.quorum(p.Acceptors)
	ballot, same := commonest(r.reports)
	if p.Bugs.Has(ReadLatestReport) && len(r.reports) >= quorum {
		return p.Answer(r, r.reports)
	}
	switch missing := len(p.Acceptors) - len(r.reports); {
	case same == len(r.reports) && same >= quorum:
		return p.Answer(r, r.reports)
	case same >= quorum:
		return p.Answer(r, agreeing(r.reports, ballot))
	case same+missing < quorum:
		r.Failed = true
	case len(r.reports) >= quorum:
		r.Split = true
	}
	return ReadEffects{After: r}
}

// Answer ends a read of which a quorum reports one same ballot. What a quorum has accepted was not lost and never will
// be, and it is no older than anything that was acknowledged before the read began.
func (p Proposer) Answer(r Read, quorum []Message) ReadEffects {
	latest := slices.MaxFunc(quorum, byAccepted)
	payload := Payload(latest.State)
	step := Step{
		Action: "Answer", Node: p.ID, Ballot: r.Number, Latest: latest.AcceptedBallot, Proposal: payload, Quorum: quorum,
	}
	r.over, r.reports = true, nil
	return ReadEffects{After: r, Step: step, Done: true, Payload: payload}
}

// commonest gives the ballot that most of the reports have, and how many those are.
func commonest(reports []Message) (b Ballot, n int) {
	for i := range reports {
		same := 0
		for j := range reports {
			if reports[j].AcceptedBallot == reports[i].AcceptedBallot {
				same++
			}
		}
		if same > n {
			b, n = reports[i].AcceptedBallot, same
		}
	}
	return b, n
}

// agreeing gives the reports with a ballot.
func agreeing(reports []Message, b Ballot) (same []Message) {
	for _, m := range reports {
		if m.AcceptedBallot == b {
			same = append(same, m)
		}
	}
	return same
}
