// Levels in proofs: what may be assumed, taken and picked where a temporal formula is to be proved.

package resolve

// checkProofs reports what breaks the rules about levels in the theorems' statements and proofs. Nothing else depends on them.
func (r *resolver) checkProofs() {
	r.levels.again(&r.errs, func() {
		for _, s := range r.proofs {
			r.levels.proof(s)
		}
	})
}

// proof checks the levels of a theorem's or a step's statement and proof.
func (l *levels) proof(s *step) {
	level := l.stated(s)
	for _, inner := range s.steps {
		l.proof(inner)
	}
	if level == LevelTemporal {
		l.temporalGoal(s.steps)
	}
}

// stated computes the level of what a step states.
func (l *levels) stated(s *step) Level {
	level := LevelConstant
	if s.defs != nil {
		for _, inst := range s.defs.Insts {
			l.instance(inst)
		}
		for _, d := range s.defs.Defs {
			l.def(d)
		}
	}
	if s.def != nil {
		l.def(s.def)
		level = s.def.Level
	}
	for _, e := range s.exprs {
		level = max(level, l.expr(e).level)
	}
	for _, set := range s.sets {
		l.atMost(set, LevelAction, "the set of a declared name")
		if s.kind == "PICK" && level == LevelTemporal && set.Level() > LevelConstant {
			l.fail(set.Span(), "the set of a PICK must be a constant where a temporal formula is picked for, but this is %s", set.Level())
		}
	}
	return level
}

// temporalGoal reports steps that may not stand where a temporal formula is to be proved: those that assume or take
// something that is no constant.
func (l *levels) temporalGoal(steps []*step) {
	for _, s := range steps {
		switch s.kind {
		case "TAKE", "WITNESS", "HAVE", "CASE":
			for _, e := range append(s.exprs[:len(s.exprs):len(s.exprs)], s.sets...) {
				if e.Level() > LevelConstant {
					l.fail(e.Span(), "a temporal formula is to be proved, so that %s must have a constant here, but this is %s", s.kind, e.Level())
				}
			}
		}
		if s.kind == "CASE" || s.kind == "QED" {
			l.temporalGoal(s.steps)
		}
	}
}
