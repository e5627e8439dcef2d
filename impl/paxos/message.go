// Messages: what proposers and acceptors tell each other about one register.

package paxos

import "fmt"

// State is what acceptors store of a register, without looking into it: what the register holds, and behind it of which
// ballots it is made. "" is the state before the first change.
type State = string

// Kind says what a message asks or answers.
type Kind uint8

// The kinds of messages. Those of refusals are no messages of the specification: a refusal changes nothing there.
const (
	KindPrepare        Kind = iota + 1 // proposer: Ballot
	KindPromise                        // acceptor: Ballot, AcceptedBallot, State; Promised if it has accepted nothing
	KindAccept                         // proposer: Ballot, State, Next
	KindAccepted                       // acceptor: Ballot; it promises Next too, if the accept had one
	KindRefusedPrepare                 // acceptor: Ballot, Promised
	KindRefusedAccept                  // acceptor: Ballot, Promised
	KindAsk                            // proposer: Ballot, the number of the read
	KindReport                         // acceptor: Ballot, the number of the read; AcceptedBallot, State
	KindErase                          // proposer: Ballot, of a deletion that all acceptors have accepted; Next
)

var kindNames = [...]string{
	KindPrepare: "prepare", KindPromise: "promise", KindAccept: "accept", KindAccepted: "accepted",
	KindRefusedPrepare: "refused prepare", KindRefusedAccept: "refused accept", KindAsk: "ask", KindReport: "report",
	KindErase: "erase",
}

// Valid reports whether k is one of the kinds above.
func (k Kind) Valid() bool { return k >= KindPrepare && k <= KindErase }

// String names the kind as the specification does.
func (k Kind) String() string {
	if !k.Valid() {
		return fmt.Sprintf("kind %d", uint8(k))
	}
	return kindNames[k]
}

// Message is one message about one register. Which fields it has depends on its Kind. The parent of the
// specification's accept is not among them: no receiver needs it.
type Message struct {
	Kind           Kind
	Ballot         Ballot // the round's, in answers too; of a quorum read, its number
	Next           Ballot // accept: the ballot that is to be promised with it, 0 is none; erase: the largest it has used
	Acceptor       string // who answers
	Proposer       string // ask: who reads
	AcceptedBallot Ballot // promise, report: the ballot of State; 0 if nothing was accepted yet
	State          State  // accept: the new state; promise, report: the state accepted last
	Promised       Ballot // refusal: the ballot that stands against Ballot; promise: no larger one was erased
	Event          string // the id of the traced step that sent it; "" where no trace is kept
}
