// Requests: changes that a client may ask for again, and the verdict on each (spec/register/Requests.tla).

package register

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"synod/impl/paxos"
)

// Position says which state a client has read before it asks for a change. Epoch 0 is none.
type Position struct {
	Epoch   uint64 `json:"epoch"`
	Version uint64 `json:"version"`
}

// Request asks for one change of an entry: from what the client has read to what its function has made of it. It may be
// asked for any number of times, of any proposer, and takes effect once at most. It implements paxos.Change.
type Request struct {
	Client   uint64   `json:"client"` // drawn at random, so that no two clients have the same
	Number   uint64   `json:"number"` // grows with each request of the client for this key, from 1
	Position Position `json:"position"`
	At       []byte   `json:"at,omitempty"` // the Digest of the entry that the client has read
	To       Entry    `json:"to"`           // what is to take its place
	// Resolves asks instead what became of the request with the number before this one. Nothing is changed, and that
	// request has no effect any more afterwards.
	Resolves bool `json:"resolves,omitempty"`

	Now  int64      `json:"-"` // Unix ms, the proposer's: when an entry has expired
	Bugs paxos.Bugs `json:"-"`
}

// Verdict says what a register makes of a request.
type Verdict string

// The verdicts. Their values are the specification's.
const (
	VerdictDone       Verdict = "done"       // it had its effect, now or before
	VerdictNotDone    Verdict = "not done"   // the entry was another; it had no effect and never will
	VerdictSuperseded Verdict = "superseded" // the client's next request was served before
	VerdictForgotten  Verdict = "forgotten"  // it has no effect now; whether it had one before nobody can tell
)

// Digest stands for an entry in a Request: no two entries have the same.
func (e Entry) Digest() []byte {
	e.Memory = ""
	sum := sha256.Sum256([]byte(e.State()))
	return sum[:]
}

// Position gives the entry's position, for a request that changes it.
func (e Entry) Position() (Position, error) {
	m, err := parseMemory(e.Memory)
	return Position{m.epoch, m.version}, err
}

// Live is the entry as it is at a time, in Unix ms: absent, once it has expired.
func (e Entry) Live(now int64) Entry {
	if e.Expired(now) {
		return Entry{Memory: e.Memory}
	}
	return e
}

// Expired reports whether the entry counts as absent at a time, in Unix ms.
func (e Entry) Expired(now int64) bool { return e.Exists && e.Expires != 0 && now > e.Expires }

// Serve gives the verdict on the request, and the entry after it.
func (q Request) Serve(e Entry) (Entry, Verdict, error) {
	m, err := parseMemory(e.Memory)
	if err != nil {
		return e, VerdictForgotten, err
	}
	e = e.Live(q.Now)
	last, at := m.find(q.Client)
	known := at >= 0
	again := known && last.number == q.Number && !q.Bugs.Has(paxos.ServesAgain)
	switch {
	case !q.covered(m, known):
		return e, VerdictForgotten, nil
	case known && last.number > q.Number:
		return e, VerdictSuperseded, nil
	case again && last.effect:
		return e, VerdictDone, nil
	case again:
		return e, VerdictNotDone, nil
	}
	if m.epoch == 0 { // bug IgnoresEpoch
		m.epoch = q.Position.Epoch
	}
	done := string(q.At) == string(e.Digest())
	if q.Resolves {
		done = known && last.number == q.Number-1 && last.effect
	}
	switch {
	case q.Resolves && q.Bugs.Has(paxos.ResolvesWithoutNumber), !q.Resolves && !done && q.Bugs.Has(paxos.ForgetsMissed):
	default:
		m.remember(served{client: q.Client, number: q.Number, effect: done})
	}
	if done && !q.Resolves {
		e = q.To
	}
	e.Memory = m.text()
	if done {
		return e, VerdictDone, nil
	}
	return e, VerdictNotDone, nil
}

// covered reports whether the memory would know of the request if it had been served.
func (q Request) covered(m memory, known bool) bool {
	if m.epoch != q.Position.Epoch && !q.Bugs.Has(paxos.IgnoresEpoch) {
		return false
	}
	return known || m.forgotten <= q.Position.Version || q.Bugs.Has(paxos.ServesForgotten)
}

// Apply implements paxos.Change.
func (q Request) Apply(s paxos.State) (paxos.State, error) {
	e, err := ParseEntry(s)
	if err != nil {
		return "", err
	}
	after, _, err := q.Serve(e)
	return after.State(), err
}

// AppendTrace implements paxos.Change.
func (q Request) AppendTrace(b []byte, before, after paxos.State) []byte {
	return appendMap(b, before, after)
}

// Validate tells what is wrong with a request.
func (q Request) Validate() error {
	switch {
	case q.Client == 0 || q.Number == 0 || q.Position.Epoch == 0:
		return fmt.Errorf("a request has a client, a number and an epoch; this has %d, %d and %d", q.Client, q.Number, q.Position.Epoch)
	case q.Resolves && (q.Number == 1 || q.To.Exists):
		return fmt.Errorf("a request that resolves another comes after it, and changes nothing")
	case !q.Resolves && len(q.At) != sha256.Size:
		return fmt.Errorf("a request names the entry that it changes by %d bytes, not %d", sha256.Size, len(q.At))
	case q.To.Memory != "":
		return fmt.Errorf("a request says nothing of what the register remembers")
	case len(q.To.Value) > MaxValue:
		return fmt.Errorf("the value has %d bytes, more than %d", len(q.To.Value), MaxValue)
	case !q.To.Exists && (len(q.To.Value) > 0 || q.To.Expires != 0):
		return fmt.Errorf("an absent entry has no value, and does not expire")
	}
	return nil
}

// Birth is the change that gives an entry its epoch, so that requests have a position; one that has an epoch stays as it
// is. Epoch is drawn at random: a register that was forgotten and comes up again must not have the same.
type Birth struct{ Epoch uint64 }

// Apply implements paxos.Change.
func (b Birth) Apply(s paxos.State) (paxos.State, error) {
	e, err := ParseEntry(s)
	if err != nil || e.Memory != "" {
		return s, err
	}
	e.Memory = memory{epoch: b.Epoch}.text()
	return e.State(), nil
}

// AppendTrace implements paxos.Change.
func (b Birth) AppendTrace(text []byte, before, after paxos.State) []byte {
	return appendMap(text, before, after)
}

// Window is how many clients an entry remembers.
const Window = 16

// memory is what an entry remembers of requests: the variable state of the specification, without its value.
type memory struct {
	epoch     uint64
	version   uint64 // counts what was served
	forgotten uint64 // the largest version of a client that is not remembered any more
	served    []served
}

// served is the last request of a client, the one served longest ago first.
type served struct {
	client  uint64
	number  uint64
	version uint64 // that it made
	effect  bool
}

// find gives what is remembered of a client, and where; -1 is nowhere.
func (m memory) find(client uint64) (served, int) {
	i := slices.IndexFunc(m.served, func(s served) bool { return s.client == client })
	if i < 0 {
		return served{}, -1
	}
	return m.served[i], i
}

// remember notes a request, and forgets the client that was served longest ago if there is no room.
func (m *memory) remember(s served) {
	m.version++
	s.version = m.version
	if _, at := m.find(s.client); at >= 0 {
		m.served = slices.Delete(m.served, at, at+1)
	}
	if len(m.served) >= Window {
		m.forgotten = m.served[0].version
		m.served = m.served[1:]
	}
	m.served = append(m.served, s)
}
