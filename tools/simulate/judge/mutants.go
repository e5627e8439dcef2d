// Mutants: known ways to get the cores wrong, and who must notice each.

package judge

import (
	"context"
	"fmt"

	"synod/impl/paxos"
	"synod/impl/sim"
)

// Mutant is a core or shell with one bug.
type Mutant struct {
	Bug   paxos.Bugs
	Must  string // each checker of these letters must object within the seeds given
	About string
	// Equivalent says why the mutant breaks nothing that any checker could notice; "" where it does.
	Equivalent string
}

// Mutants are those that the simulator can run. What they are called is Bug.String.
var Mutants = []Mutant{
	{Bug: paxos.PromiseAnyBallot, Must: "CI", About: "a prepare with a smaller ballot is promised"},
	{Bug: paxos.AcceptBelowPromise, Must: "CI", About: "an accept below the promise is accepted"},
	{Bug: paxos.AcceptAboveOnly, Must: "CP", About: "an accept under the ballot promised is refused"},
	{Bug: paxos.AcceptKeepsPromise, Must: "CI", About: "an accept does not raise the promise"},
	{Bug: paxos.PromiseNotPersisted, Must: "CIR", About: "promises are kept in memory alone"},
	{Bug: paxos.PromiseNotSynced, Must: "CIR", About: "promises are written and not synced"},
	{Bug: paxos.AcceptNotPersisted, Must: "CIR", About: "what is accepted is kept in memory alone"},
	{Bug: paxos.AcceptNotSynced, Must: "CIR", About: "what is accepted is written and not synced"},
	{Bug: paxos.ReplyBeforeSync, Must: "CIR", About: "the answer leaves while the sync is under way"},
	{Bug: paxos.PromiseOmitsValue, Must: "CIL", About: "a promise reports nothing accepted"},
	{Bug: paxos.PromiseWrongBallot, Must: "CI", About: "a promise reports the state under another ballot"},
	{Bug: paxos.StaleRefusal, Must: "C", About: "a refusal tells a ballot that is out of date"},
	{Bug: paxos.DuplicatePromises, Must: "CI", About: "a promise counts as often as it arrives"},
	{Bug: paxos.DuplicateAccepts, Must: "CI", About: "an acceptance counts as often as it arrives"},
	{Bug: paxos.StalePromises, Must: "CI", About: "promises to earlier rounds count"},
	{Bug: paxos.StaleAccepts, Must: "C", About: "acceptances of earlier rounds count"},
	{Bug: paxos.QuorumOfHalf, Must: "CI", About: "half of the acceptors, rounded down, are a quorum"},
	{Bug: paxos.QuorumOfOne, Must: "CI", About: "any acceptor is a quorum"},
	{Bug: paxos.LowestBallot, Must: "CI", About: "the state reported with the smallest ballot is changed"},
	{Bug: paxos.IgnoreReportedValue, Must: "CIL", About: "the initial state is changed, whatever is reported"},
	{Bug: paxos.BallotWithoutID, Must: "CI", About: "proposers share ballots, and equal ones are promised"},
	{Bug: paxos.PromiseEqualBallot, Must: "C", About: "the ballot promised last is promised again"},
	{Bug: paxos.CounterNotPersisted, Must: "CR", About: "ballots are used again after a restart"},
	{Bug: paxos.BallotReused, Must: "C", About: "ballots are used again after an abandoned round"},
	{Bug: paxos.ValueChangedOnRetry, Must: "CI", About: "another value is proposed under the same ballot"},
	{Bug: paxos.BallotOverflow, Must: "C", About: "after the largest ballot comes the smallest"},
	{Bug: paxos.FirstAcceptSucceeds, Must: "CL", About: "one acceptance is success"},
	{Bug: paxos.ReadWithoutAccept, Must: "CL", About: "a read skips the accepts"},
	{Bug: paxos.FailedCASWithoutAccept, Must: "CL", About: "a failed compare-and-set is not written back"},
	{Bug: paxos.CacheKept, Must: "CI", About: "promises that came with an accept serve again after a failure"},
	{Bug: paxos.CasOnCache, Must: "CIL", About: "changes are applied to the state that the proposer proposed last"},
	{Bug: paxos.ReadLatestReport, Must: "CIL", About: "a quorum read is answered though the reports differ"},
	{Bug: paxos.RetriedTwice, Must: "L", About: "a change of unknown outcome is proposed again, whatever was found"},
	{Bug: paxos.UnknownAsRejected, Must: "L", About: "a change whose outcome is unknown is tried again"},
	{Bug: paxos.CollectsQuorum, Must: "CI", About: "a deletion that a quorum has accepted is erased"},
	{Bug: paxos.CollectsAnyState, Must: "CIL", About: "what is no deletion is erased"},
	{Bug: paxos.ErasesPromise, Must: "CI", About: "an acceptor that erases forgets its promise"},
	{Bug: paxos.ErasesAnything, Must: "C", About: "what was accepted after the deletion is erased"},
	{Bug: paxos.FloorForgotten, Must: "CR", About: "what was promised for erased registers is forgotten in a restart"},
	{Bug: paxos.RetriesErased, Must: "L", About: "a change that was erased with a deletion is proposed again"},
	{Bug: paxos.TimeoutAsFailure, Must: "L", About: "a change whose outcome is unknown is told to have failed"},
	{Bug: paxos.ChecksumIgnored, Must: "CR", About: "what is read from the disk is not compared with its checksum"},
	{Bug: paxos.TornTailKept, Must: "CR", About: "the first bytes of a write count as all of it"},
	{Bug: paxos.CorruptionTruncated, Must: "CIR", About: "what was damaged is cut off, with all that was written later"},
	{Bug: paxos.SyncErrorRetried, Must: "CIR", About: "a sync that failed is tried again"},
}

// Hunt runs the mutant on n seeds from first on, until every checker that must object has. It gives the number of seeds
// that each checker needed; one that did not object is not there.
func (j *Judge) Hunt(ctx context.Context, m Mutant, first, n uint64) (map[Checker]int, error) {
	caught := map[Checker]int{}
	for i := range n {
		var missing []Checker
		waiting := false
		for _, c := range Checkers {
			if caught[c] == 0 {
				missing = append(missing, c)
				waiting = waiting || m.mustBy(c)
			}
		}
		if !waiting {
			break
		}
		v, err := j.Run(ctx, sim.Generate(first+i), m.Bug, missing...)
		if err != nil {
			return caught, fmt.Errorf("%s: %w", m.Bug, err)
		}
		for c := range v.Found {
			caught[c] = int(i) + 1
		}
	}
	return caught, nil
}

// Missing lists the checkers that must object and have not.
func (m Mutant) Missing(caught map[Checker]int) string {
	var missing string
	for _, c := range Checkers {
		if m.mustBy(c) && caught[c] == 0 {
			missing += string(c)
		}
	}
	return missing
}

func (m Mutant) mustBy(c Checker) bool {
	for _, x := range m.Must {
		if Checker(x) == c {
			return true
		}
	}
	return false
}
