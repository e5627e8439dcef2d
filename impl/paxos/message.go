// Messages: what proposers and acceptors tell each other about one register.

package paxos

import "fmt"

// State is what a register holds, in the form in which a trace shows it: a JSON value such as 7. Acceptors store
// it and hand it out without looking into it.
type State = string

// Kind says what a message asks or answers.
type Kind uint8

// The kinds of messages. The first four are the specification's; a refusal changes nothing there, and so is no
// message of it.
const (
	KindPrepare        Kind = iota + 1 // proposer: Ballot
	KindPromise                        // acceptor: Ballot, AcceptedBallot, State
	KindAccept                         // proposer: Ballot, State
	KindAccepted                       // acceptor: Ballot
	KindRefusedPrepare                 // acceptor: Ballot, Promised
	KindRefusedAccept                  // acceptor: Ballot, Promised
)

var kindNames = [...]string{
	KindPrepare: "prepare", KindPromise: "promise", KindAccept: "accept", KindAccepted: "accepted",
	KindRefusedPrepare: "refused prepare", KindRefusedAccept: "refused accept",
}

// Valid reports whether k is one of the kinds above.
func (k Kind) Valid() bool { return k >= KindPrepare && k <= KindRefusedAccept }

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
	Ballot         Ballot // the round's, in answers too
	Acceptor       string // who answers
	AcceptedBallot Ballot // promise: the ballot of State; 0 if nothing was accepted yet
	State          State  // accept: the new state; promise: the state accepted last
	Promised       Ballot // refusal: the ballot that stands against Ballot
	Event          string // the id of the traced step that sent it; "" where no trace is kept
}
