// Steps: an action as a trace shows it.

package log

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"synod/impl/step"
)

// Step is one action of spec/log/Log.tla that was taken, as a line of a trace.
type Step struct {
	Seq     uint64 // within the run, from 1
	Clock   uint64 // Lamport's: larger than that of every cause
	Action  string // the operator in the specification, and the method here
	Args    []Field
	Vars    []Field  // the variables after the step, by their path
	Causes  []string // ids of the steps that sent the messages that this one consumed
	Restart bool
	Source  string // the place of the method, file:line
}

// Field is a name and a JSON value in ITF's encoding.
type Field struct{ Name, JSON string }

// SpecPath is the specification, below the folder of specifications. With reads that take no place in the log it is
// ReadSpecPath, which holds the other.
const (
	SpecPath     = "log/Log.tla"
	ReadSpecPath = "log/LogRead.tla"
)

// LeaseSpecPath is the specification of traces that are Timed. It has the reads of ReadSpecPath, too.
const LeaseSpecPath = "log/LeaderLease.tla"

// The specifications of traces of replicas some of which have lost their disks. They have the reads of ReadSpecPath, too; the
// second is for traces that are Timed.
const (
	LossSpecPath      = "log/Readmission.tla"
	LeaseLossSpecPath = "log/LeaseReadmission.tla"
)

// Hidden are the actions that a crash may leave on disk and not in the trace. Truncate is not among them: what it
// forgets a restart forgets too.
var Hidden = []string{"Prepare", "Promise", "Accept", "SaveSnapshot", "InstallSnapshot"}

// HiddenWithLeases are those of a trace that records the replica's own clock: it may have waited until it was free.
var HiddenWithLeases = append(slices.Clone(Hidden), "Wait")

// HiddenWithLosses and HiddenWithBoth are those of traces of LossSpecPath and LeaseLossSpecPath.
var (
	HiddenWithLosses = append(slices.Clone(Hidden), "Readmit")
	HiddenWithBoth   = append(slices.Clone(HiddenWithLeases), "Readmit")
)

// step notes an action and gives its id; "" where no trace is kept.
func (r *replica) step(action string, args, vars []Field, from ...Message) string {
	if !r.Traced {
		return ""
	}
	if r.Timed && r.Looks && timed[action] && r.now > r.looked {
		r.Look()
	}
	s := Step{Action: action, Args: args, Vars: vars, Source: sources[action], Restart: action == "Restart"}
	for _, m := range from {
		if m.Event != "" {
			s.Causes = append(s.Causes, m.Event)
		}
	}
	r.seq++
	r.Clock++
	s.Seq, s.Clock = r.seq, r.Clock
	r.out.Steps = append(r.out.Steps, s)
	if r.watch != nil {
		r.watch()
	}
	return fmt.Sprintf("%s/%d/%d", r.ID, r.Run, r.seq)
}

// timed are the actions that depend on the time or take it down.
var timed = map[string]bool{"Prepare": true, "Promise": true, "AskForLease": true, "Grant": true, "Read": true}

// sign notes on a message which step sends it.
func (r *replica) sign(m *Message, event string) { m.Event, m.Clock = event, r.Clock }

// witness moves the Lamport clock past that of a message.
func (r *replica) witness(clock uint64) { r.Clock = max(r.Clock, clock) }

// sources are the places of the actions' methods.
var sources = step.Sources(reflect.TypeFor[*replica]())

// me is the replica's name as an argument.
func (r *replica) me() string { return strconv.Quote(r.ID) }

// args pairs names and values.
func args(pairs ...string) []Field {
	var out []Field
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, Field{pairs[i], pairs[i+1]})
	}
	return out
}

// vars gives the variables of those names for this replica. "value" is the machine's number, "machine" all of it,
// "saved" the slot of the snapshot on disk.
func (r *replica) vars(names ...string) []Field {
	if !r.Traced || r.watch != nil { // who watches sees the replica itself
		return nil
	}
	at := "[" + r.ID + "]"
	var out []Field
	for _, name := range names {
		switch name {
		case "promised":
			out = append(out, Field{"promised" + at, number(r.promised)})
		case "accepted":
			out = append(out, Field{"accepted" + at, r.votes()})
		case "role":
			out = append(out, Field{"role" + at, strconv.Quote(string(r.role))})
		case "next":
			out = append(out, Field{"next" + at, number(r.next)})
		case "applied":
			out = append(out, Field{"applied" + at, number(r.applied)})
		case "value":
			out = append(out, Field{"machine" + at + ".value", r.value()})
		case "machine":
			out = append(out, Field{"machine" + at, r.whole(&r.state)})
		case "boundUntil":
			out = append(out, Field{"boundUntil" + at, number(r.boundUntil)})
		case "lease":
			out = append(out, Field{"lease" + at, fmt.Sprintf(`{"ballot":%d,"sent":%d}`, r.promised, r.held)})
		case "saved":
			out = append(out, Field{"disk" + at + ".snapshot.slot", number(r.saved)})
		case "snapshot":
			out = append(out, Field{"snapshot" + at + ".slot", number(r.taken.Slot)}, Field{"snapshot" + at + ".machine", r.inSnapshot()})
		default:
			panic("log: no variable is called " + name)
		}
	}
	return out
}

// value is what the specification's machine holds: 0 where the machine is not Traced.
func (r *replica) value() string {
	if m, ok := r.machine.(Traced); ok {
		return m.Value()
	}
	return "0"
}

// whole is a machine with its sessions.
func (r *replica) whole(s *state) string {
	var sessions []string
	for _, name := range s.clients() {
		x := s.sessions[name]
		result := "0"
		if _, ok := s.machine.(Traced); ok {
			result = x.Result
		}
		sessions = append(sessions, fmt.Sprintf(`{"client":%s,"number":%d,"result":%s}`, strconv.Quote(name), x.Number, result))
	}
	return fmt.Sprintf(`{"value":%s,"sessions":{"#set":[%s]}}`, r.value(), strings.Join(sessions, ","))
}

// inSnapshot is the machine as the snapshot has it, read back from its text. The machine is the same as now: a snapshot
// is shown in the step that takes it.
func (r *replica) inSnapshot() string {
	s := state{machine: r.machine}
	if err := s.restore(r.taken.Data); err != nil {
		panic("log: a machine does not restore its own snapshot: " + err.Error())
	}
	return r.whole(&s)
}

// command is a command with what it asks for; a machine that is not Traced is asked to read.
func (r *replica) command(c Command) string {
	change := `{"name":"read"}`
	if m, ok := r.machine.(Traced); ok {
		change = m.Change(c.Body)
	}
	return fmt.Sprintf(`{"client":%s,"number":%d,"change":%s}`, strconv.Quote(c.Client), c.Number, change)
}

// batch is a sequence of commands.
func (r *replica) batch(b Batch) string {
	if !r.Traced {
		return ""
	}
	commands := make([]string, len(b))
	for i, c := range b {
		commands[i] = r.command(c)
	}
	return `{"#tup":[` + strings.Join(commands, ",") + `]}`
}

// votes is what was accepted.
func (r *replica) votes() string {
	var votes []string
	for _, slot := range sortedSlots(r.accepted) {
		v := r.accepted[slot]
		votes = append(votes, fmt.Sprintf(`{"slot":%d,"ballot":%d,"value":%s}`, slot, v.Ballot, r.batch(v.Value)))
	}
	return `{"#set":[` + strings.Join(votes, ",") + `]}`
}

func number[N ~uint32 | ~uint64 | ~int64](n N) string { return strconv.FormatInt(int64(n), 10) }

func set(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	return `{"#set":[` + strings.Join(quoted, ",") + `]}`
}

// sortedSlots are the slots of a map, in their order.
func sortedSlots[V any](m map[Slot]V) []Slot { return slices.Sorted(maps.Keys(m)) }

// sortedRequests are the requests in a set, in a fixed order.
func sortedRequests(m map[request]bool) []request {
	return slices.SortedFunc(maps.Keys(m), func(a, b request) int {
		if c := strings.Compare(a.client, b.client); c != 0 {
			return c
		}
		return int(a.number) - int(b.number)
	})
}
