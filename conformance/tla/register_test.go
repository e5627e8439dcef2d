package tla_test

import (
	"fmt"
	"strings"
	"syscall"
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
		"Acknowledge", "Abandon", "Ask", "Report", "Answer", "Collect", "Erase", "Raise", "RestartAcceptor", "RestartProposer"}, names)

	p1, a1, a2 := tla.Str("p1"), tla.Str("a1"), tla.Str("a2")
	add := parse(t, `{"#tup":[{"name":"add","value":3},{"name":"add","value":4}]}`)
	quorum := parse(t, `{"#set":["a1","a2"]}`)
	require.Empty(t, w.step("Prepare", p1, tla.Int(2)), "ballot 2 is not p1's")
	require.Empty(t, w.step("Prepare", p1, tla.Int(-15)), "a ballot is a natural number")
	w.take("Prepare", p1, tla.Int(17))
	w.take("Promise", a1, tla.Int(17))
	none := tla.Int(0)
	require.Empty(t, w.step("Propose", p1, quorum, add, tla.Int(7), none), "a2 has not promised")
	w.take("Promise", a2, tla.Int(17))
	require.Empty(t, w.step("Propose", p1, quorum, add, tla.Int(8), none), "0 + 3 + 4 is not 8")
	require.Empty(t, w.step("Propose", p1, quorum, parse(t, `{"#tup":[{"name":"drop"}]}`), none, none), "no such change")
	require.Empty(t, w.step("Propose", p1, quorum, add, tla.Int(7), tla.Int(34)), "ballot 34 is not p1's")
	w.take("Propose", p1, quorum, add, tla.Int(7), none)
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

// rounds drives a register through complete rounds. It gives the processor time that a step takes in the last ones.
func rounds(t testing.TB, n int) time.Duration {
	w := newWalker(t)
	p1 := tla.Str("p1")
	add := parse(t, `{"#tup":[{"name":"add","value":1}]}`)
	quorum := parse(t, `{"#set":["a1","a2"]}`)
	const last = 200
	var start time.Duration
	for i := range n {
		if i == n-last {
			start = processorTime(t)
		}
		b := tla.Int(int64(i*16 + 1))
		w.take("Prepare", p1, b)
		w.take("Promise", tla.Str("a1"), b)
		w.take("Promise", tla.Str("a2"), b)
		w.take("Propose", p1, quorum, add, tla.Int(int64(i+1)), tla.Int(0))
		w.take("Accept", tla.Str("a1"), b)
		w.take("Accept", tla.Str("a2"), b)
		w.take("Acknowledge", p1, quorum)
	}
	return (processorTime(t) - start) / (7 * last)
}

func processorTime(t testing.TB) time.Duration {
	var u syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano())
}

// The cost of a step does not grow with the number of messages.
func BenchmarkRegisterSteps(b *testing.B) {
	for _, n := range []int{300, 3000, 17000} {
		b.Run(fmt.Sprintf("messages=%d", 6*n), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(rounds(b, n).Nanoseconds()), "cpu-ns/step")
			}
		})
	}
}

// render writes what an explanation finds wrong, one conjunct a line, and how many conjuncts hold.
func render(e tla.Explanation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d hold", e.Held)
	for _, w := range e.Witnesses {
		fmt.Fprintf(&b, "\nwith %s = %s", w.Name, w.Value)
	}
	for _, c := range e.Conjuncts {
		if c.Verdict == tla.Holds {
			continue
		}
		fmt.Fprintf(&b, "\n%s %s", []string{"", "FALSE", "DIFFERS", "ERROR"}[c.Verdict], c.Source)
		if c.Values != "" {
			fmt.Fprintf(&b, ": %s", c.Values)
		}
		for _, d := range c.Diffs {
			fmt.Fprintf(&b, ": %s%v gives %s, observed %s", d.Var, d.Path, d.Given, d.Observed)
		}
		for _, r := range c.Reads {
			fmt.Fprintf(&b, "; reads %s%v = %s", r.Var, r.Path, r.Value)
		}
	}
	return b.String()
}

// Each explanation names the false conjuncts, with the values that make them false.
func TestExplain(t *testing.T) {
	w := newWalker(t)
	p1, p2, a1, a2 := tla.Str("p1"), tla.Str("p2"), tla.Str("a1"), tla.Str("a2")
	read := parse(t, `{"#tup":[{"name":"read"}]}`)
	w.take("Prepare", p1, tla.Int(17))
	w.take("Prepare", p2, tla.Int(34))
	w.take("Promise", a1, tla.Int(34))
	quorum := parse(t, `{"#set":["a1","a2"]}`)
	for _, c := range []struct {
		action string
		args   []tla.Value
		want   []tla.Expect
		text   string
	}{
		{"Promise", []tla.Value{a1, tla.Int(17)}, nil, `6 hold
FALSE b > promised[a]: 17 > 34; reads promised["a1"] = 34`},
		{"Promise", []tla.Value{a2, tla.Int(34)}, []tla.Expect{{Var: "promised", Path: []tla.Value{a2}, Value: tla.Int(18)}}, `6 hold
DIFFERS promised' = [promised EXCEPT ![a] = b]: promised["a2"] gives 34, observed 18; reads promised["a2"] = 0`},
		{"Promise", []tla.Value{a2, tla.Int(34)}, []tla.Expect{{Var: "acceptedBallot", Path: []tla.Value{a2}, Value: tla.Int(1)}}, `6 hold
DIFFERS UNCHANGED <<acceptedBallot, acceptedState, proposerVars, acknowledged>>: acceptedBallot["a2"] gives 0, observed 1; reads acceptedBallot["a2"] = 0`},
		{"Propose", []tla.Value{p2, parse(t, `{"#set":["a2","a3"]}`), read, tla.Int(0), tla.Int(0)}, nil, `8 hold
FALSE \A a \in q : Promises(ballot[p], {a}) # {}: for a = "a2": {} # {}; reads messages[] = MESSAGES; reads ballot["p2"] = 34
ERROR s = ApplyAll(cs, Latest(ballot[p], q).acceptedState): 0 = ?; reads messages[] = MESSAGES; reads ballot["p2"] = 34
ERROR messages' = messages \cup {m}; reads messages[] = MESSAGES; reads ballot["p2"] = 34`},
		{"Propose", []tla.Value{p2, quorum, read, tla.Int(5), tla.Int(0)}, nil, `9 hold
FALSE \A a \in q : Promises(ballot[p], {a}) # {}: for a = "a2": {} # {}; reads messages[] = MESSAGES; reads ballot["p2"] = 34
FALSE s = ApplyAll(cs, Latest(ballot[p], q).acceptedState): 5 = 0; reads messages[] = MESSAGES; reads ballot["p2"] = 34`},
		{"Accept", []tla.Value{a1, tla.Int(34)}, nil, `4 hold
with m = [ballot |-> 34, type |-> "prepare"]
FALSE m.type = "accept": "prepare" = "accept"`},
		{"Prepare", []tla.Value{p1, tla.Int(-1)}, nil, `7 hold
FALSE b \in Ballot: -1 \in Nat
FALSE phase[p] = "idle": "prepare" = "idle"; reads phase["p1"] = "prepare"
FALSE b > 0: -1 > 0
FALSE (b - 1) % Stride = Id[p] - 1: 14 = 0
FALSE b > counter[p]: -1 > 17; reads counter["p1"] = 17`},
		{"Abandon", []tla.Value{tla.Str("p9")}, nil, `5 hold
FALSE p \in Proposer: "p9" \in {"p1", "p2"}
ERROR phase[p] # "idle": ? # "idle"; reads phase[] = [p1 |-> "prepare", p2 |-> "prepare"]`},
	} {
		a, _ := w.model.Action(c.action)
		e, err := w.machine.Explain(w.state, a, c.args, c.want)
		require.NoError(t, err)
		messages, _ := w.state.Get("messages")
		require.Equal(t, c.text, strings.ReplaceAll(render(e), messages.String(), "MESSAGES"))
	}
}
