// Memory: states that outlive the values they are made of.

package tla

import (
	"errors"
	"slices"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/value"
)

// Memory gives back the values that the evaluation of a model has made, all at once. Values are shared by everything in a
// process and are never freed otherwise: for most uses that is what makes them cheap, but a trace checker that runs for
// days would grow without bound.
//
//	memory := tla.NewMemory(model)             // what the model itself needs is made by now and stays
//	...                                        // step Machines
//	packed := memory.Pack(states, nil)
//	memory.Release()                           // every later State, Value and Machine is void
//	states, _, err := memory.Unpack(packed, 0)
//
// Only a program in which nothing else uses this package meanwhile may call Release.
type Memory struct {
	model *Model
	mark  value.Mark
}

// NewMemory compiles whatever steps and explanations of the model will need, and remembers what there is. Values of the
// caller's that exist by now stay valid.
func NewMemory(m *Model) (*Memory, error) {
	for _, a := range m.actions {
		_, err1 := m.stepRelation(a)
		_, err2 := m.outline(a)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
	}
	return &Memory{m, value.TakeMark()}, nil
}

// Used is about how many bytes the values take that were made since NewMemory and not released.
func (m *Memory) Used() int64 { return m.mark.Used() }

// Pack writes states of the model, and other values, as bytes that outlive a Release. They are for this process alone.
func (m *Memory) Pack(states []State, more []Value) []byte {
	all := slices.Clone(more)
	for _, s := range states {
		all = append(all, s.values...)
	}
	return m.mark.Pack(nil, all)
}

// Unpack gives what Pack wrote, where there were so many other values.
func (m *Memory) Unpack(packed []byte, others int) (states []State, more []Value, err error) {
	all, err := value.Unpack(packed)
	if err != nil {
		return nil, nil, err
	}
	n := len(m.model.variables)
	more, all = all[:others], all[others:]
	for ; len(all) >= n && n > 0; all = all[n:] {
		states = append(states, m.model.state(all[:n:n]))
	}
	return states, more, nil
}

// Release forgets every value made since NewMemory.
func (m *Memory) Release() {
	eval.ForgetFiles()
	m.mark.Release()
}
