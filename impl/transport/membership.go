// Membership: what operators ask proposers and what they answer, in JSON.

package transport

import (
	"synod/impl/membership"
	"synod/impl/paxos"
)

// MembershipRequest asks a proposer for its configuration.
type MembershipRequest struct{}

// MembershipReply tells it.
type MembershipReply struct {
	Configuration membership.Configuration `json:"configuration"`
	Used          paxos.Ballot             `json:"used"`  // no ballot above it was used before the configuration was adopted
	Clock         uint64                   `json:"clock"` // the Lamport time of the proposer's trace
}

// BeginRequest asks for a plan to be the cluster's. Only one of those who ask at the same time has it so.
type BeginRequest struct {
	Last membership.Plan  `json:"last"`           // the plan that it follows
	Next *membership.Plan `json:"next,omitempty"` // nil only asks which one is the cluster's
}

// BeginReply tells which plan is the cluster's.
type BeginReply struct {
	Plan  membership.Plan `json:"plan"`
	Clock uint64          `json:"clock"`
}

// AdoptRequest asks a proposer to adopt a configuration. When it has answered with this one or a later one, no round of
// an earlier one is under way.
type AdoptRequest struct {
	Configuration membership.Configuration `json:"configuration"`
	// Restore says that the proposer has lost its disk, or runs on an old copy: it takes the configuration whatever it was in.
	Restore bool   `json:"restore,omitempty"`
	Clock   uint64 `json:"clock"` // of all that the operator was told
}

// RewriteRequest asks a proposer to write every register anew, and answers soon: it goes on behind.
type RewriteRequest struct {
	Number uint64 `json:"number"` // of the configuration in which, or in a later one
	Token  uint64 `json:"token"`  // tells one rewriting from another: with the same token it is not begun again
}

// RewriteReply tells how far it has come.
type RewriteReply struct {
	Written int    `json:"written"` // registers
	Done    bool   `json:"done"`
	Error   string `json:"error,omitempty"` // why it has stopped
	Clock   uint64 `json:"clock"`
}
