// The comparison: every state that the specification reaches, and the steps of both sides there.

package edges

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"synod/conformance/tla"
)

// figures are of a whole graph.
type figures struct {
	states, edges int
	executed      map[string]int // by action: edges that the code takes
	refused       map[string]int // by reason: edges that the code refuses by design
	wrong         []string       // what differs; a few of each kind
}

// compare goes through the graph. refuses names the reason for which the code does not take an edge by design, or "".
func compare(m *tla.Model, c *cluster, refuses func(v view, s tla.Successor) string) (*figures, error) {
	g := &figures{executed: map[string]int{}, refused: map[string]int{}}
	machine := m.NewMachine()
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
	e, err := newExplorer(m, machine)
	if err != nil {
		return nil, err
	}
	for len(queue) > 0 && len(g.wrong) < 10 {
		now := queue[0]
		queue = queue[1:]
		g.states++
		next, err := e.edges(now)
		if err != nil {
			return nil, err
		}
		if err := g.state(e, c, now, next, refuses); err != nil {
			return nil, err
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
	machine *tla.Machine
	params  map[string][]string
	domains map[string][]tla.Value // by parameter
	states  map[string]tla.State   // by their JSON: most are reached many times
}

// domains are the sets from which Next takes the parameters. The register's actions call the same things by the same
// names.
var domains = map[string]string{
	"a": "Acceptor", "p": "Proposer", "b": "Ballot", "r": "Ballot", "cs": "Changes", "q": "SUBSET Acceptor", "s": "State", "next": "Ballot",
	"n": "Number",
}

func newExplorer(m *tla.Model, machine *tla.Machine) (*explorer, error) {
	e := &explorer{m, machine, map[string][]string{}, map[string][]tla.Value{}, map[string]tla.State{}}
	for _, a := range m.Actions() {
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

// state makes a state of the model out of a view.
func (e *explorer) state(v view) (tla.State, error) {
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
		if values[name], err = tla.ParseValue(part); err != nil {
			return tla.State{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	s, err := e.model.NewState(values)
	e.states[string(text)] = s
	return s, err
}

// edges are the steps out of a state, each with its arguments.
func (e *explorer) edges(now tla.State) ([]tla.Successor, error) {
	var all []tla.Successor
	for _, a := range e.model.Actions() {
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

// state compares the steps of both sides in one state.
func (g *figures) state(
	e *explorer, c *cluster, now tla.State, next []tla.Successor, refuses func(view, tla.Successor) string,
) error {
	v, err := readView(now)
	if err != nil {
		return err
	}
	code := map[string][]tla.State{} // by action and arguments
	for _, s := range c.steps(v) {
		name, err := s.name(e.params[s.action])
		if err != nil {
			return err
		}
		after, err := e.state(s.after)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !slices.ContainsFunc(code[name], after.Equal) {
			code[name] = append(code[name], after)
		}
	}
	edges := map[string][]tla.State{}
	for _, s := range next {
		g.edges++
		name := edgeName(s)
		edges[name] = append(edges[name], s.State)
		switch reason := refuses(v, s); {
		case slices.ContainsFunc(code[name], s.State.Equal):
			g.executed[s.Action]++
		case reason != "" && len(code[name]) == 0:
			g.refused[reason]++
		case len(code[name]) > 0:
			g.wrong = append(g.wrong, fmt.Sprintf("%s leads the code to\n%s\nand the specification to\n%s\nfrom\n%s", name, code[name][0], s.State, now))
		default:
			g.wrong = append(g.wrong, fmt.Sprintf("the code does not take %s in\n%s", name, now))
		}
	}
	for name, states := range code {
		for _, after := range states {
			if !slices.ContainsFunc(edges[name], after.Equal) {
				g.wrong = append(g.wrong, fmt.Sprintf("the specification has no step %s to\n%s\nfrom\n%s", name, after, now))
			}
		}
	}
	return nil
}

// name is the step's action with its arguments, as edgeName gives it.
func (s *step) name(params []string) (string, error) {
	var args []string
	for _, p := range params {
		v, err := tla.ParseValue(json.RawMessage(s.args[p]))
		if err != nil {
			return "", fmt.Errorf("argument %s of %s: %w", p, s.action, err)
		}
		args = append(args, v.String())
	}
	return s.action + "(" + strings.Join(args, ", ") + ")", nil
}

func edgeName(s tla.Successor) string {
	var args []string
	for _, v := range s.Args {
		args = append(args, v.String())
	}
	return s.Action + "(" + strings.Join(args, ", ") + ")"
}
