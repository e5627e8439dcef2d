// Steps: an action as a trace shows it.

package paxos

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Step is one action of spec/register/Register.tla that was taken. It holds plain values; what costs something is
// done by its methods, for those who keep a trace.
type Step struct {
	Action   string        // the operator in the specification, and the method here
	Node     string        // the acceptor or proposer
	Ballot   Ballot        // of the round; of a quorum read, its number
	Next     Ballot        // Propose
	Refusal  Ballot        // the ballot that a refusal tells
	Quorum   []string      // Propose, Acknowledge, Answer
	Proposal string        // Propose
	State    State         // Answer
	Latest   Ballot        // Answer: the ballot of State
	Applied  []Applied     // Propose
	Asker    string        // Report: who reads
	Acceptor AcceptorState // after an acceptor's action
	Open     bool          // RestartAcceptor: nothing is kept of the register, and what it has promised is not known
	Phase    Phase         // after a proposer's action
	Counter  Ballot        // after a proposer's action
	// Configuration is of Adopt.
	Configuration *Configuration
	Causes        []string // ids of the traced steps that sent the messages that this one consumed
}

// Field is a name and a JSON value in ITF's encoding.
type Field struct{ Name, JSON string }

// Args gives the action's parameters by name. show gives what a register holds as a trace shows it, a
// JSON value.
func (s Step) Args(show func(payload string) string) []Field {
	a, p, b := Field{"a", quote(s.Node)}, Field{"p", quote(s.Node)}, Field{"b", number(s.Ballot)}
	switch s.Action {
	case "Prepare", "Collect":
		return []Field{p, b}
	case "Raise":
		return []Field{a, {"r", number(s.Ballot)}}
	case "Promise", "Accept", "RepeatAccept", "Erase":
		return []Field{a, b}
	case "RefusePrepare", "RefuseAccept":
		return []Field{a, b, {"r", number(s.Refusal)}}
	case "Propose":
		return []Field{p, {"q", set(s.Quorum)}, {"cs", sequence(s.Applied)}, {"s", show(s.Proposal)}, {"next", number(s.Next)}}
	case "Acknowledge":
		return []Field{p, {"q", set(s.Quorum)}}
	case "Adopt":
		c := s.Configuration
		return []Field{p, {"n", strconv.FormatUint(c.Number, 10)}, {"ask", set(c.Ask)}, {"tell", set(c.Tell)}, {"from", c.since()}}
	case "Abandon", "RestartProposer":
		return []Field{p}
	case "RestartAcceptor":
		return []Field{a}
	case "Ask":
		return []Field{p, {"n", number(s.Ballot)}}
	case "Report":
		return []Field{a, {"p", quote(s.Asker)}, {"n", number(s.Ballot)}}
	case "Answer":
		return []Field{p, {"n", number(s.Ballot)}, {"q", set(s.Quorum)}, {"b", number(s.Latest)}, {"s", show(Payload(s.State))}}
	}
	panic("paxos: no action is called " + strconv.Quote(s.Action))
}

// Vars gives the variables that the node sees, by their path, with their values after the step.
func (s Step) Vars(show func(payload string) string) []Field {
	at := func(variable string) string { return variable + "[" + s.Node + "]" }
	promised := func() Field { return Field{at("promised"), number(s.Acceptor.Promised)} }
	acceptedBallot := func() Field { return Field{at("acceptedBallot"), number(s.Acceptor.AcceptedBallot)} }
	acceptedState := func() Field { return Field{at("acceptedState"), show(Payload(s.Acceptor.AcceptedState))} }
	phase := func() Field { return Field{at("phase"), quote(string(s.Phase))} }
	switch s.Action {
	case "RestartAcceptor":
		if s.Open {
			return []Field{acceptedBallot(), acceptedState()}
		}
		fallthrough
	case "Promise", "Accept", "Erase":
		return []Field{promised(), acceptedBallot(), acceptedState()}
	case "Raise":
		return []Field{promised()}
	case "RefusePrepare", "RefuseAccept":
		return []Field{promised(), acceptedBallot()}
	case "RepeatAccept":
		return []Field{acceptedBallot()}
	case "Report":
		return []Field{acceptedBallot(), acceptedState()}
	case "Prepare", "Propose":
		return []Field{{at("counter"), number(s.Counter)}, phase()}
	case "Ask", "Answer", "Collect":
		return nil
	case "Adopt":
		return []Field{{at("configuration") + ".number", strconv.FormatUint(s.Configuration.Number, 10)}, phase()}
	default:
		return []Field{phase()}
	}
}

// Source gives the place of the action's method in this module, file:line.
func (s Step) Source() string { return sources[s.Action] }

// sources is found by reflection once: an action and its method have the same name.
var sources = findSources(reflect.TypeFor[Acceptor](), reflect.TypeFor[Proposer]())

func findSources(types ...reflect.Type) map[string]string {
	_, here, _, _ := runtime.Caller(0)
	root := strings.TrimSuffix(here, "impl/paxos/step.go")
	places := map[string]string{}
	for _, t := range types {
		for i := range t.NumMethod() {
			m := t.Method(i)
			pc := m.Func.Pointer()
			file, line := runtime.FuncForPC(pc).FileLine(pc)
			places[m.Name] = fmt.Sprintf("%s:%d", strings.TrimPrefix(file, root), line)
		}
	}
	return places
}

func causes(messages ...Message) []string {
	var ids []string
	for _, m := range messages {
		if m.Event != "" {
			ids = append(ids, m.Event)
		}
	}
	return ids
}

func number(b Ballot) string { return strconv.FormatUint(uint64(b), 10) }

// quote is for names, which are plain words.
func quote(s string) string { return `"` + s + `"` }

// sequence gives the changes that are part of a proposal.
func sequence(applied []Applied) string {
	var list []string
	for _, x := range applied {
		if x.Err == nil {
			list = append(list, x.Change.Trace(x.Before, x.After))
		}
	}
	return `{"#tup":[` + strings.Join(list, ",") + `]}`
}

func set(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	slices.Sort(quoted)
	quoted = slices.Compact(quoted)
	return `{"#set":[` + strings.Join(quoted, ",") + `]}`
}
