// Expiry: how the replica that leads counts terms.

package lock

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"synod/impl/step"
)

// Expiry counts a term for each grant that a replica sees in its own copy of the machine. Its zero value has counted
// nothing. A replica that stops to lead calls Forget; so a new leader counts all terms anew, and holders whose renewals
// were lost in between have time to ask again.
type Expiry struct {
	Bugs Bugs
	// Record takes down the replica's steps, under the name Node.
	Record  Recorder
	Node    string
	counted map[string]count
}

// Clocked is a Machine with its replica's counting of terms: what a shell runs.
type Clocked struct {
	*Machine
	Expiry
}

// NewClocked makes a machine without locks before another one, which may be nil.
func NewClocked(behind Behind) *Clocked { return &Clocked{Machine: New(behind)} }

// Due gives the commands by which those locks expire whose term is over, as text. Only a replica that leads asks for
// them.
func (c *Clocked) Due(now time.Duration) []string {
	var commands []string
	for _, x := range c.Expiry.Due(c.Locks(), now) {
		commands = append(commands, x.String())
	}
	return commands
}

// count is a term that runs: for which grant, and since when.
type count struct {
	grant uint64
	since time.Duration
}

// Due looks at the locks that are held at the time now, and gives the commands by which those expire whose term is
// over. A command that is lost is given again after another term.
func (e *Expiry) Due(locks iter.Seq[Lock], now time.Duration) []Command {
	before := e.counted
	e.counted = make(map[string]count, len(before))
	var due []Command
	for l := range locks {
		c, ok := before[l.Name]
		switch {
		case !ok || c.grant != l.Grant:
			e.Count(l, now)
		case now-c.since >= l.Term:
			due = append(due, e.AskForExpiry(l, now))
			e.Count(l, now)
		default:
			e.counted[l.Name] = c
		}
	}
	slices.SortFunc(due, func(a, b Command) int { return strings.Compare(a.Name, b.Name) })
	return due
}

// Count begins to count the term of a grant.
func (e *Expiry) Count(l Lock, now time.Duration) {
	e.Record.look(e.Node, l.Name, now)
	if e.Bugs.Has(ForgottenOverRestart) {
		now -= l.Term
	}
	e.counted[l.Name] = count{l.Grant, now}
	e.Record.record(l.Cause, l.Name, "Count", []step.Field{step.Word("r", e.Node), step.Natural("n", l.Grant)},
		step.Natural("since["+e.Node+"]", int64(now)))
}

// AskForExpiry gives the command by which a lock expires whose term is over.
func (e *Expiry) AskForExpiry(l Lock, now time.Duration) Command {
	e.Record.look(e.Node, l.Name, now)
	cause := e.Record.record(step.Cause{}, l.Name, "AskForExpiry", []step.Field{step.Word("r", e.Node)})
	return Command{Kind: Expire, Name: l.Name, Grant: l.Grant, Cause: cause}
}

// Forget stops to count.
func (e *Expiry) Forget() {
	for _, name := range slices.Sorted(maps.Keys(e.counted)) {
		e.Record.record(step.Cause{}, name, "Forget", []step.Field{step.Word("r", e.Node)})
	}
	e.counted = nil
}

// Counted tells for which grant of a lock a term is counted, 0 for none, and since when.
func (e *Expiry) Counted(name string) (grant uint64, since time.Duration) {
	c := e.counted[name]
	return c.grant, c.since
}
