// Functions: tuples, records and the rest.

package value

// A function's form follows from its domain: 1..n makes a tuple (the empty function too), a set of strings makes a
// record, everything else a plain function. So <<5>>, [i \in {1} |-> 5] and (1 :> 5) have one handle.

// emptyTuple is <<>>, the function with an empty domain.
var emptyTuple = intern(tagTuple, 0, nil)

// Tuple is <<elems...>>. Elements must be canonical (see Canonical).
func Tuple(elems []Value) Value { return intern(tagTuple, 0, elems) }

// Func is the function with this domain, a canonical set, and these values in the order of the domain's elements.
func Func(domain Value, values []Value) Value {
	if len(values) == 0 {
		return emptyTuple
	}
	elems := domainElems(domain)
	switch first := elems[0]; {
	case first == Int(1) && elems[len(elems)-1] == Int(int64(len(elems))) && allInts(elems):
		return intern(tagTuple, 0, values)
	case first.tag() == tagString && allStrings(elems):
		return intern(tagRecord, domain, values)
	}
	return intern(tagFunc, domain, values)
}

// Record is a record: domain is a non-empty canonical set of strings.
func Record(domain Value, values []Value) Value { return intern(tagRecord, domain, values) }

func allInts(elems []Value) bool {
	for _, e := range elems {
		if !e.IsInt() {
			return false
		}
	}
	return true
}

func allStrings(elems []Value) bool {
	for _, e := range elems {
		if e.tag() != tagString {
			return false
		}
	}
	return true
}

// domainElems lists the elements of a function's domain in order.
func domainElems(domain Value) []Value {
	if domain.tag() == tagSet {
		return items(domain)
	}
	return bigOf(domain).elems()
}

// function gives a function's domain (0 for a tuple's) and values.
func function(v Value) (Value, []Value) {
	if v.tag() == tagTuple {
		return 0, items(v)
	}
	return fields(v)
}

// Values are a function's values in the order of its domain; they must not be modified.
func (v Value) Values() []Value {
	if t := v.tag(); t < tagTuple || t > tagFunc {
		return nil
	}
	_, values := function(v)
	return values
}

// Items are a tuple's elements; ok is false where v is none. They must not be modified.
func (v Value) Items() (elems []Value, ok bool) {
	if v.tag() != tagTuple {
		return nil, false
	}
	return items(v), true
}

// DomainOf is DOMAIN f as a set; ok is false where v is no function. A tuple's is symbolic: an interval.
func DomainOf(v Value) (Value, bool) {
	switch v.tag() {
	case tagTuple:
		return Interval(1, int64(len(items(v)))), true
	case tagRecord, tagFunc:
		d, _ := fields(v)
		return d, true
	}
	return 0, false
}

// find is the place of x in a domain, -1 if it is not there.
func find(domain, x Value) int {
	if domain.tag() == tagBig {
		return bigOf(domain).index(x)
	}
	elems := items(domain)
	if x.IsInt() && len(elems) > 0 && elems[0].IsInt() {
		if i := x.Num() - elems[0].Num(); i >= 0 && i < int64(len(elems)) && elems[i] == x {
			return int(i)
		}
	}
	for i, e := range elems {
		if e == x {
			return i
		}
	}
	return -1
}

// place is where in its values a function holds the one at x, -1 if x is outside of its domain.
func place(f, x Value) int {
	if f.tag() == tagTuple {
		if x.IsInt() {
			if i := x.Num(); i >= 1 && i <= int64(sizeWord(f)&lenMask) {
				return int(i - 1)
			}
		}
		return -1
	}
	d, _ := fields(f)
	return find(d, x)
}

// Apply is a function's value at arg, a tuple's element at an index, a record's field at a string.
func (v Value) Apply(arg Value) (Value, bool) {
	if v&tagMask != tagTuple || v.addr() >= ownMemory {
		return v.apply(arg)
	}
	c, at := chunkOf(v.addr())
	if i := uint64(arg.Num() - 1); arg.IsInt() && i < uint64(c[at+1]&lenMask) {
		return c[at+2+i], true
	}
	return 0, false
}

// apply is Apply for what is no tuple, or a large one.
func (v Value) apply(arg Value) (Value, bool) {
	if t := v.tag(); t < tagTuple || t > tagFunc {
		return 0, false
	}
	if arg.IsSymbolic() {
		arg, _ = Canonical(arg)
	}
	_, values := function(v)
	i := place(v, arg)
	if i < 0 {
		return 0, false
	}
	return values[i], true
}

// FieldAt is the field of a record that is the function's value at a string. The place in which it was found is kept in *last for records
// of the same form, so that the next look-up need not search.
func (v Value) FieldAt(name Value, last *uint64) (Value, bool) {
	if v&tagMask != tagRecord {
		return v.Apply(name)
	}
	if v.addr() < ownMemory {
		c, at := chunkOf(v.addr())
		if known := *last; known>>20 == uint64(c[at+2]) {
			return c[at+3+known&(1<<20-1)], true
		}
	}
	d, values := fields(v)
	i := find(d, name)
	if i < 0 {
		return 0, false
	}
	if i < 1<<20 {
		*last = uint64(d)<<20 | uint64(i)
	}
	return values[i], true
}

// Field is the named field of a record.
func (v Value) Field(name string) (Value, bool) {
	if v.tag() != tagRecord {
		return 0, false
	}
	return v.Apply(Str(name))
}

// Index is where in Values the value at arg is; -1 if arg is outside of the domain or v is no function.
func (v Value) Index(arg Value) int {
	if t := v.tag(); t < tagTuple || t > tagFunc {
		return -1
	}
	return place(v, arg)
}

// With is the function that differs from v in the i-th of Values alone. scratch is memory to build it in.
func (v Value) With(i int, x Value, scratch []Value) Value {
	d, values := function(v)
	if values[i] == x {
		return v
	}
	elems := append(scratch[:0], values...)
	elems[i] = x
	return intern(v.tag(), d, elems)
}

// Extend is the function that differs from v in one more argument, x, which v's domain does not have; ok is false where v is a
// tuple or a record, or x cannot be compared with the domain's elements.
func (v Value) Extend(x, y Value) (extended Value, ok bool) {
	if v.tag() != tagFunc {
		return 0, false
	}
	d, values := fields(v)
	domain, fault := Insert(d, x)
	if fault != nil || domain == d {
		return 0, false
	}
	i := find(domain, x)
	var buf [bigThreshold]Value
	list := append(append(append(buf[:0], values[:i]...), y), values[i:]...)
	return Func(domain, list), true
}

// Domain is a function's domain, as a list in TLC's order; a tuple's is 1..n.
func (v Value) Domain() []Value {
	if t := v.tag(); t < tagTuple || t > tagFunc {
		return nil
	}
	return functionDomain(v)
}

// RecordDomain is the domain of records with these field names, and for each name its place among the values.
func RecordDomain(names []string) (domain Value, places []int) {
	elems := make([]Value, len(names))
	for i, n := range names {
		elems[i] = Str(n)
	}
	domain, _ = Set(elems) // strings can be compared
	places = make([]int, len(names))
	for i, n := range names {
		places[i] = find(domain, Str(n))
	}
	return domain, places
}
