// Steps: an action as a trace shows it.

package paxos

import (
	"reflect"

	"synod/impl/step"
)

// Step is one action of spec/register/Register.tla that was taken. It holds plain values; what costs something is
// done by its methods, for those who keep a trace.
type Step struct {
	Action   string        // the operator in the specification, and the method here
	Node     string        // the acceptor or proposer
	Ballot   Ballot        // of the round; of a quorum read, its number
	Next     Ballot        // Propose
	Refusal  Ballot        // the ballot that a refusal tells
	Quorum   []Message     // Propose, Acknowledge, Answer: the answers that it rests on; Collect: all acceptances
	Proposal string        // Propose: what the register is to hold; Answer: what it holds
	Latest   Ballot        // Answer: the ballot of that
	Applied  []Applied     // Propose
	Asker    string        // Report: who reads
	Acceptor AcceptorState // after an acceptor's action
	Open     bool          // RestartAcceptor: nothing is kept of the register, and what it has promised is not known
	Phase    Phase         // after a proposer's action
	Counter  Ballot        // after a proposer's action
	// Configuration is of Adopt.
	Configuration *Configuration
	// Events are the ids of the traced steps that sent other messages than Quorum which the step consumed; "" is none.
	Events [2]string
}

// Causes appends the ids of the traced steps that sent the messages which this one consumed.
func (s *Step) Causes(ids []string) []string {
	for i, id := range s.Events {
		if id != "" && (i == 0 || id != s.Events[0]) {
			ids = append(ids, id)
		}
	}
	for i := range s.Quorum {
		if id := s.Quorum[i].Event; id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Show appends what a register holds as a trace shows it, a JSON value.
type Show func(b []byte, payload string) []byte

// Field is a name and a JSON value in ITF's encoding.
type Field struct{ Name, JSON string }

// Args gives the action's parameters by name.
func (s *Step) Args(show Show) []Field {
	f := &forms[s.Form()]
	return append([]Field{{f.by, quote(s.Node)}}, s.fields(f.args, show)...)
}

// Vars gives the variables that the node sees, by their path, with their values after the step.
func (s *Step) Vars(show Show) []Field {
	all := s.fields(forms[s.Form()].vars, show)
	for i := range all {
		all[i].Name = at(all[i].Name, s.Node)
	}
	return all
}

func (s *Step) fields(list []field, show Show) (all []Field) {
	for _, f := range list {
		all = append(all, Field{f.name, string(f.append(nil, s, show))})
	}
	return all
}

// AppendArgs appends the values of the parameters that the step's Form names, with a comma between each two.
func (s *Step) AppendArgs(b []byte, show Show) []byte { return s.values(b, forms[s.Form()].args, show) }

// AppendVars appends the values of the variables that the step's Form names, with a comma between each two.
func (s *Step) AppendVars(b []byte, show Show) []byte { return s.values(b, forms[s.Form()].vars, show) }

func (s *Step) values(b []byte, list []field, show Show) []byte {
	for i, f := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = f.append(b, s, show)
	}
	return b
}

// Source gives the place of the action's method in this module, file:line.
func (s *Step) Source() string { return sources[s.Action] }

// sources are the places of the actions' methods.
var sources = step.Sources(reflect.TypeFor[Acceptor](), reflect.TypeFor[Proposer]())
