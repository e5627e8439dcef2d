// Histories: what clients saw, and whether one register could have done it.

package sim

import (
	"time"

	"github.com/anishathalye/porcupine"

	"synod/impl/paxos"
	"synod/impl/register"
)

// Answer is an operation and what its client learned.
type Answer struct {
	Operation Operation
	Called    Time
	Returned  Time
	Outcome   paxos.Outcome
	Before    string // satisfied: what the change found
	After     string // satisfied: what it made of it
	waits     bool
}

func (a *Answer) end(now Time, outcome paxos.Outcome) {
	a.Returned, a.Outcome, a.waits = now, outcome, false
}

func (a *Answer) settle(now Time, r outcome) {
	a.end(now, r.outcome)
	if r.outcome == paxos.Satisfied {
		a.Before, a.After = r.before, r.after
	}
}

// MaxOperations is how many operations of one register a history may have for Linearizable to judge it.
const MaxOperations = 200

// model is one register. An operation whose outcome is unknown may have any result.
var model = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, in, out any) (bool, any) {
		a := out.(*Answer)
		after, err := in.(register.Change).Apply(state.(string))
		if err != nil {
			return false, state
		}
		return a.Outcome != paxos.Satisfied || a.Before == state && a.After == after, after
	},
	Hash: func(state any) uint64 {
		n, _ := register.ParseState(state.(string)) // Apply gives integers alone
		return uint64(n)
	},
}

// Verdict is what the judge of histories says of a register.
type Verdict struct {
	Key    string
	Result porcupine.CheckResult // Unknown where the search was given up, which is no pass
}

// Linearizable judges the history of every register, and tells of those that are not linearizable or too long to judge.
func (r *Result) Linearizable() (bad []Verdict) {
	histories := map[int][]porcupine.Operation{}
	last := 0
	for i := range r.Answers {
		a := &r.Answers[i]
		last = max(last, a.Operation.Key)
		op := porcupine.Operation{
			ClientId: i, Input: a.Operation.Change, Call: int64(a.Called), Output: a, Return: int64(a.Returned),
		}
		switch {
		case a.Outcome == paxos.Rejected:
			continue // it had no effect
		case a.Outcome == paxos.Unknown && a.Operation.Change.Name == "read":
			continue // nobody saw its result
		case a.Outcome == paxos.Unknown:
			op.Return = 1 << 62 // it may take effect at any later time
		}
		histories[a.Operation.Key] = append(histories[a.Operation.Key], op)
	}
	for key := 0; key <= last; key++ {
		verdict := porcupine.Unknown
		if len(histories[key]) <= MaxOperations {
			verdict = porcupine.CheckOperationsTimeout(model, histories[key], time.Minute)
		}
		if verdict != porcupine.Ok {
			bad = append(bad, Verdict{keyName(key), verdict})
		}
	}
	return bad
}
