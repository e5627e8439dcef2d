// Commands and results: what a Machine is asked, and what it answers, as text.

package lock

import (
	"fmt"
	"strings"
	"time"

	"synod/impl/line"
	"synod/impl/step"
)

// Kind says what a command asks for. The kinds that the specifications have are called as there.
type Kind string

// The kinds of commands, with the fields that count.
const (
	Acquire Kind = "acquire" // Name, Owner, Term: the lock, if nobody has it; who has it already is told so again
	Renew   Kind = "renew"   // Name, Token, Term: a new term, if the lock is held under that token
	Release Kind = "release" // Name, Token: the lock is free, if it was held under that token
	Expire  Kind = "expire"  // Name, Grant: the lock is free, if it was not renewed since that grant
	Look    Kind = "look"    // Name: who has it
	Fetch   Kind = "fetch"   // Name: of a fence, Token, Body: a command that reads, unless the fence has seen a larger token
	Store   Kind = "store"   // the same for a command that writes
)

// Command is what a Machine can be asked.
type Command struct {
	Kind  Kind
	Name  string
	Owner string // a name for one lease, never used for another one
	Token uint64
	Grant uint64
	Term  time.Duration
	Body  string // for the machine behind
	// Request is a number that no other request for a lease has, and Cause the step by which the command was sent: for
	// traces.
	Request uint64
	Cause   step.Cause
}

// Mark begins every command of a Machine. Commands of the machine behind it do not begin with it.
const Mark = "\x00lock "

// String gives the form that Parse reads.
func (c Command) String() string {
	return fmt.Sprintf("%s%s %q %q %d %d %d %d %q %d\n%s",
		Mark, c.Kind, c.Name, c.Owner, c.Token, c.Grant, int64(c.Term), c.Request, c.Cause.Step, c.Cause.Clock, c.Body)
}

// Parse reads what String wrote.
func Parse(text string) (Command, error) {
	first, body, found := strings.Cut(text, "\n")
	w := line.New(strings.TrimPrefix(first, Mark))
	c := Command{Kind: Kind(w.Word()), Name: w.Quoted(), Owner: w.Quoted(), Token: w.Number(), Grant: w.Number()}
	c.Term, c.Request, c.Cause, c.Body = time.Duration(w.Number()), w.Number(), readCause(w), body
	if !found || !w.Done() || !strings.HasPrefix(text, Mark) || c.Term < 0 {
		return Command{}, fmt.Errorf("lock: %.80q is no command", text)
	}
	switch c.Kind {
	case Acquire, Renew, Release, Expire, Look, Fetch, Store:
		return c, nil
	}
	return Command{}, fmt.Errorf("lock: no command is called %.40q", c.Kind)
}

func readCause(w *line.Reader) step.Cause { return step.Cause{Step: w.Quoted(), Clock: w.Number()} }

// Outcome says what became of a command.
type Outcome string

// The outcomes of commands.
const (
	Granted  Outcome = "granted"  // acquire and renew: Lock is what the owner has now
	Held     Outcome = "held"     // acquire: another has the Lock; look: somebody has it
	Free     Outcome = "free"     // look: nobody has it
	Lost     Outcome = "lost"     // renew and release: it is not held under that token any more
	Released Outcome = "released" // release
	Expired  Outcome = "expired"  // expire
	Kept     Outcome = "kept"     // expire: it was renewed, or is not held
	Done     Outcome = "done"     // fetch and store: Body is the answer of the machine behind
	Fenced   Outcome = "fenced"   // fetch and store: the fence, in Lock.Token, is larger than the token
	Invalid  Outcome = "invalid"  // Body says why
)

// Lock is a lock that somebody has.
type Lock struct {
	Name  string
	Owner string
	Token uint64        // the number of the grant: larger than that of every grant before, of any lock
	Grant uint64        // the number of the grant or of its last renewal
	Term  time.Duration // for how long it was granted or renewed
	// Request is the number of the last request that renewed it, and Cause the step that granted or renewed it.
	Request uint64
	Cause   step.Cause
}

// Result is what a Machine answers. Lock has no name.
type Result struct {
	Outcome Outcome
	Lock    Lock
	Body    string
}

// String gives the form that ParseResult reads.
func (r Result) String() string {
	return fmt.Sprintf("%s %q %d %d %d %q %d\n%s", r.Outcome, r.Lock.Owner, r.Lock.Token, r.Lock.Grant, int64(r.Lock.Term),
		r.Lock.Cause.Step, r.Lock.Cause.Clock, r.Body)
}

// ParseResult reads what String wrote.
func ParseResult(text string) (Result, error) {
	first, body, found := strings.Cut(text, "\n")
	w := line.New(first)
	r := Result{Outcome: Outcome(w.Word()), Body: body}
	r.Lock = Lock{Owner: w.Quoted(), Token: w.Number(), Grant: w.Number(), Term: time.Duration(w.Number()), Cause: readCause(w)}
	if !found || !w.Done() {
		return Result{}, fmt.Errorf("lock: %.80q is no result", text)
	}
	return r, nil
}
