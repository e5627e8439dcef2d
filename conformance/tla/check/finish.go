// The end of a check: postconditions, and what is shown of a behaviour.

package check

import (
	"fmt"
	"slices"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/value"
)

// finish evaluates the ALIAS on the behaviours that were found, and the postconditions. A false postcondition is an error where
// nothing else ended the search.
func (s *search) finish(r *Result) {
	r.Notes = append(r.Notes, s.Notes...)
	r.Notes = append(r.Notes, s.Program.Oddities()...)
	if r.Verdict == OK && s.HasInit && r.Initial == 0 && s.opts.Simulation == nil {
		r.Notes = append(r.Notes, s.InitName+" is true of no state, so that there is nothing to check")
	}
	if r.Verdict == Liveness && r.Loop < 0 && len(s.Fairness) == 0 && s.goesOn(r.Behavior) {
		r.Notes = append(r.Notes, "the specification promises no fairness, so that a behaviour may stop in any state; WF_vars(Next), say, demands that it goes on")
	}
	for _, v := range r.Violations {
		s.show(v.Behavior, -1)
	}
	s.show(r.Behavior, r.Loop)
	r.Coverage = s.coverage()
	if s.found == nil && len(r.Violations) > 0 {
		r.Notes = append(r.Notes, "the search went on after violations; the exit code is then TLC's, 0")
	}
	for _, p := range s.unsettled {
		if s.unexplored() {
			r.Notes = append(r.Notes, fmt.Sprintf("the temporal property %s was not checked: %s", p.Name, s.whyUnexplored()))
		}
	}
	if r.Verdict == Assumption {
		return
	}
	if f := s.post(r); f != nil {
		if s.found != nil {
			r.Notes = append(r.Notes, f.message)
			return
		}
		r.Verdict, r.Property, r.Message, r.Err, r.Code = f.kind, f.property, f.message, f.err, exitCode(f)
		r.Behavior = nil
	}
}

// goesOn reports whether a step leads from the last state of a behaviour to another state.
func (s *search) goesOn(behavior []Step) bool {
	if len(behavior) == 0 || s.next == nil {
		return false
	}
	last, further := behavior[len(behavior)-1].State, false
	err := s.replayer().stepper.Successors(s.next, last, func(to []value.Value) bool {
		further = !slices.Equal(to, last)
		return further
	})
	return err == nil && further
}

// unexplored reports whether the search ended, without an error, before all states were found.
func (s *search) unexplored() bool {
	return s.found == nil && (s.opts.Simulation != nil || s.exit.Load())
}

func (s *search) whyUnexplored() string {
	if s.opts.Simulation != nil {
		return "random behaviours do not show what never happens"
	}
	return "TLCSet(\"exit\", TRUE) ended the search"
}

// post evaluates the postconditions, with the registers of the first worker.
func (s *search) post(r *Result) *finding {
	x := s.newExplorer()
	if len(s.workers) > 0 {
		x.registers.Share(s.workers[0].registers)
	}
	x.level, x.judging, x.parent = 0, 0, -1
	x.example = s.counterexample(r)
	for _, p := range s.Postconditions {
		holds, err := x.judge.Holds(p.Formula, nil)
		if err != nil {
			return &finding{kind: Postcondition, property: p.Name, message: "the postcondition " + p.Name + " cannot be evaluated: " + err.Error(), err: err, parent: -1}
		}
		if !holds {
			return &finding{kind: Postcondition, property: p.Name, message: "the postcondition " + p.Name + " is false", parent: -1}
		}
	}
	return s.impossible()
}

// counterexample is the behaviour as a graph: the states with their numbers, and the actions between them.
func (s *search) counterexample(r *Result) value.Value {
	var states, actions []value.Value
	pair := func(i int) value.Value {
		shown := r.Behavior[i].Shown
		if shown == 0 {
			shown = s.stateRecord(r.Behavior[i].State)
		}
		return value.Tuple([]value.Value{value.Int(int64(i + 1)), shown})
	}
	for i := range r.Behavior {
		states = append(states, pair(i))
		if i > 0 {
			actions = append(actions, value.Tuple([]value.Value{pair(i - 1), s.actionRecord(r.Behavior[i]), pair(i)}))
		}
	}
	if last := len(r.Behavior) - 1; r.Loop >= 0 && last >= 0 {
		actions = append(actions, value.Tuple([]value.Value{pair(last), s.actionRecord(r.Behavior[r.Loop]), pair(r.Loop)}))
	}
	set := func(list []value.Value) value.Value {
		v, fault := value.Set(list)
		if fault != nil { // states of kinds that cannot be compared
			return value.SortedSet(nil)
		}
		return v
	}
	return record(field{"state", set(states)}, field{"action", set(actions)})
}

// show evaluates the ALIAS in each state of a behaviour. The next state is that of the step that follows; after the last one,
// the one to which the behaviour returns, or the same.
func (s *search) show(behavior []Step, loop int) {
	if s.Alias == nil || len(behavior) == 0 {
		return
	}
	x := s.replayer()
	x.prefix = []value.Value{}
	for i := range behavior {
		step := &behavior[i]
		if step.State == nil {
			return
		}
		next := behavior[min(i+1, len(behavior)-1)].State
		if i == len(behavior)-1 && loop >= 0 {
			next = behavior[loop].State
		}
		x.level, x.judging = i+1, i+1
		x.prefix = append(x.prefix, s.stateRecord(step.State))
		v, err := x.judge.Eval(s.Alias.Formula, step.State, next)
		switch {
		case err != nil:
			step.Shown = withField(s.stateRecord(step.State), "_ALIASEvalError", value.Str(err.Error()))
		case v.Kind() == value.KindRecord:
			step.Shown = v
		default:
			step.Shown = withField(s.stateRecord(step.State), "_ALIASEvalError",
				value.Str("the ALIAS "+s.Alias.Name+" is no record but "+v.KindName()+" "+value.Brief(v)))
		}
	}
}

// withField is a record with one more field.
func withField(r value.Value, name string, v value.Value) value.Value {
	keys := append(slices.Clone(r.Domain()), value.Str(name))
	values := append(slices.Clone(r.Values()), v)
	out, _ := value.FuncOf(keys, values) // strings can be compared, and a state has no variable of that name
	return out
}

// replayer is an explorer that executes steps again, to find them: what they print was printed before.
func (s *search) replayer() *explorer {
	x := s.newExplorer()
	if len(s.workers) > 0 {
		x.registers.Share(s.workers[0].registers)
	}
	x.tally = nil
	for _, w := range []*eval.Worker{x.stepper, x.judge} {
		w.Print, w.Request = nil, nil
	}
	return x
}
