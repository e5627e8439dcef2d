// The machine: who has which lock, and what fences have seen.

package lock

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"synod/impl/line"
	"synod/impl/step"
)

// Machine is what a log replicates: locks, and fences before another machine. It knows nothing of time. Make one with
// New. It is a log.Machine.
type Machine struct {
	step.Counter
	Bugs   Bugs
	behind Behind
	locks  map[string]Lock
	last   uint64 // the last number that was given, to a grant or to a renewal
	fences map[string]fence
	// Fences counts and records what the store does, as steps of spec/lock/Lock.tla.
	Fences step.Counter
	past   []string // owners whose leases are over, the last ones
}

// fence is what the store knows of those who come with tokens.
type fence struct {
	token  uint64 // the largest that it has seen
	writes uint64 // how many commands that write it has let through
}

// maxPast is how many owners are remembered whose leases are over.
const maxPast = 1 << 10

// Behind is the machine that commands are for that are no commands of a Machine: a log.Machine.
type Behind interface {
	Apply(command string) (result string)
	Snapshot() string
	Restore(snapshot string) error
}

// New makes a machine without locks before another one. behind may be nil: then there is nothing to fence.
func New(behind Behind) *Machine {
	return &Machine{
		Counter: step.Counter{Node: Node}, Fences: step.Counter{Node: Node},
		behind: behind, locks: map[string]Lock{}, fences: map[string]fence{},
	}
}

// Apply performs a command of this machine, or hands it to the one behind.
func (m *Machine) Apply(command string) string {
	if m.behind != nil && !strings.HasPrefix(command, Mark) {
		return m.behind.Apply(command)
	}
	c, err := Parse(command)
	if err != nil {
		return Result{Outcome: Invalid, Body: err.Error()}.String()
	}
	return m.perform(c).String()
}

func (m *Machine) perform(c Command) Result {
	switch c.Kind {
	case Acquire:
		return m.Acquire(c)
	case Renew:
		return m.Renew(c)
	case Release:
		return m.Release(c)
	case Expire:
		return m.Expire(c)
	case Fetch, Store:
		return m.pass(c)
	}
	if held, ok := m.locks[c.Name]; ok {
		return Result{Outcome: Held, Lock: held}
	}
	return Result{Outcome: Free}
}

// Acquire grants a lock that nobody has. Its token is larger than all before. An owner that asks again, because it did
// not hear the answer, is told the same again: no new term begins. A request that comes after its lease is over, because
// it was sent twice, is of no use to anybody.
func (m *Machine) Acquire(c Command) Result {
	if held, ok := m.locks[c.Name]; ok && !m.Bugs.Has(GrantedTwice) {
		if held.Owner == c.Owner {
			return Result{Outcome: Granted, Lock: held}
		}
		return Result{Outcome: Held, Lock: held}
	}
	if slices.Contains(m.past, c.Owner) {
		return Result{Outcome: Lost}
	}
	m.last++
	held := Lock{Name: c.Name, Owner: c.Owner, Token: m.last, Grant: m.last, Term: c.Term}
	held.Cause = m.granted(c, "Acquire", held)
	m.fenced(c, "Acquire", step.Word("c", c.Cause.Node()), step.Natural("t", held.Token))
	m.locks[c.Name] = held
	return Result{Outcome: Granted, Lock: held}
}

// Renew gives a lock that is held under that token a new term. A request with a number, which grow, has that done once.
func (m *Machine) Renew(c Command) Result {
	held, ok := m.locks[c.Name]
	if !ok || held.Token != c.Token {
		return Result{Outcome: Lost}
	}
	if c.Request > 0 && c.Request <= held.Request {
		return Result{Outcome: Granted, Lock: held}
	}
	m.last++
	held.Request = c.Request
	held.Grant, held.Term = m.last, c.Term
	held.Cause = m.granted(c, "Renew", held)
	m.locks[c.Name] = held
	return Result{Outcome: Granted, Lock: held}
}

// Release frees a lock that is held under that token.
func (m *Machine) Release(c Command) Result {
	held, ok := m.locks[c.Name]
	if !ok || held.Token != c.Token && !m.Bugs.Has(TokenIgnored) {
		return Result{Outcome: Lost}
	}
	m.free(held)
	m.freed(c, "Release", step.Natural("t", c.Token))
	m.fenced(c, "Release", step.Word("c", c.Cause.Node()))
	return Result{Outcome: Released}
}

// Expire frees a lock that was not renewed since the grant from which its term was counted.
func (m *Machine) Expire(c Command) Result {
	held, ok := m.locks[c.Name]
	if !ok || held.Grant != c.Grant && !(m.Bugs.Has(RenewalIgnored) && held.Token <= c.Grant) {
		return Result{Outcome: Kept}
	}
	m.free(held)
	m.freed(c, "Expire", step.Natural("n", c.Grant))
	m.fenced(c, "Expire")
	return Result{Outcome: Expired}
}

// free ends a lease.
func (m *Machine) free(held Lock) {
	delete(m.locks, held.Name)
	m.past = append(m.past, held.Owner)
	m.past = m.past[max(0, len(m.past)-maxPast):]
}

// pass lets a command through to the machine behind, unless the fence has seen a larger token. A command that only
// reads raises the fence too: who had the lock before must change nothing any more of what was read.
func (m *Machine) pass(c Command) Result {
	f := m.fences[c.Name]
	switch {
	case m.behind == nil:
		return Result{Outcome: Invalid, Body: "lock: there is nothing behind the fence"}
	case m.Bugs.Has(NoToken), m.Bugs.Has(FetchWithoutToken) && c.Kind == Fetch:
	case c.Token < f.token && !m.Bugs.Has(LastTokenKept):
		return Result{Outcome: Fenced, Lock: Lock{Token: f.token}}
	default:
		f.token = c.Token
	}
	if c.Kind == Store {
		f.writes++
		m.fenced(c, "Store", step.Natural("t", c.Token), step.Natural("n", f.writes))
	} else {
		m.fetched(c, f)
	}
	m.fences[c.Name] = f
	return Result{Outcome: Done, Lock: Lock{Token: c.Token}, Body: m.behind.Apply(c.Body)}
}

// Read answers a command from the machine behind as it is, if that can tell without the log. Nothing of the locks is told
// so.
func (m *Machine) Read(command string) (result string, ok bool) {
	reader, ok := m.behind.(interface {
		Read(command string) (result string, ok bool)
	})
	if !ok || strings.HasPrefix(command, Mark) {
		return "", false
	}
	return reader.Read(command)
}

// Locks gives the locks that are held, in no order.
func (m *Machine) Locks() iter.Seq[Lock] { return maps.Values(m.locks) }

// Snapshot gives the whole state as text: the last number, how many steps there were of both kinds and when, how many locks, fences and
// owners of the past there are, these, and then the snapshot of the machine behind.
func (m *Machine) Snapshot() string {
	var b strings.Builder
	last := m.last
	if m.Bugs.Has(TokenGivenAgain) {
		last = 0
	}
	fmt.Fprintf(&b, "%d %d %d %d %d %d %d %d\n", last, m.Count, m.Clock, m.Fences.Count, m.Fences.Clock, len(m.locks), len(m.fences), len(m.past))
	for _, name := range slices.Sorted(maps.Keys(m.locks)) {
		l := m.locks[name]
		fmt.Fprintf(&b, "%q %q %d %d %d %d %q %d\n",
			l.Name, l.Owner, l.Token, l.Grant, int64(l.Term), l.Request, l.Cause.Step, l.Cause.Clock)
	}
	for _, name := range slices.Sorted(maps.Keys(m.fences)) {
		fmt.Fprintf(&b, "%q %d %d\n", name, m.fences[name].token, m.fences[name].writes)
	}
	for _, owner := range m.past {
		fmt.Fprintf(&b, "%q\n", owner)
	}
	if m.behind != nil {
		b.WriteString(m.behind.Snapshot())
	}
	return b.String()
}

// Restore takes over what Snapshot gave. After an error the machine is of no use.
func (m *Machine) Restore(snapshot string) error {
	row, rest, _ := strings.Cut(snapshot, "\n")
	w := line.New(row)
	m.last, m.Count, m.Clock, m.Fences.Count, m.Fences.Clock = w.Number(), w.Number(), w.Number(), w.Number(), w.Number()
	locks, fences, past := w.Number(), w.Number(), w.Number()
	m.locks, m.fences, m.past = map[string]Lock{}, map[string]fence{}, nil
	for ; locks > 0 && !w.Failed(); locks-- {
		row, rest, _ = strings.Cut(rest, "\n")
		w.Next(row)
		l := Lock{Name: w.Quoted(), Owner: w.Quoted(), Token: w.Number(), Grant: w.Number(), Term: time.Duration(w.Number())}
		l.Request, l.Cause = w.Number(), readCause(w)
		m.locks[l.Name] = l
	}
	for ; fences > 0 && !w.Failed(); fences-- {
		row, rest, _ = strings.Cut(rest, "\n")
		w.Next(row)
		name := w.Quoted()
		m.fences[name] = fence{w.Number(), w.Number()}
	}
	for ; past > 0 && !w.Failed(); past-- {
		row, rest, _ = strings.Cut(rest, "\n")
		w.Next(row)
		m.past = append(m.past, w.Quoted())
	}
	switch {
	case w.Failed():
		return fmt.Errorf("lock: a snapshot has the line %.80q", row)
	case m.behind != nil:
		return m.behind.Restore(rest)
	}
	return nil
}
