// Commands and the machine that performs them.

package log

import (
	"slices"
	"strconv"
	"strings"
)

// Slot is a place in the log, counted from 1; 0 stands for none.
type Slot uint64

// Command is what a client asks for. A client numbers its commands from 1, waits for an answer before it asks for the
// next, and asks again under the same number when no answer comes.
type Command struct {
	Client string
	Number uint64
	Body   string // for the machine
}

// Batch is what a slot holds: commands in the order in which they are performed. The empty batch does nothing.
type Batch []Command

// size is about how many bytes a batch takes.
func (b Batch) size() (n int) {
	for _, c := range b {
		n += len(c.Client) + len(c.Body) + 8
	}
	return n
}

// Machine is what is replicated. Its methods must be functions of the commands applied so far: no clock, no random
// number, no order of a map.
type Machine interface {
	Apply(command string) (result string)
	Snapshot() string
	Restore(snapshot string) error
}

// Traced is a Machine whose commands and state a trace can show: as a change of the specification, and as a number.
// Of any other machine a trace shows which commands were performed and in which order, and not what they did.
type Traced interface {
	Machine
	Change(command string) (json string)
	Value() (json string)
}

// session is what is known of a client: its last request, and the result. Sessions are part of the replicated state.
type session struct {
	Number uint64
	Result string
}

// state is the machine with the sessions of its clients.
type state struct {
	machine  Machine
	sessions map[string]session
}

// perform applies a batch: each command once, however often it stands in the log.
func (s *state) perform(b Batch, bugs Bugs) {
	for _, c := range b {
		if s.sessions[c.Client].Number >= c.Number && !bugs.Has(PerformAgain) {
			continue
		}
		s.sessions[c.Client] = session{c.Number, s.machine.Apply(c.Body)}
	}
}

// clients lists the clients with a session, sorted.
func (s *state) clients() []string {
	names := make([]string, 0, len(s.sessions))
	for name := range s.sessions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// snapshot gives the whole state as text: each session as quoted words, then the machine.
func (s *state) snapshot(bugs Bugs) string {
	var b strings.Builder
	clients := s.clients()
	if bugs.Has(SnapshotWithoutSessions) {
		clients = nil
	}
	b.WriteString(strconv.Itoa(len(clients)) + "\n")
	for _, name := range clients {
		x := s.sessions[name]
		b.WriteString(strconv.Quote(name) + " " + strconv.FormatUint(x.Number, 10) + " " + strconv.Quote(x.Result) + "\n")
	}
	b.WriteString(s.machine.Snapshot())
	return b.String()
}

// restore takes over what snapshot gave. A snapshot that is damaged is an error, and the state is then of no use.
func (s *state) restore(text string) error {
	line, rest, _ := strings.Cut(text, "\n")
	n, err := strconv.Atoi(line)
	if err != nil {
		return &DamagedError{"snapshot: no number of sessions"}
	}
	s.sessions = map[string]session{}
	for range n {
		line, rest, _ = strings.Cut(rest, "\n")
		name, x, ok := parseSession(line)
		if !ok {
			return &DamagedError{"snapshot: " + strconv.Quote(line) + " is no session"}
		}
		s.sessions[name] = x
	}
	return s.machine.Restore(rest)
}

func parseSession(line string) (name string, x session, ok bool) {
	quoted, err := strconv.QuotedPrefix(line)
	if err != nil {
		return "", x, false
	}
	name, _ = strconv.Unquote(quoted)
	number, result, found := strings.Cut(strings.TrimPrefix(line[len(quoted):], " "), " ")
	if x.Number, err = strconv.ParseUint(number, 10, 64); err != nil || !found {
		return "", x, false
	}
	x.Result, err = strconv.Unquote(result)
	return name, x, err == nil
}

// DamagedError says that what was read from a disk or a peer is not what was written.
type DamagedError struct{ What string }

func (e *DamagedError) Error() string { return "log: damaged " + e.What }
