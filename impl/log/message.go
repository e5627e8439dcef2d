// Messages: what replicas tell each other.

package log

import (
	"fmt"
	"time"
)

// Kind says what a message asks or answers.
type Kind uint8

// The kinds of messages. Refusals and KindNeed change nothing in the specification, and are no messages of it.
const (
	KindPrepare        Kind = iota + 1 // Ballot, Slot: the first slot to report
	KindPromise                        // Ballot, Votes, Slot: the last one in the sender's snapshot on disk
	KindAccept                         // Ballot, Slot, Value
	KindAccepted                       // Ballot, Slot
	KindHeartbeat                      // Ballot, Slot: the leader has applied all up to it
	KindChosen                         // Slot, Value
	KindSnapshot                       // Slot, Data
	KindRefusedPrepare                 // Ballot, Promised
	KindRefusedAccept                  // Ballot, Slot, Promised
	KindNeed                           // Slot: the first that the sender does not know to be chosen
	KindInquiry                        // Ballot, Slot: the inquiry's number
	KindConfirmed                      // Ballot, Slot: the inquiry's number
	KindAskLease                       // Ballot, Sent
	KindGrantLease                     // Ballot, Sent: of what was asked
	KindRejoin                         // Slot: the new disk's number, Ballot: 0, or the least that a leader's must be
	KindBound                          // Slot: of what was asked, Promised
	KindAdmit                          // Ballot, Slot: the last that may hold what was chosen under others
)

var kindNames = [...]string{
	KindPrepare: "prepare", KindPromise: "promise", KindAccept: "accept", KindAccepted: "accepted",
	KindHeartbeat: "heartbeat", KindChosen: "chosen", KindSnapshot: "snapshot",
	KindRefusedPrepare: "refused prepare", KindRefusedAccept: "refused accept", KindNeed: "need",
	KindInquiry: "inquiry", KindConfirmed: "confirmed",
	KindAskLease: "ask", KindGrantLease: "grant",
	KindRejoin: "rejoin", KindBound: "bound", KindAdmit: "admit",
}

// String names the kind as the specification does.
func (k Kind) String() string {
	if k < KindPrepare || k > KindAdmit {
		return fmt.Sprintf("kind %d", uint8(k))
	}
	return kindNames[k]
}

// Bound reports whether a message of the kind says what stands on its sender's disk: it must not leave before all is
// there that its sender has asked for. Any other tells what a quorum's disks hold, or repeats what the sender was told;
// it must wait only while the ballot that the sender last promised is not there yet.
func (k Kind) Bound() bool { return k == KindPrepare || k == KindPromise || k == KindAccepted }

// Message goes from one replica to another, or to itself. Which fields it has depends on its Kind.
type Message struct {
	Kind     Kind
	From, To string
	Ballot   Ballot
	Slot     Slot
	Value    Batch
	Votes    []Vote
	Data     string
	Sent     time.Duration // what the leader's clock showed when it asked for a lease
	Promised Ballot        // refusal: the ballot that stands against Ballot; bound: what the sender has promised
	Event    string        // the id of the step that sent it; "" where no trace is kept
	Clock    uint64        // the Lamport clock of that step
}

// Answer is what a client hears of its command.
type Answer struct {
	Command Command // with Unknown its body may be missing
	Result  string
	Unknown bool   // it may be performed, or have been, or not; ask again
	Leader  string // with Unknown: whom to ask, as far as is known
}

// Entry is what a slot holds for ever.
type Entry struct {
	Slot  Slot
	Value Batch
}

// Effects is what an input leads to. The package comment says in which order.
type Effects struct {
	Persist []Record
	Save    *Snapshot
	Steps   []Step
	Send    []Message
	Answers []Answer
	Applied []Entry  // for those who watch: the machine has performed them
	Ready   []uint64 // readers: the machine may be read
	Unready []uint64 // readers: it may not, another may lead
}
