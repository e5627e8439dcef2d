// The handle: one 64-bit word that stands for a TLA+ value.

// Package value holds TLA+ values: booleans, integers, strings, model values, tuples, records, functions and sets.
//
// A Value is a handle, not a structure. Equal values have equal handles, so that comparing two of them, hashing one or
// keeping a state in memory costs one machine word each; values never change. Small things (booleans, integers) are
// in the handle itself. Structures are kept once in a heap that all goroutines share: making a value that exists
// already finds it there. That is hash-consing, and it makes a model checker's inner loop free of allocation.
//
// Sets come in three forms. A set of fewer than 64 elements is a sorted array. A larger one is a persistent hash trie,
// so that adding an element to a set of a million costs what it costs for a thousand. Both are canonical: equal sets,
// equal handles. The third form is symbolic: SUBSET S, [S -> T], Nat, an interval and the like are kept as what they
// are and enumerated only where they must be; a symbolic set becomes canonical when it is put into another value.
//
// Operations that a specification can misuse return a *Fault, which says what was wrong with which operand; the
// evaluator adds the place.
package value

// Value stands for one TLA+ value. Two Values are == exactly where the values are equal in TLA+.
// The zero Value is no value at all: "unknown", "not given".
type Value uint64

// A handle is a tag in the low four bits and a payload above. The payload of an object is its word address in the heap.
const (
	tagNone = iota
	tagBool
	tagInt
	tagString
	tagModel
	tagTuple
	tagRecord
	tagFunc
	tagSet     // fewer than bigThreshold elements
	tagBig     // at least bigThreshold elements; the payload is an index into the table of tries
	tagLazy    // a symbolic set
	tagClosure // a function kept as a rule; the payload means something to the evaluator alone

	tagBits    = 4
	tagMask    = 1<<tagBits - 1
	addrBits   = 40
	handleBits = addrBits + tagBits
)

// Kind is what sort of value a Value is.
type Kind uint8

// The kinds of values.
const (
	KindNone Kind = iota // the zero Value
	KindBool
	KindInt
	KindString
	KindModel  // a model value
	KindTuple  // a function with domain 1..n, the empty one too
	KindRecord // a function whose domain is a set of strings
	KindFunc   // any other function
	KindSet
)

var kindOfTag = [16]Kind{KindNone, KindBool, KindInt, KindString, KindModel, KindTuple, KindRecord, KindFunc,
	KindSet, KindSet, KindSet, KindFunc}

// Kind tells what sort of value v is.
func (v Value) Kind() Kind { return kindOfTag[v&tagMask] }

func (v Value) tag() uint64  { return uint64(v) & tagMask }
func (v Value) addr() uint64 { return uint64(v) >> tagBits }

// FALSE and TRUE.
const (
	False Value = 0<<tagBits | tagBool
	True  Value = 1<<tagBits | tagBool
)

// Bool is TRUE or FALSE.
func Bool(b bool) Value {
	if b {
		return True
	}
	return False
}

// MaxInt and MinInt bound what an integer handle can hold. The evaluator's own bounds are narrower.
const (
	MaxInt = 1<<59 - 1
	MinInt = -1 << 59
)

// Int is the value of an integer; it must lie between MinInt and MaxInt.
func Int(n int64) Value { return Value(uint64(n)<<tagBits | tagInt) }

// IsInt reports whether v is an integer.
func (v Value) IsInt() bool { return v&tagMask == tagInt }

// IsBool reports whether v is a boolean.
func (v Value) IsBool() bool { return v&tagMask == tagBool }

// Num is the integer that v is; v must be one.
func (v Value) Num() int64 { return int64(v) >> tagBits }

// Equal reports whether both are the same value.
func (v Value) Equal(w Value) bool { return v == w }

// AsBool gives a boolean's value.
func (v Value) AsBool() (b, ok bool) { return v == True, v.IsBool() }

// AsInt gives an integer's value.
func (v Value) AsInt() (n int64, ok bool) {
	if !v.IsInt() {
		return 0, false
	}
	return v.Num(), true
}

// AsStr gives a string's value, or a model value's name.
func (v Value) AsStr() (s string, ok bool) {
	switch v.tag() {
	case tagString, tagModel:
		return nameOf(v), true
	}
	return "", false
}

// Plain reports whether both are booleans, both are integers or both are strings: whether they are equal is then
// whether their handles are.
func (v Value) Plain(w Value) bool {
	t := v & tagMask
	return t == w&tagMask && t <= tagString && t != tagNone
}

// IsFunction reports whether v is a tuple, a record or any other function.
func (v Value) IsFunction() bool {
	t := v & tagMask
	return t >= tagTuple && t <= tagFunc || t == tagClosure
}

// IsSet reports whether v is a set of any form.
func (v Value) IsSet() bool { t := v & tagMask; return t >= tagSet && t <= tagLazy }

// IsSymbolic reports whether v is a set or function that is kept as a rule, so that equal ones may differ as handles.
func (v Value) IsSymbolic() bool { return v&tagMask >= tagLazy }

// Closure makes the handle of a function that the evaluator keeps as a rule; id means something to it alone.
func Closure(id uint64) Value { return Value(id<<tagBits | tagClosure) }

// ClosureID is what Closure was given; ok is false where v is no such handle.
func (v Value) ClosureID() (id uint64, ok bool) { return v.addr(), v&tagMask == tagClosure }

// A Fault is what is wrong with an operation: "2 is not a function". It has no place; the evaluator knows it.
type Fault struct{ Msg string }

// Error gives the message.
func (f *Fault) Error() string { return f.Msg }

// Guard, deferred, turns a Fault that was thrown into an error: there is no more memory for values. Evaluation has a guard
// of its own.
func Guard(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Fault:
		*err = r
	default:
		panic(r)
	}
}

// Deferred makes a handle that is no value: the evaluator's note that an error was put off. The id must not be 0.
// Its tag is tagNone, which is 0.
func Deferred(id uint64) Value { return Value(id << tagBits) }

// DeferredID is what Deferred was given.
func (v Value) DeferredID() (id uint64, ok bool) { return v.addr(), v&tagMask == tagNone && v != 0 }

// IsNone reports whether v is no value: unknown, or an error that was put off.
func (v Value) IsNone() bool { return v&tagMask == tagNone }
