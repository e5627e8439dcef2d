// Taking temporal formulas apart: Init /\ [][Next]_v /\ fairness, and properties.

package check

import (
	"fmt"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
)

// specification takes a SPECIFICATION apart.
func (b *builder) specification(spec eval.Part, name string) error {
	var inits []eval.Part
	err := b.conjuncts(spec, func(q eval.Part) error {
		if b.isVariable(q) {
			return &Error{q.Expr.Span(), name + " must be of the form Init /\\ [][Next]_vars, perhaps with fairness; a variable is something else", CodeConfig}
		}
		if b.isFalse(q) {
			return &Error{q.Expr.Span(), name + " is true of no behaviour: this conjunct is FALSE", CodeConfig}
		}
		if b.Program.Level(q) <= resolve.LevelState {
			inits = append(inits, q)
			return nil
		}
		if a, ok := q.Expr.(*resolve.Apply); ok {
			if a.Op == resolve.OpAlways {
				if box, ok := b.box(q.Of(a.Args[0])); ok {
					return b.nextStep(box, name)
				}
			}
			b.Fairness = append(b.Fairness, q)
			return nil
		}
		if quant, ok := q.Expr.(*resolve.Quant); ok && quant.Forall {
			b.Fairness = append(b.Fairness, q)
			return nil
		}
		return &Error{q.Expr.Span(), name + " must be of the form Init /\\ [][Next]_vars, perhaps with fairness; this conjunct is something else", CodeConfig}
	})
	if err != nil {
		return err
	}
	return b.initial(inits, name)
}

// isFalse reports whether a part is false whatever the state.
func (b *builder) isFalse(q eval.Part) bool {
	if b.Program.Level(q) > resolve.LevelState {
		return false
	}
	f := b.Program.FormulaOf(q)
	if before, after := f.Reads(); len(before)+len(after) > 0 || !f.Pure() {
		return false
	}
	holds, err := b.Program.NewWorker().Holds(f, nil)
	return err == nil && !holds
}

// isVariable reports whether a part is nothing but a variable, through definitions.
func (b *builder) isVariable(q eval.Part) bool {
	for ok := true; ok; {
		if _, isVar := q.Expr.(*resolve.VarRef); isVar {
			return true
		}
		q, ok = b.Program.Unfold(q)
	}
	return false
}

// initial makes the initial predicate of the specification's state predicates.
func (b *builder) initial(inits []eval.Part, name string) error {
	if len(inits) == 0 {
		return nil
	}
	b.HasInit, b.InitName = true, name
	if len(inits) == 1 {
		b.Init = inits[0]
		if call, ok := inits[0].Expr.(*resolve.Call); ok {
			b.InitName = call.Def.Name
		} else if d := inits[0].Definition(); d != "" {
			b.InitName = d
		}
		return nil
	}
	var err error
	b.Init, err = b.Program.Join(inits)
	return err
}

// nextStep takes the next-state relation from [Next]_v.
func (b *builder) nextStep(box eval.Part, name string) error {
	if b.HasNext {
		return &Error{box.Expr.Span(), name + " has more than one next-state relation", CodeConfig}
	}
	a := box.Expr.(*resolve.Apply)
	b.Next, b.HasNext, b.NextName = box.Of(a.Args[0]), true, name
	if call, ok := a.Args[0].(*resolve.Call); ok {
		b.NextName = call.Def.Name
	}
	return nil
}

// conjuncts visits the conjuncts of a temporal formula, through definitions.
func (b *builder) conjuncts(q eval.Part, visit func(eval.Part) error) error {
	if b.Program.Level(q) <= resolve.LevelState {
		return visit(q)
	}
	if and, ok := q.Expr.(*resolve.And); ok {
		for _, item := range and.Items {
			if err := b.conjuncts(q.Of(item), visit); err != nil {
				return err
			}
		}
		return nil
	}
	if body, ok := b.Program.Unfold(q); ok {
		return b.conjuncts(body, visit)
	}
	return visit(q)
}

// box finds [A]_v, through definitions.
func (b *builder) box(q eval.Part) (eval.Part, bool) {
	for {
		if a, ok := q.Expr.(*resolve.Apply); ok {
			return q, a.Op == resolve.OpBoxAction
		}
		body, ok := b.Program.Unfold(q)
		if !ok {
			return q, false
		}
		q = body
	}
}

// properties sorts the parts of the properties into those of initial states, of states, of steps and of behaviours.
func (b *builder) properties() error {
	worker := b.Program.NewWorker()
	for _, n := range b.file.Properties {
		q, err := b.part(n)
		if err != nil {
			return err
		}
		if err := b.property(worker, n.Text, q); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) property(w *eval.Worker, name string, q eval.Part) error {
	return b.conjuncts(q, func(part eval.Part) error {
		formula := func(e eval.Part) Property { return Property{name, e.Expr.Span(), b.Program.FormulaOf(e)} }
		switch level := b.Program.Level(part); {
		case level == resolve.LevelAction:
			return &Error{part.Expr.Span(), fmt.Sprintf("%s says this of one step, and not of which: a property is [][A]_v, of every step, or []<><<A>>_v, of infinitely many", name), CodeConfig}
		case level <= resolve.LevelState:
			b.ImpliedInits = append(b.ImpliedInits, formula(part))
			return nil
		}
		if quant, ok := part.Expr.(*resolve.Quant); ok && quant.Forall {
			if bodies, err := w.Instances(part); err == nil {
				for _, body := range bodies {
					if err := b.property(w, name, body); err != nil {
						return err
					}
				}
				return nil
			}
		}
		if a, ok := part.Expr.(*resolve.Apply); ok && a.Op == resolve.OpAlways {
			inner := part.Of(a.Args[0])
			if box, ok := b.box(inner); ok {
				f, strict := b.Program.Demand(box)
				b.ImpliedActions = append(b.ImpliedActions, Demand{Property{name, box.Expr.Span(), f}, strict})
				return nil
			}
			if b.Program.Level(inner) <= resolve.LevelState {
				b.Invariants = append(b.Invariants, formula(inner))
				return nil
			}
		}
		b.Temporal = append(b.Temporal, Temporal{name, part})
		return nil
	})
}
