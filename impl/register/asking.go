// Asking: what a client remembers of its request, and what an answer means (spec/register/Requests.tla).

package register

import "synod/impl/paxos"

// Asking is one client's request for one key, from the first time it is made until its outcome is known. The methods
// carry the names of the specification's actions.
type Asking struct {
	request  Request
	attempts int // that may have been served, or may yet be
	bugs     paxos.Bugs
}

// Ask makes a request: of client, under a number that is larger than all it has used for the key, to put an entry in the
// place of the one that it has read.
func Ask(client, number uint64, read, to Entry, bugs paxos.Bugs) (*Asking, error) {
	position, err := read.Position()
	to.Memory = ""
	q := Request{Client: client, Number: number, Position: position, At: read.Digest(), To: to}
	return &Asking{request: q, bugs: bugs}, err
}

// Request gives what is asked for.
func (a *Asking) Request() Request { return a.request }

// Attempt gives the request to be sent, for the first time or, where there was no answer that tells, again.
func (a *Asking) Attempt() Request {
	a.attempts++
	return a.request
}

// Refused takes note that the last attempt was not served and never will be.
func (a *Asking) Refused() { a.attempts-- }

// Doubtful reports whether an attempt may have been served, or may yet be.
func (a *Asking) Doubtful() bool { return a.attempts > 0 }

// Resolve makes instead the request that finds out what became of the one before, under the next number. It must not be
// made of a request that resolves.
func (a *Asking) Resolve() {
	q := a.request
	a.request = Request{Client: q.Client, Number: q.Number + 1, Position: q.Position, Resolves: true}
	a.attempts = 0
}

// Hear says what an answer tells of the change that was asked for: Satisfied, that it had its effect; Rejected, that it
// had none and never will; Unknown, that nobody can tell.
func (a *Asking) Hear(v Verdict) paxos.Outcome {
	switch {
	case v == VerdictDone:
		return paxos.Satisfied
	case v == VerdictNotDone:
		return paxos.Rejected
	case v == VerdictForgotten && !a.request.Resolves && a.attempts == 1,
		v == VerdictForgotten && a.bugs.Has(paxos.ForgottenIsNo):
		return paxos.Rejected
	}
	return paxos.Unknown
}
