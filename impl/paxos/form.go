// Forms: which parameters and variables a trace shows of each action.

package paxos

import (
	"slices"
	"strconv"
)

// Form is what the steps of one kind have in common in the trace of one node.
type Form struct {
	Action  string
	Node    Field    // the parameter that is the node itself
	Args    []string // the other parameters
	Vars    []string // the paths of the variables
	Restart bool     // the node takes the register up again from its disk
	Source  string   // the place of the action's method
}

// Forms gives the forms of a node's steps. The number that a Step's Form gives is a place in it.
func Forms(node string) []Form {
	list := make([]Form, len(forms))
	for i, f := range forms {
		list[i] = Form{
			Action: f.action, Node: Field{f.by, quote(node)}, Restart: f.restart, Source: sources[f.action],
			Args: names(f.args, ""), Vars: names(f.vars, node),
		}
	}
	return list
}

// Form tells of which form the step is.
func (s *Step) Form() int {
	if s.Open {
		return openRestart
	}
	i, ok := formOf[s.Action]
	if !ok {
		panic("paxos: no action is called " + strconv.Quote(s.Action))
	}
	return i
}

type form struct {
	action  string
	by      string // the parameter that is the node itself
	args    []field
	vars    []field // by their variable, of which the node has its part
	restart bool
}

// field is a parameter, or a variable, with what appends its value.
type field struct {
	name   string
	append func(b []byte, s *Step, show Show) []byte
}

// The parameters.
var (
	argB       = number("b", func(s *Step) Ballot { return s.Ballot })
	argN       = number("n", func(s *Step) Ballot { return s.Ballot })
	argLatest  = number("b", func(s *Step) Ballot { return s.Latest })
	argNext    = number("next", func(s *Step) Ballot { return s.Next })
	argRaised  = number("r", func(s *Step) Ballot { return s.Ballot })
	argRefusal = number("r", func(s *Step) Ballot { return s.Refusal })
	argAsker   = field{"p", func(b []byte, s *Step, _ Show) []byte { return appendName(b, s.Asker) }}
	argQ       = field{"q", func(b []byte, s *Step, _ Show) []byte {
		return appendSet(b, len(s.Quorum), func(i int) string { return s.Quorum[i].Acceptor })
	}}
	argCs     = field{"cs", func(b []byte, s *Step, _ Show) []byte { return appendChanges(b, s.Applied) }}
	argS      = field{"s", func(b []byte, s *Step, show Show) []byte { return show(b, s.Proposal) }}
	argNumber = field{"n", appendNumber}
	argAsk    = field{"ask", func(b []byte, s *Step, _ Show) []byte { return appendNames(b, s.Configuration.Ask) }}
	argTell   = field{"tell", func(b []byte, s *Step, _ Show) []byte { return appendNames(b, s.Configuration.Tell) }}
	argFrom   = field{"from", func(b []byte, s *Step, _ Show) []byte { return append(b, s.Configuration.since()...) }}
)

// The variables.
var (
	varPromised = number("promised", func(s *Step) Ballot { return s.Acceptor.Promised })
	varBallot   = number("acceptedBallot", func(s *Step) Ballot { return s.Acceptor.AcceptedBallot })
	varState    = field{"acceptedState", func(b []byte, s *Step, show Show) []byte {
		return show(b, Payload(s.Acceptor.AcceptedState))
	}}
	varCounter       = number("counter", func(s *Step) Ballot { return s.Counter })
	varPhase         = field{"phase", func(b []byte, s *Step, _ Show) []byte { return appendName(b, string(s.Phase)) }}
	varConfiguration = field{"configuration", appendNumber}
)

var (
	varsAccepted = []field{varBallot, varState}
	varsAll      = []field{varPromised, varBallot, varState}
)

var forms = []form{
	{action: "Prepare", by: "p", args: []field{argB}, vars: []field{varCounter, varPhase}},
	{action: "Propose", by: "p", args: []field{argQ, argCs, argS, argNext}, vars: []field{varCounter, varPhase}},
	{action: "Acknowledge", by: "p", args: []field{argQ}, vars: []field{varPhase}},
	{action: "Abandon", by: "p", vars: []field{varPhase}},
	{action: "Collect", by: "p", args: []field{argB}},
	{action: "Adopt", by: "p", args: []field{argNumber, argAsk, argTell, argFrom}, vars: []field{varConfiguration, varPhase}},
	{action: "RestartProposer", by: "p", vars: []field{varPhase}, restart: true},
	{action: "Ask", by: "p", args: []field{argN}},
	{action: "Answer", by: "p", args: []field{argN, argQ, argLatest, argS}},
	{action: "Promise", by: "a", args: []field{argB}, vars: varsAll},
	{action: "Accept", by: "a", args: []field{argB}, vars: varsAll},
	{action: "RepeatAccept", by: "a", args: []field{argB}, vars: []field{varBallot}},
	{action: "RefusePrepare", by: "a", args: []field{argB, argRefusal}, vars: []field{varPromised, varBallot}},
	{action: "RefuseAccept", by: "a", args: []field{argB, argRefusal}, vars: []field{varPromised, varBallot}},
	{action: "Report", by: "a", args: []field{argAsker, argN}, vars: []field{varBallot}}, // what was accepted has been shown before
	{action: "Erase", by: "a", args: []field{argB}, vars: varsAll},
	{action: "Raise", by: "a", args: []field{argRaised}, vars: []field{varPromised}},
	{action: "RestartAcceptor", by: "a", vars: varsAll, restart: true},
	{action: "RestartAcceptor", by: "a", vars: varsAccepted, restart: true}, // Open
}

// openRestart is the form in which nothing is said of what was promised.
var openRestart = len(forms) - 1

// formOf finds the form of an action, the first where there are two.
var formOf = func() map[string]int {
	m := map[string]int{}
	for i, f := range slices.Backward(forms) {
		m[f.action] = i
	}
	return m
}()

// names gives the names of fields, or the paths of a node's part of variables.
func names(list []field, node string) (all []string) {
	for _, f := range list {
		if node != "" {
			all = append(all, at(f.name, node))
		} else {
			all = append(all, f.name)
		}
	}
	return all
}

// at gives the path of a node's part of a variable. What a proposer knows of a configuration is its number.
func at(variable, node string) string {
	path := variable + "[" + node + "]"
	if variable == varConfiguration.name {
		path += ".number"
	}
	return path
}

func number(name string, of func(*Step) Ballot) field {
	return field{name, func(b []byte, s *Step, _ Show) []byte { return strconv.AppendUint(b, uint64(of(s)), 10) }}
}

func appendNumber(b []byte, s *Step, _ Show) []byte {
	return strconv.AppendUint(b, s.Configuration.Number, 10)
}

// appendName is for names, which are plain words.
func appendName(b []byte, name string) []byte { return append(append(append(b, '"'), name...), '"') }

func quote(name string) string { return string(appendName(nil, name)) }

// appendChanges appends the changes that are part of a proposal.
func appendChanges(b []byte, applied []Applied) []byte {
	b = append(b, `{"#tup":[`...)
	first := true
	for i := range applied {
		x := &applied[i]
		if x.Err != nil {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = x.Change.AppendTrace(b, x.Before, x.After)
	}
	return append(b, "]}"...)
}

func appendNames(b []byte, names []string) []byte {
	return appendSet(b, len(names), func(i int) string { return names[i] })
}

// appendSet appends a set of few names, of which some may stand twice, in order.
func appendSet(b []byte, n int, name func(int) string) []byte {
	b = append(b, `{"#set":[`...)
	last := ""
	for {
		least := ""
		for i := range n {
			if x := name(i); x > last && (least == "" || x < least) {
				least = x
			}
		}
		if least == "" {
			return append(b, "]}"...)
		}
		if last != "" {
			b = append(b, ',')
		}
		b, last = appendName(b, least), least
	}
}
