// The holder: how a client counts its lease.

package lock

import (
	"time"

	"synod/impl/step"
)

// Holder is a client's view of one lease. Times are those of one clock that is never set. Its methods are steps of
// spec/lease/LogLease.tla. The caller sends the commands that they give, and does not ask again before it was answered
// or has given the answer up.
type Holder struct {
	Name  string
	Owner string
	Term  time.Duration
	Error time.Duration // by how much two processes' clocks may disagree, over a term; Term is more than twice as much
	Bugs  Bugs
	// Record takes down the holder's steps, under the name Node.
	Record Recorder
	Node   string

	requests uint64 // how many it has sent
	asked    bool   // a request is under way
	sent     time.Duration
	token    uint64 // 0 is no lease
	from     time.Duration
	checked  bool // what was seen when the clock was looked at last
}

// AskForLease gives the command that asks for the lock. It is called before the command is sent. While the answer to
// one is not known, the command may be sent again as it is; the lease then counts from the first time.
func (h *Holder) AskForLease(now time.Duration) Command {
	h.asked, h.sent = true, now
	k := h.number()
	return Command{Kind: Acquire, Name: h.Name, Owner: h.Owner, Term: h.Term, Request: k, Cause: h.ask("AskForLease", now, k)}
}

// AskForRenewal gives the command that asks for a new term; false is that there is no lease to renew.
func (h *Holder) AskForRenewal(now time.Duration) (Command, bool) {
	if h.token == 0 {
		return Command{}, false
	}
	h.asked, h.sent = true, now
	k := h.number()
	return Command{Kind: Renew, Name: h.Name, Token: h.token, Term: h.Term, Request: k, Cause: h.ask("AskForRenewal", now, k)}, true
}

// Hold hears that the last request was granted. The lease counts from when the request was sent: when it was granted
// the holder does not know, only that it was later.
func (h *Holder) Hold(granted Lock, now time.Duration) {
	if !h.asked {
		return
	}
	h.asked = false
	h.token, h.from = granted.Token, h.sent
	if h.Bugs.Has(CountedFromAnswer) {
		h.from = now
	}
	h.Record.record(granted.Cause, h.Name, "Hold", []step.Field{step.Word("h", h.Node), step.Natural("t", h.token)},
		step.Natural("lease["+h.Node+"].number", h.token), step.Natural("lease["+h.Node+"].sent", int64(h.from)))
}

// Refused hears that the last request was not granted. A lease that cannot be renewed is over.
func (h *Holder) Refused(outcome Outcome) {
	h.asked = false
	if outcome == Lost {
		h.token = 0
	}
}

// GiveUp stops to hold the lease, and gives the command that tells the log so.
func (h *Holder) GiveUp() Command {
	c := Command{Kind: Release, Name: h.Name, Token: h.token}
	if h.token > 0 {
		c.Cause = h.Record.record(step.Cause{}, h.Name, "GiveUp", []step.Field{step.Word("h", h.Node)})
	}
	h.asked, h.token = false, 0
	return c
}

// Until is the time at which the lease is over. When the holder sent its request its clock may have been fast by the
// error, and when it looks again it may be right; a replica's clock may have been right when it saw the grant, and be
// fast when it looks again. Each of the two takes the error off the time that both have.
func (h *Holder) Until() time.Duration {
	switch {
	case h.Bugs.Has(ErrorAdded):
		return h.from + h.Term + 2*h.Error
	case h.Bugs.Has(ErrorIgnored):
		return h.from + h.Term
	}
	return h.from + h.Term - 2*h.Error
}

// Holds looks at the clock and tells whether the holder may act.
func (h *Holder) Holds(now time.Duration) bool {
	h.checked = h.token > 0 && now < h.Until()
	return h.checked
}

// Act tells whether what is done at the time now may be done. It is asked in the moment of the act, and not before: a
// process may pause between any two of its instructions.
func (h *Holder) Act(now time.Duration) bool {
	may := h.Bugs.Has(NotCheckedAgain) && h.token > 0 && h.checked || h.Holds(now)
	if may {
		h.Record.look(h.Node, h.Name, now)
		h.Record.record(step.Cause{}, h.Name, "Act", []step.Field{step.Word("h", h.Node)}, step.Natural("acted", h.token))
	}
	return may
}

// Token is the token of the lease, 0 if there is none.
func (h *Holder) Token() uint64 { return h.token }

// Asking reports whether a request is under way, and when it was sent.
func (h *Holder) Asking() (sent time.Duration, asking bool) { return h.sent, h.asked }

// From is the time from which the lease counts.
func (h *Holder) From() time.Duration { return h.from }
