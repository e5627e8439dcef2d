// Bases: traces that conform, of each of our specifications. Twins are made from them.

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"synod/conformance/tla"
	"synod/conformance/tla/value"
	"synod/impl/sim"
	"synod/trace"
)

// spec is a specification with a configuration, the two judges' common ground.
type spec struct {
	name   string
	path   string // of the module
	config string // of its configuration
	init   string // the initial predicate that the configuration names
	next   string // and the next-state relation
	// forgettable are the parameters that an event may leave out: those that Next takes from a finite set.
	forgettable func(param string) bool
}

// base is a trace that conforms, merged.
type base struct {
	name    string
	spec    *spec
	headers []trace.Header
	events  []trace.Event
}

// models are the models whose behaviours become traces by walking at random: those of the manifest that hold, and the
// rungs of the ladder. Models of one state, which check an assumption, have no steps to corrupt.
func models(root string) ([]*spec, error) {
	text, err := os.ReadFile(filepath.Join(root, "manifest.json"))
	if err != nil {
		return nil, err
	}
	var manifest struct {
		Models []struct{ Spec, Config, Result string }
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(root, "manifest.json"), err)
	}
	var found []*spec
	for _, m := range manifest.Models {
		s := &spec{name: strings.TrimSuffix(filepath.Base(m.Config), ".cfg"), path: filepath.Join(root, m.Spec),
			config: filepath.Join(root, m.Config), forgettable: func(string) bool { return true }}
		if m.Result != "ok" && filepath.Dir(m.Config) != "ladder" {
			continue
		}
		if err := s.behaviours(); err != nil {
			return nil, err
		}
		if s.next != "" {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has no models", root)
	}
	return found, nil
}

// behaviours finds what the configuration takes for the initial predicate and the next-state relation; it leaves them empty
// where it names none.
func (s *spec) behaviours() error {
	config, err := os.ReadFile(s.config)
	if err != nil {
		return err
	}
	if m := initAndNext.FindSubmatch(config); m != nil {
		s.init, s.next = string(m[1]), string(m[2])
		return nil
	}
	m := named.FindSubmatch(config)
	if m == nil {
		return nil
	}
	all, err := definitionsOf(s.path)
	if err != nil {
		return err
	}
	name := string(m[1])
	d, has := all.of[name]
	if !has {
		return fmt.Errorf("%s has no definition of %s", s.path, name)
	}
	parts := initAndBox.FindStringSubmatch(d.source(d.body))
	if parts == nil {
		return fmt.Errorf("%s: %s does not begin with Init /\\ [][Next]_vars", s.path, name)
	}
	s.init, s.next = parts[1], parts[2]
	return nil
}

var (
	initAndNext = regexp.MustCompile(`(?m)^INIT (\w+)\s+NEXT (\w+)$`)
	initAndBox  = regexp.MustCompile(`^(\w+) /\\ \[\]\[(\w+)\]_`)
	named       = regexp.MustCompile(`(?m)^SPECIFICATION (\w+)$`)
)

// registerName is what the specification of the simulator's traces is called.
const registerName = "Register"

// register is the specification that the simulator's traces are replayed on. Ballots, states and changes are taken from
// infinite sets there, and quorums from a finite one.
func register(root string) *spec {
	return &spec{
		name: registerName, path: filepath.Join(root, "register", "Register.tla"),
		config: filepath.Join(root, "register", "Register.cfg"),
		init:   "Init", next: "Next",
		forgettable: func(param string) bool { return param == "q" },
	}
}

// simulated is a prefix of a simulated run's trace.
func simulated(s *spec, seed uint64, length int) (*base, error) {
	b := &base{name: fmt.Sprintf("%s/%d", s.name, seed), spec: s}
	schedule := sim.Generate(seed)
	for i := range schedule.Operations {
		schedule.Operations[i].Above = 0 // TLC's integers end before the ballots do
	}
	files := sim.Run(schedule, 0).Files()
	b.headers = trace.Headers(files)
	events, err := trace.Merge(files)
	b.events = events[:min(length, len(events))]
	return b, err
}

// walker takes a model's steps at random and writes them down as events.
type walker struct {
	model   *tla.Model
	machine *tla.Machine
	random  *rand.Rand
	params  map[string][]string
}

// walked is a random behaviour of a model, as a trace that tells each action's arguments and some of the variables.
func walked(s *spec, seed uint64, length int) (*base, error) {
	model, err := tla.Load(s.path, tla.Options{Config: s.config})
	if err != nil {
		return nil, err
	}
	w := &walker{model: model, machine: model.NewMachine(), random: rand.New(rand.NewPCG(seed, 0x7761)), params: map[string][]string{}}
	for _, a := range model.Actions() {
		w.params[a.Name] = a.Params
	}
	states, err := w.machine.Init()
	if err != nil {
		return nil, err
	}
	b := &base{name: fmt.Sprintf("%s/%d", s.name, seed), spec: s}
	now := states[w.random.IntN(len(states))]
	for len(b.events) < length {
		next, err := w.machine.Successors(now)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		if len(next) == 0 {
			break
		}
		step := w.choose(now, next)
		e, err := w.event(now, step)
		if err != nil {
			return nil, err
		}
		b.events, now = append(b.events, e), step.State
	}
	w.order(b)
	return b, nil
}

// choose takes each action as often as any other, however many arguments it may have, and seldom a step that changes
// nothing: a trace that shows little happening has little to corrupt.
func (w *walker) choose(now tla.State, next []tla.Successor) tla.Successor {
	moves := slices.DeleteFunc(slices.Clone(next), func(s tla.Successor) bool { return s.State.Equal(now) })
	if len(moves) == 0 || w.random.IntN(8) == 0 {
		moves = next
	}
	var actions []string
	for i := range moves {
		if !slices.Contains(actions, moves[i].Action) {
			actions = append(actions, moves[i].Action)
		}
	}
	action := actions[w.random.IntN(len(actions))]
	moves = slices.DeleteFunc(slices.Clone(moves), func(s tla.Successor) bool { return s.Action != action })
	return moves[w.random.IntN(len(moves))]
}

// event tells a step: all arguments, and some variables, those that changed more often. What is told of the variables
// can refuse a twin by itself; what is not must be found out from the actions.
func (w *walker) event(before tla.State, s tla.Successor) (trace.Event, error) {
	e := trace.Event{Action: s.Action, ID: trace.ID{Node: "n0"}}
	for i, param := range w.params[s.Action] {
		text, err := json.Marshal(s.Args[i])
		if err != nil {
			return e, err
		}
		e.Args = append(e.Args, trace.Field{Name: param, JSON: string(text)})
		if i == 0 {
			e.Node = "n" + strings.Trim(string(text), `"`)
		}
	}
	changed := s.State.Changed(before)
	for i, v := range w.model.Variables() {
		if w.random.IntN(16) > 0 && (!slices.Contains(changed, v) || w.random.IntN(4) > 0) {
			continue
		}
		text, err := json.Marshal(s.State.At(i))
		if err != nil {
			return e, err
		}
		e.Vars = append(e.Vars, trace.Field{Name: v, JSON: string(text)})
	}
	return e, nil
}

// order gives the events their ids, their clocks and now and then a cause, and the trace its headers.
func (w *walker) order(b *base) {
	seqs := map[string]uint64{}
	for i := range b.events {
		e := &b.events[i]
		if seqs[e.Node] == 0 {
			b.headers = append(b.headers, trace.Header{Spec: b.spec.name + ".tla", Node: e.Node, Run: 1, ModelValues: modelValues(w.model)})
		}
		seqs[e.Node]++
		e.Run, e.Seq, e.Clock = 1, seqs[e.Node], uint64(i+1)
		if i > 0 && w.random.IntN(2) == 0 {
			e.Causes = []trace.ID{b.events[i-1].ID}
		}
	}
}

// modelValues are the names of the model values among a model's constants.
func modelValues(m *tla.Model) []string {
	var names []string
	var collect func(v tla.Value)
	collect = func(v tla.Value) {
		if v.Kind() == value.KindModel {
			names = append(names, v.String())
		} else if v.IsSet() && !v.IsSymbolic() {
			for _, x := range v.Elems() {
				collect(x)
			}
		}
	}
	for _, v := range m.Constants() {
		collect(v)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
