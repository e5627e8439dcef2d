// Requests: what clients ask a proposer and what it answers, in JSON.

package transport

import (
	"fmt"
	"hash/fnv"
	"strings"
	"unicode/utf8"

	"synod/impl/paxos"
	"synod/impl/register"
)

// ChangeRequest asks for one change of one register.
type ChangeRequest struct {
	Key    string          `json:"key"`
	Change register.Change `json:"change"`
	// Patience is for how many milliseconds the proposer may try again while nothing was proposed.
	Patience int64 `json:"patience"`
}

// ChangeReply tells the outcome of a change.
type ChangeReply struct {
	Outcome paxos.Outcome `json:"outcome"`
	Ballot  paxos.Ballot  `json:"ballot"`           // of the last round; 0 if there was none
	Before  int64         `json:"before"`           // satisfied: the state that was changed
	State   int64         `json:"state"`            // satisfied: the state now
	Reason  string        `json:"reason,omitempty"` // why it was not satisfied
}

// ResolveRequest asks what became of a change whose outcome was unknown.
type ResolveRequest struct {
	Key      string       `json:"key"`
	Ballot   paxos.Ballot `json:"ballot"` // of that change; 0 asks for the state alone
	Patience int64        `json:"patience"`
}

// ResolveReply tells it, as far as it can be known.
type ResolveReply struct {
	ChangeReply               // of the read that was made to find out
	Fate        paxos.Outcome `json:"fate"` // of the change that was asked about
}

// ReadRequest asks for what a key holds, and for its position: what register.Request needs.
type ReadRequest struct {
	Key      string `json:"key"`
	Epoch    uint64 `json:"epoch"` // for an entry that has none: a number drawn at random, not 0
	Patience int64  `json:"patience"`
}

// EntryRequest asks for a change that may be asked for again.
type EntryRequest struct {
	Key      string           `json:"key"`
	Request  register.Request `json:"request"`
	Patience int64            `json:"patience"`
}

// EntryReply tells the outcome of a ReadRequest or an EntryRequest.
type EntryReply struct {
	Outcome paxos.Outcome    `json:"outcome"` // Rejected: this was not served, and never will be
	Reason  string           `json:"reason,omitempty"`
	Verdict register.Verdict `json:"verdict,omitempty"` // satisfied: on the request
	Entry   register.Entry   `json:"entry"`             // satisfied: what the key holds now
	Memory  []byte           `json:"memory,omitempty"`  // satisfied: the entry's
}

// Preferred gives the proposer of those, in order, that changes a key in one round trip while nobody else changes it.
func Preferred(proposers []string, key string) string {
	h := fnv.New32a()
	h.Write([]byte(key))
	return proposers[h.Sum32()%uint32(len(proposers))]
}

// StatusRequest asks a node how it is.
type StatusRequest struct{}

// Status is how a node is. Counts are of this run.
type Status struct {
	Cluster  string `json:"cluster"`
	Node     string `json:"node"`
	Role     string `json:"role"`
	Run      uint64 `json:"run"`
	Sent     uint64 `json:"sent"`            // messages to other nodes
	Received uint64 `json:"received"`        // messages from other nodes
	Lost     uint64 `json:"lost"`            // messages that waited too long and were thrown away
	Steps    uint64 `json:"steps"`           // actions taken
	Batches  uint64 `json:"batches"`         // synced writes to disk
	Clock    uint64 `json:"clock,omitempty"` // the Lamport time of the node's trace, about

	Incarnation uint64 `json:"incarnation,omitempty"` // acceptor: the number of its data folder
	Commits     uint64 `json:"commits,omitempty"`     // acceptor: synced batches of records, of all runs

	Satisfied uint64   `json:"satisfied,omitempty"` // proposer: outcomes told to clients
	Rejected  uint64   `json:"rejected,omitempty"`
	Unknown   uint64   `json:"unknown,omitempty"`
	Connected []string `json:"connected,omitempty"` // proposer: acceptors to which a stream is open; replica: the others
	Acceptors int      `json:"acceptors,omitempty"` // proposer: how many it has

	Standing string `json:"standing,omitempty"` // replica: follower, candidate or leader
	Leader   string `json:"leader,omitempty"`   // replica: who leads, as far as it knows
	Applied  uint64 `json:"applied,omitempty"`  // replica: the last slot of the log that it has applied
}

// Reserved begins the keys that are the cluster's own.
const Reserved = "\x00synod/"

// ValidateKey tells what is wrong with a client's key: it is text of 1 to MaxKey bytes, and none of the cluster's own.
func ValidateKey(key string) error {
	if strings.HasPrefix(key, Reserved) {
		return fmt.Errorf("key %q is the cluster's own", key)
	}
	if key == "" || len(key) > MaxKey || !utf8.ValidString(key) {
		return fmt.Errorf("key %q is not UTF-8 text of 1 to %d bytes", key, MaxKey)
	}
	return nil
}
