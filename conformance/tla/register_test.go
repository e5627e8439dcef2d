package tla_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// register loads the register's specification with the constants that the header of a trace gives.
func register(t testing.TB) *tla.Model {
	t.Helper()
	const dir = "../../spec/register/"
	m, err := tla.Load(dir+"Register.tla", tla.Options{Config: dir + "Register.cfg", Constants: map[string]tla.Value{
		"Acceptor": parse(t, `{"#set":["a1","a2","a3"]}`),
		"Id":       parse(t, `{"p1":1,"p2":2}`),
		"Scheme":   tla.Str("pair"),
		"Stride":   tla.Int(16),
	}})
	require.NoError(t, err)
	return m
}

func parse(t testing.TB, itf string) tla.Value {
	t.Helper()
	v, err := tla.ParseValue([]byte(itf))
	require.NoError(t, err)
	return v
}

// walker takes steps of the register by name.
type walker struct {
	t       testing.TB
	model   *tla.Model
	machine *tla.Machine
	state   tla.State
}

func newWalker(t testing.TB) *walker {
	m := register(t)
	w := &walker{t: t, model: m, machine: m.NewMachine()}
	init, err := w.machine.Init()
	require.NoError(t, err)
	require.Len(t, init, 1)
	w.state = init[0]
	return w
}

func (w *walker) step(action string, args ...tla.Value) []tla.State {
	a, ok := w.model.Action(action)
	require.True(w.t, ok, action)
	next, err := w.machine.Step(w.state, a, args)
	require.NoError(w.t, err, action)
	return next
}

// take takes a step that must have one successor.
func (w *walker) take(action string, args ...tla.Value) {
	next := w.step(action, args...)
	require.Len(w.t, next, 1, "%s%v in\n%s", action, args, w.state)
	w.state = next[0]
}

func TestRegisterSteps(t *testing.T) {
	w := newWalker(t)
	require.Contains(t, w.model.Variables(), "promised")
	var names []string
	for _, a := range w.model.Actions() {
		names = append(names, a.Name)
	}
	require.Equal(t, []string{"Prepare", "Promise", "RefusePrepare", "Propose", "Accept", "RepeatAccept", "RefuseAccept",
		"Acknowledge", "Abandon", "RestartAcceptor", "RestartProposer"}, names)

	p1, a1, a2 := tla.Str("p1"), tla.Str("a1"), tla.Str("a2")
	add := parse(t, `{"name":"add","value":7}`)
	quorum := parse(t, `{"#set":["a1","a2"]}`)
	require.Empty(t, w.step("Prepare", p1, tla.Int(2), add), "ballot 2 is not p1's")
	require.Empty(t, w.step("Prepare", p1, tla.Int(-15), add), "a ballot is a natural number")
	require.Empty(t, w.step("Prepare", p1, tla.Int(17), parse(t, `{"name":"drop"}`)), "no such change")
	w.take("Prepare", p1, tla.Int(17), add)
	w.take("Promise", a1, tla.Int(17))
	require.Empty(t, w.step("Propose", p1, quorum, tla.Int(7)), "a2 has not promised")
	w.take("Promise", a2, tla.Int(17))
	require.Empty(t, w.step("Propose", p1, quorum, tla.Int(8)), "0 + 7 is not 8")
	w.take("Propose", p1, quorum, tla.Int(7))
	w.take("Accept", a1, tla.Int(17))
	w.take("Accept", a2, tla.Int(17))
	w.take("Acknowledge", p1, quorum)
	v, ok := w.state.Lookup("acceptedState", a1)
	require.True(t, ok)
	require.Equal(t, tla.Int(7), v)
	require.Len(t, w.step("RestartAcceptor", 0), 1, "whichever acceptor restarts, nothing changes")

	// Without the argument's value, its quantifier would have to run over all ballots.
	prepare, _ := w.model.Action("Prepare")
	_, err := w.machine.Step(w.state, prepare, []tla.Value{p1})
	require.ErrorContains(t, err, "infinite")
	holds, err := w.machine.Holds("TypeOK", w.state)
	require.NoError(t, err)
	require.True(t, holds)
	n, err := w.machine.Eval("Cardinality(messages) + 1", w.state)
	require.NoError(t, err)
	require.Equal(t, tla.Int(7), n)
}

// rounds drives a register through complete rounds and reports the time for each step of the last ones.
func rounds(t testing.TB, n int) time.Duration {
	w := newWalker(t)
	p1 := tla.Str("p1")
	add := parse(t, `{"name":"add","value":1}`)
	quorum := parse(t, `{"#set":["a1","a2"]}`)
	const last = 50
	var start time.Time
	for i := range n {
		if i == n-last {
			start = time.Now()
		}
		b := tla.Int(int64(i*16 + 1))
		w.take("Prepare", p1, b, add)
		w.take("Promise", tla.Str("a1"), b)
		w.take("Promise", tla.Str("a2"), b)
		w.take("Propose", p1, quorum, tla.Int(int64(i+1)))
		w.take("Accept", tla.Str("a1"), b)
		w.take("Accept", tla.Str("a2"), b)
		w.take("Acknowledge", p1, quorum)
	}
	return time.Since(start) / (7 * last)
}

func BenchmarkRegisterSteps(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("messages=%d", 6*n), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(rounds(b, n).Nanoseconds()), "ns/step")
			}
		})
	}
}
