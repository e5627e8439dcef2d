// Possibilities: predicates that must be true of some state or some step.

package check

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// Possibility is a predicate that the configuration lists behind _POSSIBLE. It is looked at in every state, or at every step, that
// lies in the model, each time that it is generated.
type Possibility struct {
	Property
	step bool // it speaks of steps
}

// possibleRegister is where a specification finds how often each possibility was true: a function from names to numbers, for each
// worker.
const possibleRegister = "s:_possible"

// possible compiles the configuration's possibilities.
func (b *builder) possible() error {
	for _, n := range b.file.Possible {
		p, err := b.part(n)
		if err != nil {
			return err
		}
		b.Possible = append(b.Possible, Possibility{Property{n.Text, b.spanOf(n), b.Program.FormulaOf(p)}, b.Program.Level(p) > resolve.LevelState})
	}
	return nil
}

// witness counts which possibilities are true: of the state alone where from is nil, else of the step. It is false where one
// cannot be evaluated.
func (x *explorer) witness(from, to []value.Value) bool {
	for i, p := range x.Possible {
		if p.step != (from != nil) {
			continue
		}
		var holds bool
		var err error
		if p.step {
			holds, err = x.judge.HoldsStep(p.Formula, from, to)
		} else {
			holds, err = x.judge.Holds(p.Formula, to)
		}
		if err != nil {
			return x.fail("the predicate "+p.Name+", which is to be possible, cannot be evaluated", err, to)
		}
		if x.witnessed[i].Load() == 0 {
			x.witnessed[i].Add(1)
		}
		if holds {
			x.witnessed[i].Add(1)
		}
	}
	return true
}

// tellPossible puts the worker's figures where the specification finds them.
func (x *explorer) tellPossible() {
	var figures []field
	for i := range x.witnessed {
		if n := x.witnessed[i].Load(); n > 0 {
			figures = append(figures, field{x.Possible[i].Name, figure(n - 1)})
		}
	}
	if figures != nil {
		x.registers.Set(value.Str(possibleRegister), record(figures...))
	}
}

// impossible is the first possibility that was never true.
func (s *search) impossible() *finding {
	for i, p := range s.Possible {
		seen := false
		for _, x := range s.workers {
			seen = seen || x.witnessed[i].Load() > 1
		}
		if !seen {
			what := "state"
			if p.step {
				what = "step"
			}
			return &finding{kind: Postcondition, property: p.Name, message: "the predicate " + p.Name + ", which is to be possible, is true of no " + what + " that was found", parent: -1}
		}
	}
	return nil
}
