// Membership and inclusion, by structure: x \in Nat looks at x, never at Nat.

package value

// In decides x \in s.
func In(x, s Value) (bool, *Fault) {
	switch s.tag() {
	case tagSet, tagBig:
		if x.IsSymbolic() {
			c, f := Canonical(x)
			if f != nil {
				return false, f
			}
			x = c
		}
		if has(s, x) {
			return true, nil
		}
		return false, askable(s, x)
	case tagLazy:
		f, ops := fields(s)
		return inForm(x, s, f, ops)
	}
	return false, notSet(`the right side of \in`, s)
}

// Contains reports whether a set has x as an element.
func (v Value) Contains(x Value) (bool, error) {
	in, f := In(x, v)
	if f != nil {
		return false, f
	}
	return in, nil
}

func inForm(x, s Value, f form, ops []Value) (bool, *Fault) {
	switch f {
	case formAny:
		return true, nil
	case formCup:
		first, second := ops[0], ops[1]
		if first.IsSymbolic() && !second.IsSymbolic() {
			first, second = second, first // as TLC does, which may spare an error: 1 \in STRING \cup {1}
		}
		in, fault := In(x, first)
		if in || fault != nil {
			return in, fault
		}
		return In(x, second)
	case formCap:
		in, fault := In(x, ops[0])
		if !in || fault != nil {
			return false, fault
		}
		return In(x, ops[1])
	case formDiff:
		in, fault := In(x, ops[0])
		if !in || fault != nil {
			return false, fault
		}
		in, fault = In(x, ops[1])
		return !in && fault == nil, fault
	case formUnion:
		return inUnion(x, ops[0])
	case formMixed:
		return inMixed(x, ops)
	case formSubset:
		if x.IsSet() {
			return Subseteq(x, ops[0])
		}
	case formFuncSet:
		if x.IsFunction() {
			return inFuncSet(x, ops[0], ops[1])
		}
	case formRecordSet:
		if x.tag() == tagRecord {
			if d, values := fields(x); d == ops[0] {
				return inRow(values, ops[1:])
			}
			return false, nil
		}
	default:
		return inSimple(x, s, f, ops)
	}
	return false, stranger(x, s)
}

func inSimple(x, s Value, f form, ops []Value) (bool, *Fault) {
	switch f {
	case formNat:
		if x.IsInt() {
			return x.Num() >= 0, nil
		}
	case formInt, formReal:
		if x.IsInt() {
			return true, nil
		}
	case formInterval:
		if x.IsInt() {
			return x.Num() >= ops[0].Num() && x.Num() <= ops[1].Num(), nil
		}
	case formString:
		if x.tag() == tagString {
			return true, nil
		}
	case formProduct:
		if elems, ok := x.Items(); ok {
			if len(elems) != len(ops) {
				return false, nil
			}
			return inRow(elems, ops)
		}
	case formSeq:
		if elems, ok := x.Items(); ok {
			return allIn(elems, ops[0])
		}
	}
	return false, stranger(x, s)
}

// stranger is the fault of asking for x in a set of other things. Untyped model values may be asked for anywhere: they are not in it.
func stranger(x, s Value) *Fault {
	if x.tag() == tagModel && modelType(x) == 0 {
		return nil
	}
	return &Fault{Msg: "cannot ask whether " + describe(x) + " is an element of " + Brief(s)}
}

func inUnion(x, s Value) (bool, *Fault) {
	members, f := Elements(s)
	if f != nil {
		return false, f
	}
	for _, m := range members {
		if in, f := In(x, m); in || f != nil {
			return in, f
		}
	}
	return false, nil
}

// inMixed compares x with one element after the other; what stands behind the one that it equals is not looked at.
func inMixed(x Value, elems []Value) (bool, *Fault) {
	for _, e := range elems {
		if same, f := Same(x, e); same || f != nil {
			return same, f
		}
	}
	return false, nil
}

func inFuncSet(x, domain, rng Value) (bool, *Fault) {
	if lo, hi, ok := domain.IntervalBounds(); ok && x.tag() == tagTuple {
		elems := items(x)
		if lo != 1 || hi != int64(len(elems)) {
			return false, nil
		}
		return allIn(elems, rng)
	}
	if d, ok := DomainOf(x); ok {
		if same, f := Same(d, domain); !same || f != nil {
			return false, f
		}
		return allIn(x.Values(), rng)
	}
	return false, &Fault{Msg: "cannot ask whether a function with an infinite domain is in a set of functions"}
}

func inRow(elems, sets []Value) (bool, *Fault) {
	for i, e := range elems {
		if in, f := In(e, sets[i]); !in || f != nil {
			return false, f
		}
	}
	return true, nil
}

func allIn(elems []Value, s Value) (bool, *Fault) {
	for _, e := range elems {
		if in, f := In(e, s); !in || f != nil {
			return false, f
		}
	}
	return true, nil
}

// Subseteq decides s \subseteq t. Two symbolic sets of one form are compared part by part.
func Subseteq(s, t Value) (bool, *Fault) {
	if !s.IsSet() {
		return false, notSet(`the left side of \subseteq`, s)
	}
	if !t.IsSet() {
		return false, notSet(`the right side of \subseteq`, t)
	}
	if s == t && !isMixed(s) {
		return true, nil
	}
	if s.tag() == tagLazy {
		if sub, known := includes(s, t); known {
			return sub, nil
		}
	}
	all := true
	var fault *Fault
	f := visitAll(s, func(x Value) bool {
		all, fault = In(x, t)
		return all && fault == nil
	})
	if fault == nil {
		fault = f
	}
	return all && fault == nil, fault
}

// visitAll visits a set's elements in whatever order is cheapest.
func visitAll(s Value, visit func(Value) bool) *Fault {
	if s.tag() == tagBig {
		bigOf(s).each(visit)
		return nil
	}
	return Each(s, visit)
}

// VisitAll visits a set's elements in an order that is fixed but not TLC's, for results that depend on no order.
func VisitAll(s Value, visit func(Value) bool) *Fault { return visitAll(s, visit) }

// Includes decides s \subseteq t for a symbolic s where their forms tell; known is false where they do not.
func Includes(s, t Value) (sub, known bool) { return includes(s, t) }

// includes decides s \subseteq t for a symbolic s where their forms tell; known is false where they do not.
func includes(s, t Value) (sub, known bool) {
	if t.tag() != tagLazy {
		return false, false
	}
	f, a := fields(s)
	g, b := fields(t)
	switch {
	case f == formNat && (g == formInt || g == formReal), f == formInt && g == formReal, g == formAny:
		return true, true
	case f == formInt && g == formNat:
		return false, true
	case f == formInterval && g == formInterval:
		return a[0].Num() >= b[0].Num() && a[1].Num() <= b[1].Num(), true
	case f == formInterval && (g == formInt || g == formReal):
		return true, true
	case f == formInterval && g == formNat:
		return a[0].Num() >= 0, true
	case f != g:
		return false, false
	}
	return includesParts(f, a, b)
}

func includesParts(f form, a, b []Value) (sub, known bool) {
	switch f {
	case formSubset, formSeq:
		sub, fault := Subseteq(a[0], b[0])
		return sub, fault == nil
	case formFuncSet:
		if same, fault := Same(a[0], b[0]); !same || fault != nil {
			return false, false
		}
		sub, fault := Subseteq(a[1], b[1])
		return sub, sub && fault == nil // if not, the domain may be empty
	case formRecordSet:
		if a[0] != b[0] {
			return false, false
		}
		return includesRow(a[1:], b[1:])
	case formProduct:
		if len(a) != len(b) {
			return false, false
		}
		return includesRow(a, b)
	}
	return false, false
}

// includesRow answers only where every factor is included: if one is not, another may be empty.
func includesRow(a, b []Value) (sub, known bool) {
	for i := range a {
		if sub, f := Subseteq(a[i], b[i]); !sub || f != nil {
			return false, false
		}
	}
	return true, true
}
