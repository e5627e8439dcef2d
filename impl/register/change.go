// Changes: the functions from states to states that clients may ask for (Apply in spec/register/Register.tla).

// Package register says what registers hold and how clients change it. A register's state is an Entry. Clients change
// entries by functions of their own, or take the entry for an integer and ask for a Change by name; the specification's
// AnyChange is the set of both.
//
// A read is the change that leaves the state as it is, and a compare-and-set that finds another state than it
// expects gives back the state it found. Both are written back like any other change: answering without that would
// tell of a state that perhaps no quorum holds.
package register

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"synod/impl/paxos"
)

// ErrRange says that a state would not fit into 32 bits, the size of the model checkers' integers.
var ErrRange = errors.New("the result does not fit into 32 bits")

// Change is a function from integers to integers. An entry that is absent counts as 0. Make one with Read, Set, Add,
// CAS or Delete.
type Change struct {
	Name   string `json:"name"`             // "read", "set", "add", "cas" or "delete"
	Expect int64  `json:"expect,omitempty"` // cas
	Value  int64  `json:"value,omitempty"`  // set, add, cas
}

// Read leaves the state as it is.
func Read() Change { return Change{Name: "read"} }

// Set replaces the state.
func Set(value int64) Change { return Change{Name: "set", Value: value} }

// Add adds to the state.
func Add(value int64) Change { return Change{Name: "add", Value: value} }

// CAS replaces the state if it is the expected one.
func CAS(expect, value int64) Change { return Change{Name: "cas", Expect: expect, Value: value} }

// Delete makes the entry absent.
func Delete() Change { return Change{Name: "delete"} }

// Parse reads a change as String writes it: "read", "set 5", "add -1", "cas 5 6".
func Parse(text string) (Change, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Change{}, errors.New("no change is given: read, set V, add V, cas EXPECT V or delete")
	}
	var numbers []int64
	for _, word := range words[1:] {
		n, err := strconv.ParseInt(word, 10, 32)
		if err != nil {
			return Change{}, fmt.Errorf("change %q: %q is not an integer of 32 bits", text, word)
		}
		numbers = append(numbers, n)
	}
	switch name := words[0]; {
	case name == "read" && len(numbers) == 0:
		return Read(), nil
	case name == "delete" && len(numbers) == 0:
		return Delete(), nil
	case name == "set" && len(numbers) == 1:
		return Set(numbers[0]), nil
	case name == "add" && len(numbers) == 1:
		return Add(numbers[0]), nil
	case name == "cas" && len(numbers) == 2:
		return CAS(numbers[0], numbers[1]), nil
	}
	return Change{}, fmt.Errorf("change %q is none of: read, set V, add V, cas EXPECT V, delete", text)
}

// Validate tells what is wrong with a change that did not come from this package's functions.
func (c Change) Validate() error {
	parsed, err := Parse(c.String())
	if err == nil && parsed != c {
		err = fmt.Errorf("change %+v has a field too many", c)
	}
	return err
}

// String gives the form that Parse reads.
func (c Change) String() string {
	switch c.Name {
	case "set", "add":
		return fmt.Sprintf("%s %d", c.Name, c.Value)
	case "cas":
		return fmt.Sprintf("cas %d %d", c.Expect, c.Value)
	}
	return c.Name
}

// AppendTrace appends the change as the specification's record, in JSON. Where an entry remembers requests its number is no
// integer to add to or compare with, and the change is shown as any function is.
func (c Change) AppendTrace(b []byte, before, after paxos.State) []byte {
	if before != "" && before[0]&entryRemembers != 0 {
		return appendMap(b, before, after)
	}
	switch c.Name {
	case "set", "add":
		return fmt.Appendf(b, `{"name":"%s","value":%d}`, c.Name, c.Value)
	case "cas":
		return fmt.Appendf(b, `{"name":"cas","expect":%d,"value":%d}`, c.Expect, c.Value)
	}
	return append(append(append(b, `{"name":"`...), c.Name...), `"}`...)
}

// Apply gives the state after s. The error is ErrRange, or that s is no integer.
func (c Change) Apply(s paxos.State) (paxos.State, error) {
	e, err := ParseEntry(s)
	if err != nil {
		return "", err
	}
	before, err := e.integer()
	if err != nil {
		return "", err
	}
	after := before
	switch c.Name {
	case "read":
		return s, nil
	case "delete":
		return Entry{Memory: e.Memory}.State(), nil
	case "set":
		after = c.Value
	case "add":
		after += c.Value
	case "cas":
		if before != c.Expect {
			return s, nil
		}
		after = c.Value
	}
	if after < math.MinInt32 || after > math.MaxInt32 {
		return "", ErrRange
	}
	return integerEntry(after, e.Memory).State(), nil
}

// Held reports whether the change found what it expects: false only for a cas of another state.
func (c Change) Held(before int64) bool { return c.Name != "cas" || before == c.Expect }

// IntegerState gives the state of an entry that holds an integer.
func IntegerState(n int64) paxos.State {
	return integerEntry(n, "").State()
}

func integerEntry(n int64, memory string) Entry {
	return Entry{Exists: true, Value: strconv.AppendInt(nil, n, 10), Memory: memory}
}

// ParseState reads the integer that a state's entry holds, 0 if it is absent.
func ParseState(s paxos.State) (int64, error) {
	e, err := ParseEntry(s)
	if err != nil {
		return 0, err
	}
	return e.integer()
}

func (e Entry) integer() (int64, error) {
	if !e.Exists {
		return 0, nil
	}
	n, err := strconv.ParseInt(string(e.Value), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("the entry %.40q is not an integer of 32 bits", e.Value)
	}
	return n, nil
}
