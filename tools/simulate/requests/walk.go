// Walks: clients of one register, step by step at random, on the specification of requests.

// Package requests drives the core of requests, impl/register, through random behaviours of spec/register/Requests.tla,
// and judges them: by that specification, and by what clients were told. Make a Judge with New and call Walk.
package requests

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"synod/conformance"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/tools/simulate/judge"
	"synod/trace"
)

// Mutants are the bugs of requests, and who must notice each.
var Mutants = []judge.Mutant{
	{Bug: paxos.ServesForgotten, Must: "CI", About: "a client that is not remembered counts as never served"},
	{Bug: paxos.IgnoresEpoch, Must: "CI", About: "a key that was deleted and forgotten serves requests of before"},
	{Bug: paxos.ForgetsMissed, Must: "CI", About: "a request that found another entry is not remembered"},
	{Bug: paxos.ResolvesWithoutNumber, Must: "CI", About: "a request that was resolved may come later still"},
	{Bug: paxos.ServesAgain, Must: "CI", About: "a request is served as often as it comes"},
	{Bug: paxos.ForgottenIsNo, Must: "CI", About: "that a request made twice is forgotten is taken for a no"},
}

// Judge keeps the specification loaded. It is safe for concurrent use.
type Judge struct {
	spec    *conformance.Spec
	headers []trace.Header
}

// clients are more than an entry remembers, so that it has to forget some.
const clients = 20

// New loads the specification at path, spec/register/Requests.tla.
func New(path string) (*Judge, error) {
	var names []string
	for x := range clients {
		names = append(names, trace.String(name(x)))
	}
	headers := []trace.Header{{Spec: "register/Requests.tla", Node: "walk", Run: 1, Constants: trace.Fields{
		{Name: "Client", JSON: trace.Set(names...)}, {Name: "Window", JSON: trace.Uint(register.Window)},
		{Name: "MaxNumber", JSON: trace.Uint(maxNumber)}, {Name: "MaxEpoch", JSON: trace.Uint(steps)},
	}}}
	spec, err := conformance.LoadSpec(path, conformance.SpecOptions{Headers: headers})
	return &Judge{spec, headers}, err
}

func name(x int) string { return fmt.Sprintf("x%d", x+1) }

// A walk is so long, and so often does a client ask at most.
const (
	steps     = 200
	maxNumber = 40
)

// Walk takes a walk and tells what the checkers object to, C for the specification and I for its invariants.
func (j *Judge) Walk(ctx context.Context, seed uint64, bugs paxos.Bugs) (map[judge.Checker]string, error) {
	w := &walk{random: rand.New(rand.NewPCG(seed, 1)), bugs: bugs, clock: trace.NewClock("walk", 1, 0), effects: map[string]int{}}
	w.lively = 1 + w.random.IntN(clients)
	for range steps {
		w.step()
	}
	found := map[judge.Checker]string{}
	if text := w.objection(); text != "" {
		found["I"] = text
	}
	report, err := conformance.Replay(ctx, j.spec, j.headers, w.events, conformance.Options{Workers: 1})
	if err != nil {
		return nil, err
	}
	if report.Verdict != conformance.Conforms {
		var text strings.Builder
		if err := report.WriteText(&text); err != nil {
			return nil, err
		}
		found[judge.Conformance] = text.String()
	}
	return found, nil
}

// Hunt is judge.Judge's, for the mutants of requests.
func (j *Judge) Hunt(ctx context.Context, m judge.Mutant, first, n uint64) (map[judge.Checker]int, error) {
	caught := map[judge.Checker]int{}
	for i := uint64(0); i < n && m.Missing(caught) != ""; i++ {
		found, err := j.Walk(ctx, first+i, m.Bug)
		if err != nil {
			return caught, fmt.Errorf("%s: %w", m.Bug, err)
		}
		for c := range found {
			if caught[c] == 0 {
				caught[c] = int(i) + 1
			}
		}
	}
	return caught, nil
}

// walk is a walk under way.
type walk struct {
	random *rand.Rand
	bugs   paxos.Bugs
	clock  *trace.Clock
	events []trace.Event

	lively  int // how many clients take part
	entry   register.Entry
	epochs  uint64
	askers  [clients]asker
	open    []message
	effects map[string]int // by client and number: how often it had its effect
	told    []telling
}

// asker is a client.
type asker struct {
	asking   *register.Asking
	number   uint64
	attempts int
	at       int
	answers  []answer // to its last request
}

type message struct {
	x       int
	attempt int
	at      int // the value that the client had read
	request register.Request
}

type answer struct {
	message
	verdict register.Verdict
}

type telling struct {
	call    string
	outcome paxos.Outcome
}

// step takes one step that is possible.
func (w *walk) step() {
	x := w.random.IntN(w.lively)
	c := &w.askers[x]
	switch k := w.random.IntN(100); {
	case k == 0:
		w.forget()
	case k < 45 && len(w.open) > 0:
		w.serve(w.random.IntN(len(w.open)))
	case c.asking == nil:
		w.ask(x)
	case len(c.answers) > 0 && k < 80:
		w.hear(x, c.answers[w.random.IntN(len(c.answers))])
	case c.asking.Request().Resolves:
	case c.attempts == 1 && k < 90:
		w.askAgain(x)
	case c.number < maxNumber:
		w.resolve(x)
	}
}

func (w *walk) ask(x int) {
	c := &w.askers[x]
	if c.number+1 >= maxNumber {
		return
	}
	if w.entry.Memory == "" {
		w.epochs++
		w.apply(register.Birth{Epoch: w.epochs})
	}
	to := register.Entry{Exists: true, Value: []byte("1")}
	if w.value() == 1 {
		to = register.Entry{}
	}
	c.number++
	asking, err := register.Ask(uint64(x+1), c.number, w.entry, to, w.bugs)
	if err != nil {
		panic(err)
	}
	c.asking, c.at, c.attempts, c.answers = asking, w.value(), 0, nil
	w.send(x)
	w.record("Ask", trace.Field{Name: "x", JSON: trace.String(name(x))})
}

func (w *walk) askAgain(x int) {
	w.send(x)
	w.record("AskAgain", trace.Field{Name: "x", JSON: trace.String(name(x))})
}

func (w *walk) resolve(x int) {
	c := &w.askers[x]
	c.asking.Resolve()
	c.number++
	c.attempts, c.answers = 0, nil
	w.send(x)
	w.record("Resolve", trace.Field{Name: "x", JSON: trace.String(name(x))})
}

func (w *walk) send(x int) {
	c := &w.askers[x]
	c.attempts++
	q := c.asking.Attempt()
	q.Bugs = w.bugs
	w.open = append(w.open, message{x, c.attempts, c.at, q})
}

func (w *walk) serve(i int) {
	m := w.open[i]
	w.open = append(w.open[:i:i], w.open[i+1:]...)
	before := w.value()
	_, verdict, err := m.request.Serve(w.entry)
	if err != nil {
		panic(err)
	}
	w.apply(m.request)
	if w.value() != before {
		w.effects[call(m.x, m.request.Number)]++
	}
	if m.request.Number == w.askers[m.x].number {
		c := &w.askers[m.x]
		c.answers = append(c.answers, answer{m, verdict})
	}
	w.record("Serve", trace.Field{Name: "m", JSON: m.json()})
}

func (w *walk) hear(x int, a answer) {
	c := &w.askers[x]
	number := c.number
	if a.request.Resolves {
		number--
	}
	outcome := c.asking.Hear(a.verdict)
	w.told = append(w.told, telling{call(x, number), outcome})
	c.asking, c.answers = nil, nil
	w.record("Hear", trace.Field{Name: "x", JSON: trace.String(name(x))},
		trace.Field{Name: "a", JSON: `{"request":` + a.json() + `,"verdict":` + trace.String(string(a.verdict)) + `}`},
		trace.Field{Name: "o", JSON: trace.String(words[outcome])})
}

// words are the specification's for outcomes.
var words = map[paxos.Outcome]string{paxos.Satisfied: "yes", paxos.Rejected: "no", paxos.Unknown: "unknown"}

func (w *walk) forget() {
	if w.entry.State() == "" {
		return
	}
	w.entry = register.Entry{}
	w.record("Forget")
}

// apply has the register change, in the form in which acceptors keep it.
func (w *walk) apply(c paxos.Change) {
	s, err := c.Apply(w.entry.State())
	if err == nil {
		w.entry, err = register.ParseEntry(s)
	}
	if err != nil {
		panic(err)
	}
}

func (w *walk) value() int { return len(w.entry.Value) }

func call(x int, number uint64) string { return fmt.Sprintf("%s/%d", name(x), number) }

// objection tells which of the specification's invariants does not hold; "" is none.
func (w *walk) objection() string {
	for call, n := range w.effects {
		if n > 1 {
			return fmt.Sprintf("NoneTwice: %s had its effect %d times", call, n)
		}
	}
	for _, t := range w.told {
		if n := w.effects[t.call]; t.outcome == paxos.Satisfied && n != 1 || t.outcome == paxos.Rejected && n != 0 {
			return fmt.Sprintf("ToldTheTruth: %s had its effect %d times, and its client was told %s", t.call, n, t.outcome)
		}
	}
	return ""
}

func (w *walk) record(action string, args ...trace.Field) {
	p, err := w.entry.Position()
	if err != nil {
		panic(err)
	}
	e := trace.Event{Action: action, Args: args, Vars: trace.Fields{
		{Name: "state.value", JSON: trace.Uint(uint64(w.value()))}, {Name: "state.epoch", JSON: trace.Uint(p.Epoch)},
		{Name: "state.version", JSON: trace.Uint(p.Version)},
	}}
	w.clock.Stamp(&e)
	w.events = append(w.events, e)
}

// json gives the message as the specification's record.
func (m message) json() string {
	return fmt.Sprintf(`{"client":%s,"number":%d,"position":{"epoch":%d,"version":%d,"at":%d},"attempt":%d,"resolves":%t}`,
		trace.String(name(m.x)), m.request.Number, m.request.Position.Epoch, m.request.Position.Version, m.at, m.attempt, m.request.Resolves)
}
