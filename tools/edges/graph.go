// The comparison: every state that the specification reaches, and the steps of both sides there.

package edges

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"synod/conformance/tla"
)

// Figures are of a whole graph.
type Figures struct {
	States, Edges int
	Executed      map[string]int // by action: edges that the code takes
	Refused       map[string]int // by reason: edges that the code refuses by design
	Wrong         []string       // what differs; a few of each kind
}

// Step is one step of the code, in the specification's terms.
type Step[V any] struct {
	Before *V // the state that it is taken in, if that is not the one asked about: one input may lead to several steps
	Action string
	Args   map[string]string // JSON by parameter
	After  V                 // the state it leads to
}

// Code is what is compared with a specification. V is a state of the specification as a Go value that JSON turns into
// one and back: with a field for each variable.
type Code[V any] struct {
	// Domains are the sets from which Next takes the parameters. Actions call the same things by the same names.
	Domains map[string]string
	// Gather names definitions that are no steps by themselves: they gather actions, and say what else those leave as it is.
	Gather []string
	// Steps are all that the code can do in a state.
	Steps func(V) []Step[V]
	// Sample compares in one of so many states only, and in those with an action that was looked at seldom; 0 and 1 are all.
	Sample int
	// Refuses names the reason for which the code does not take an edge by design, or gives "".
	Refuses func(V, tla.Successor) string
}

// Compare goes through the graph of a model.
func Compare[V any](m *tla.Model, c Code[V]) (*Figures, error) {
	g := &Figures{Executed: map[string]int{}, Refused: map[string]int{}}
	machine := m.NewMachine()
	looked := map[string]int{} // by action: edges that were compared
	queue, err := machine.Init()
	if err != nil {
		return nil, err
	}
	seen := map[uint64][]tla.State{}
	isNew := func(s tla.State) bool {
		print := s.Fingerprint()
		if slices.ContainsFunc(seen[print], s.Equal) {
			return false
		}
		seen[print] = append(seen[print], s)
		return true
	}
	for _, s := range queue {
		isNew(s)
	}
	e, err := newExplorer(m, machine, c.Domains, c.Gather)
	if err != nil {
		return nil, err
	}
	for len(queue) > 0 && len(g.Wrong) < 10 {
		now := queue[0]
		queue = queue[1:]
		g.States++
		next, err := e.edges(now)
		if err != nil {
			return nil, err
		}
		seldom := func(s tla.Successor) bool { return looked[s.Action] < 100 }
		if c.Sample < 2 || g.States%c.Sample == 1 || slices.ContainsFunc(next, seldom) {
			for _, s := range next {
				looked[s.Action]++
			}
			if err := compareState(g, e, c, now, next); err != nil {
				return nil, err
			}
		}
		for _, s := range next {
			if isNew(s.State) {
				queue = append(queue, s.State)
			}
		}
	}
	return g, nil
}

// explorer lists the edges of a model with all of their arguments. Successors would list two calls of an action that lead
// to the same state once.
type explorer struct {
	model   *tla.Model
	actions []tla.Action
	machine *tla.Machine
	params  map[string][]string
	domains map[string][]tla.Value // by parameter
	states  map[string]tla.State   // by their JSON: most are reached many times
	values  map[string]tla.Value   // of their variables, which are even fewer
	seen    map[string]bool        // later steps that were looked at
}

func newExplorer(m *tla.Model, machine *tla.Machine, domains map[string]string, gather []string) (*explorer, error) {
	actions := slices.DeleteFunc(slices.Clone(m.Actions()), func(a tla.Action) bool { return slices.Contains(gather, a.Name) })
	e := &explorer{
		model: m, actions: actions, machine: machine, params: map[string][]string{}, domains: map[string][]tla.Value{}, states: map[string]tla.State{},
		values: map[string]tla.Value{}, seen: map[string]bool{},
	}
	for _, a := range actions {
		e.params[a.Name] = a.Params
		for _, p := range a.Params {
			if domains[p] == "" {
				return nil, fmt.Errorf("no set is known for parameter %s of %s", p, a.Name)
			}
		}
	}
	for p, set := range domains {
		v, err := machine.Eval(set, tla.State{})
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", p, err)
		}
		e.domains[p] = v.Elems()
	}
	return e, nil
}

// state makes a state of the model out of the code's form of one.
func (e *explorer) state(v any) (tla.State, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return tla.State{}, err
	}
	if s, known := e.states[string(text)]; known {
		return s, nil
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return tla.State{}, err
	}
	values := map[string]tla.Value{}
	for name, part := range parts {
		v, known := e.values[string(part)]
		if !known {
			if v, err = tla.ParseValue(part); err != nil {
				return tla.State{}, fmt.Errorf("%s: %w", name, err)
			}
			e.values[string(part)] = v
		}
		values[name] = v
	}
	s, err := e.model.NewState(values)
	e.states[string(text)] = s
	return s, err
}

// edges are the steps out of a state, each with its arguments.
func (e *explorer) edges(now tla.State) ([]tla.Successor, error) {
	var all []tla.Successor
	for _, a := range e.actions {
		more, err := e.calls(nil, now, a, make([]tla.Value, len(a.Params)), 0)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// calls fills the arguments from the k-th on, as long as there is a step with those that are known.
func (e *explorer) calls(all []tla.Successor, now tla.State, a tla.Action, args []tla.Value, k int) ([]tla.Successor, error) {
	if k < len(args) {
		some, err := e.machine.Enabled(now, a, args)
		if err != nil || !some {
			return all, err
		}
		for _, v := range e.domains[a.Params[k]] {
			args[k] = v
			if all, err = e.calls(all, now, a, args, k+1); err != nil {
				return nil, err
			}
		}
		args[k] = 0
		return all, nil
	}
	states, err := e.machine.Step(now, a, args)
	for _, s := range states {
		all = append(all, tla.Successor{Action: a.Name, Args: slices.Clone(args), State: s})
	}
	return all, err
}

// readState takes a state apart. A variable that a V does not have is an error: the code would not be compared in it.
func readState[V any](s tla.State) (v V, err error) {
	text, err := json.Marshal(s)
	if err != nil {
		return v, err
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		return v, fmt.Errorf("state %s: %w", text, err)
	}
	return v, nil
}

// compareState compares the steps of both sides in one state.
func compareState[V any](g *Figures, e *explorer, c Code[V], now tla.State, next []tla.Successor) error {
	v, err := readState[V](now)
	if err != nil {
		return err
	}
	code := map[string][]tla.State{} // by action and arguments
	for _, s := range c.Steps(v) {
		name, err := s.name(e.params[s.Action])
		if err != nil {
			return err
		}
		after, err := e.state(s.After)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if s.Before != nil {
			if err := e.later(g, *s.Before, s.Action, name, s.Args, after); err != nil {
				return err
			}
			continue
		}
		if !slices.ContainsFunc(code[name], after.Equal) {
			code[name] = append(code[name], after)
		}
	}
	edges := map[string][]tla.State{}
	for _, s := range next {
		g.Edges++
		name := edgeName(s)
		edges[name] = append(edges[name], s.State)
		switch reason := c.Refuses(v, s); {
		case slices.ContainsFunc(code[name], s.State.Equal):
			g.Executed[s.Action]++
		case reason != "" && len(code[name]) == 0:
			g.Refused[reason]++
		case len(code[name]) > 0:
			g.Wrong = append(g.Wrong, fmt.Sprintf("%s leads the code to\n%s\nand the specification to\n%s\nfrom\n%s", name, code[name][0], s.State, now))
		default:
			g.Wrong = append(g.Wrong, fmt.Sprintf("the code does not take %s in\n%s", name, now))
		}
	}
	for name, states := range code {
		for _, after := range states {
			if !slices.ContainsFunc(edges[name], after.Equal) {
				g.Wrong = append(g.Wrong, fmt.Sprintf("the specification has no step %s to\n%s\nfrom\n%s", name, after, now))
			}
		}
	}
	return nil
}

// later looks at a step that the code takes in another state: is it one of the specification's?
func (e *explorer) later(g *Figures, from any, action, name string, texts map[string]string, after tla.State) error {
	before, err := e.state(from)
	if err != nil {
		return fmt.Errorf("before %s: %w", name, err)
	}
	key := fmt.Sprintf("%d %s %d", before.Fingerprint(), name, after.Fingerprint())
	if e.seen[key] {
		return nil
	}
	e.seen[key] = true
	a, known := e.model.Action(action)
	args, err := arguments(action, a.Params, texts)
	if err != nil {
		return err
	}
	var next []tla.State
	if known {
		if next, err = e.machine.Step(before, a, args); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(next, after.Equal) {
		g.Wrong = append(g.Wrong, fmt.Sprintf("the specification has no step %s to\n%s\nfrom\n%s", name, after, before))
	}
	return nil
}

// name is the step's action with its arguments, as edgeName gives it.
func (s *Step[V]) name(params []string) (string, error) {
	args, err := arguments(s.Action, params, s.Args)
	return callName(s.Action, args), err
}

// arguments are an action's, in the order of its parameters.
func arguments(action string, params []string, texts map[string]string) (args []tla.Value, err error) {
	for _, p := range params {
		v, err := tla.ParseValue(json.RawMessage(texts[p]))
		if err != nil {
			return nil, fmt.Errorf("argument %s of %s: %w", p, action, err)
		}
		args = append(args, v)
	}
	return args, nil
}

func edgeName(s tla.Successor) string { return callName(s.Action, s.Args) }

func callName(action string, args []tla.Value) string {
	var texts []string
	for _, v := range args {
		texts = append(texts, v.String())
	}
	return action + "(" + strings.Join(texts, ", ") + ")"
}
