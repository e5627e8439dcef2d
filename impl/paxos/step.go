// Steps: an action as a trace shows it.

package paxos

import (
	"crypto/sha256"
	"encoding/hex"
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
	Action   string // the operator in the specification, and the method here
	Node     string // the acceptor or proposer
	Ballot   Ballot
	Refusal  Ballot        // the ballot that a refusal tells
	Quorum   []string      // Propose, Acknowledge
	State    State         // Propose
	Change   Change        // Prepare
	Acceptor AcceptorState // after an acceptor's action
	Phase    Phase         // after a proposer's action
	Causes   []string      // ids of the traced steps that sent the messages that this one consumed
}

// Field is a name and a JSON value in ITF's encoding.
type Field struct{ Name, JSON string }

// Args gives the action's parameters by name.
func (s Step) Args() []Field {
	a, p, b := Field{"a", quote(s.Node)}, Field{"p", quote(s.Node)}, Field{"b", number(s.Ballot)}
	switch s.Action {
	case "Prepare":
		return []Field{p, b, {"c", s.Change.Trace()}}
	case "Promise", "Accept", "RepeatAccept":
		return []Field{a, b}
	case "RefusePrepare", "RefuseAccept":
		return []Field{a, b, {"r", number(s.Refusal)}}
	case "Propose":
		return []Field{p, {"q", set(s.Quorum)}, {"s", value(s.State)}}
	case "Acknowledge":
		return []Field{p, {"q", set(s.Quorum)}}
	case "Abandon", "RestartProposer":
		return []Field{p}
	case "RestartAcceptor":
		return []Field{a}
	}
	panic("paxos: no action is called " + strconv.Quote(s.Action))
}

// Vars gives the variables that the node sees, by their path, with their values after the step.
func (s Step) Vars() []Field {
	at := "[" + s.Node + "]"
	promised := Field{"promised" + at, number(s.Acceptor.Promised)}
	acceptedBallot := Field{"acceptedBallot" + at, number(s.Acceptor.AcceptedBallot)}
	acceptedState := Field{"acceptedState" + at, value(s.Acceptor.AcceptedState)}
	phase := Field{"phase" + at, quote(string(s.Phase))}
	switch s.Action {
	case "Promise", "Accept", "RestartAcceptor":
		return []Field{promised, acceptedBallot, acceptedState}
	case "RefusePrepare":
		return []Field{promised, acceptedBallot}
	case "RepeatAccept":
		return []Field{acceptedBallot}
	case "RefuseAccept":
		return []Field{promised}
	case "Prepare":
		return []Field{{"counter" + at, number(s.Ballot)}, phase}
	default:
		return []Field{phase}
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

// value is for states: numbers, which are those of the specification, and anything else as a text that is the same
// for the same state.
func value(s State) string {
	if _, err := strconv.ParseInt(s, 10, 64); err == nil {
		return s
	}
	if len(s) > sha256.Size {
		sum := sha256.Sum256([]byte(s))
		s = string(sum[:])
	}
	return quote("#" + hex.EncodeToString([]byte(s)))
}

// quote is for names, which are plain words.
func quote(s string) string { return `"` + s + `"` }

func set(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	slices.Sort(quoted)
	quoted = slices.Compact(quoted)
	return `{"#set":[` + strings.Join(quoted, ",") + `]}`
}
