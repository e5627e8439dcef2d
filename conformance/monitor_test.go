package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/trace"
)

// bank makes traces of accounts: random deposits, letters and restarts in many instances.
type bank struct {
	random  *rand.Rand
	clocks  map[string]*trace.Clock
	balance map[string]map[string]int
	letters map[string][]letter
	events  []trace.Event
}

type letter struct {
	from, to string
	amount   int
	sent     trace.ID
	clock    uint64
}

func newBank(seed uint64) *bank {
	return &bank{random: rand.New(rand.NewPCG(seed, seed)), balance: map[string]map[string]int{}, letters: map[string][]letter{},
		clocks: map[string]*trace.Clock{"ann": trace.NewClock("ann", 1, 0), "bob": trace.NewClock("bob", 1, 0)}}
}

func (b *bank) headers() []trace.Header {
	var out []trace.Header
	for _, node := range []string{"ann", "bob"} {
		out = append(out, trace.Header{Spec: "Account.tla", Node: node, Run: 1, Hidden: []string{"Deposit"},
			Constants: trace.Fields{{Name: "Owner", JSON: trace.Set(`"ann"`, `"bob"`)}}})
	}
	return out
}

func (b *bank) event(node, instance, action string, args trace.Fields, causes ...trace.ID) trace.Event {
	e := trace.Event{Instance: instance, Action: action, Args: args, Causes: causes,
		Vars: trace.Fields{{Name: "balance[" + node + "]", JSON: fmt.Sprint(b.balance[instance][node])}}}
	e.Restart = action == "Restart"
	b.clocks[node].Stamp(&e)
	b.events = append(b.events, e)
	return e
}

// step is one random step of a random instance.
func (b *bank) step(instances int) {
	instance := fmt.Sprintf("k%d", b.random.IntN(instances))
	if b.balance[instance] == nil {
		b.balance[instance] = map[string]int{"ann": 0, "bob": 0}
	}
	node, other := "ann", "bob"
	if b.random.IntN(2) == 0 {
		node, other = other, node
	}
	balance := b.balance[instance]
	owner := trace.Field{Name: "o", JSON: trace.String(node)}
	n := 1 + b.random.IntN(5)
	amount := trace.Field{Name: "n", JSON: fmt.Sprint(n)}
	switch b.random.IntN(8) {
	case 0: // a deposit that a crash leaves unrecorded
		for i := range b.events { // its amount must have been seen
			e := b.events[len(b.events)-1-i]
			if seen, ok := e.Args.Get("n"); ok && e.Instance == instance {
				fmt.Sscan(seen, &n)
				balance[node] += n
				break
			}
		}
		b.event(node, instance, "Restart", trace.Fields{owner})
	case 1, 2, 3:
		if balance[node] >= n {
			balance[node] -= n
			e := b.event(node, instance, "Send", trace.Fields{owner, amount, {Name: "to", JSON: trace.String(other)}})
			b.letters[instance] = append(b.letters[instance], letter{node, other, n, e.ID, e.Clock})
			return
		}
		fallthrough
	case 4, 5:
		balance[node] += n
		b.event(node, instance, "Deposit", trace.Fields{owner, amount})
	default:
		for i, l := range b.letters[instance] {
			if l.to == node {
				b.letters[instance] = append(b.letters[instance][:i:i], b.letters[instance][i+1:]...)
				if len(b.letters[instance]) > i && contains(b.letters[instance], l) {
					return // letters that are the same are one letter to the specification
				}
				balance[node] += l.amount
				b.clocks[node].Observe(l.clock)
				b.event(node, instance, "Receive", trace.Fields{owner, {Name: "from", JSON: trace.String(l.from)}}, l.sent)
				return
			}
		}
	}
}

func contains(list []letter, l letter) bool {
	for _, x := range list {
		if x.from == l.from && x.to == l.to && x.amount == l.amount {
			return true
		}
	}
	return false
}

func monitor(t *testing.T, headers []trace.Header, events []trace.Event, opts conformance.MonitorOptions) *conformance.Report {
	m, err := conformance.NewMonitor(loadAccount(t, headers), headers, opts)
	require.NoError(t, err)
	defer m.Close()
	for i := range events {
		require.NoError(t, m.Add(&events[i]))
	}
	return m.Report()
}

func text(t *testing.T, r *conformance.Report) string {
	var out strings.Builder
	require.NoError(t, r.WriteText(&out))
	return out.String()
}

// A Monitor that makes summaries of all instances after every event says what Replay says.
func TestMonitorAgreesWithReplay(t *testing.T) {
	violations := 0
	for seed := range uint64(12) {
		b := newBank(seed)
		for range 400 {
			b.step(5)
		}
		if seed%2 == 1 { // one value is wrong
			i := 200 + b.random.IntN(len(b.events)-200)
			b.events[i].Vars[0].JSON = "999"
		}
		headers := b.headers()
		whole, err := conformance.Replay(t.Context(), loadAccount(t, headers), headers, b.events, conformance.Options{Workers: 1})
		require.NoError(t, err)
		for _, memory := range []int64{1, 1 << 40} {
			got := monitor(t, headers, b.events, conformance.MonitorOptions{Memory: memory})
			require.Equal(t, whole.Verdict, got.Verdict, "seed %d:\n%s", seed, text(t, got))
			require.Equal(t, whole.Actions, got.Actions)
			require.Equal(t, whole.Explained, got.Explained)
			require.Equal(t, whole.Largest, got.Largest)
			require.Equal(t, whole.Hidden, got.Hidden)
			require.Equal(t, whole.Coverage, got.Coverage)
			require.Len(t, got.Violations, len(whole.Violations))
			for i := range whole.Violations {
				violations++
				require.Equal(t, whole.Violations[i].Event.ID, got.Violations[i].Event.ID)
				require.Equal(t, whole.Violations[i].Number, got.Violations[i].Number)
				require.Equal(t, whole.Violations[i].State, got.Violations[i].State)
			}
		}
	}
	require.NotZero(t, violations)
}

func TestMonitorSaysWhyAsFarBackAsItKeeps(t *testing.T) {
	b := newBank(1)
	b.balance["k"] = map[string]int{}
	for i := range 200 {
		b.balance["k"]["ann"]++
		if i == 0 {
			b.balance["k"]["bob"]++
			b.event("bob", "k", "Deposit", trace.Fields{{Name: "o", JSON: `"bob"`}, {Name: "n", JSON: "1"}})
		}
		b.event("ann", "k", "Deposit", trace.Fields{{Name: "o", JSON: `"ann"`}, {Name: "n", JSON: "1"}})
	}
	b.balance["k"]["bob"] = -1
	b.event("bob", "k", "Send", trace.Fields{{Name: "o", JSON: `"bob"`}, {Name: "n", JSON: "2"}, {Name: "to", JSON: `"ann"`}})
	r := monitor(t, b.headers(), b.events, conformance.MonitorOptions{})
	require.Equal(t, conformance.Violates, r.Verdict)
	require.Regexp(t, `why +balance\[bob\] = 1 since before event ann/1/\d+, the first that is kept`, text(t, r))
	require.Contains(t, text(t, r), "event bob/1/2 (202 of 202 of k, Send)")

	b.events[len(b.events)-1].Args[0].JSON, b.events[len(b.events)-1].Args[2].JSON = `"ann"`, `"bob"`
	b.events[len(b.events)-1].Args[1].JSON = "300"
	r = monitor(t, b.headers(), b.events, conformance.MonitorOptions{})
	require.Contains(t, text(t, r), "balance[ann] = 200 since event ann/1/200: Deposit")
}

func TestMonitorLooksAtASampleOfTheInstances(t *testing.T) {
	b := newBank(1)
	for range 5000 {
		b.step(1000)
	}
	whole := monitor(t, b.headers(), b.events, conformance.MonitorOptions{})
	once := monitor(t, b.headers(), b.events, conformance.MonitorOptions{Sample: 10})
	again := monitor(t, b.headers(), b.events, conformance.MonitorOptions{Sample: 10, Memory: 1 << 20})
	require.Equal(t, once.Instances, again.Instances, "the same ones every time")
	require.Equal(t, once.Events, again.Events)
	require.Equal(t, len(b.events), once.Events+once.Skipped)
	require.Greater(t, whole.Instances, 900)
	require.InDelta(t, whole.Instances/10, once.Instances, 40)
	require.Contains(t, text(t, once), "a sample: 1 of 10 instances was looked at")
}

func TestMonitorRefusesAHeaderOfAnotherSystem(t *testing.T) {
	b := newBank(1)
	m, err := conformance.NewMonitor(loadAccount(t, b.headers()), b.headers(), conformance.MonitorOptions{})
	require.NoError(t, err)
	defer m.Close()
	other := b.headers()[0]
	other.Constants = trace.Fields{{Name: "Owner", JSON: trace.Set(`"ann"`)}}
	require.ErrorContains(t, m.Header(&other), "constant Owner is")
	require.ErrorContains(t, m.Add(&trace.Event{Action: "Steal"}), "no action Steal")
	_, err = conformance.NewMonitor(loadAccount(t, b.headers()), nil, conformance.MonitorOptions{})
	require.ErrorContains(t, err, "without a header")
}

// The memory in use does not follow the number of events, only that of live instances.
func TestMonitorsMemoryIsBounded(t *testing.T) {
	use := func() uint64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	b := newBank(1)
	headers := b.headers()
	m, err := conformance.NewMonitor(loadAccount(t, headers), headers, conformance.MonitorOptions{Memory: 8 << 20})
	require.NoError(t, err)
	defer m.Close()
	var early, late uint64
	instance := 0
	for n := 1; n <= 60_000; n++ {
		b.events = b.events[:0]
		name := fmt.Sprint("k", instance) // each instance lives for 20 events
		if n%20 == 0 {
			delete(b.balance, name)
			instance++
			name = fmt.Sprint("k", instance)
		}
		if b.balance[name] == nil {
			b.balance[name] = map[string]int{}
		}
		b.balance[name]["ann"] += n
		e := b.event("ann", name, "Deposit", trace.Fields{{Name: "o", JSON: `"ann"`}, {Name: "n", JSON: fmt.Sprint(n)}})
		require.NoError(t, m.Add(&e))
		switch n {
		case 20_000:
			early = use()
		case 60_000:
			late = use()
		}
	}
	require.Equal(t, conformance.Conforms, m.Report().Verdict)
	require.Less(t, late, early+16<<20, "40,000 events later")
}

// Where the last events of live instances alone fill the memory, it is allowed more: one summary must not follow on the
// other, as the second finds all instances idle and forgets their last events.
func TestMonitorSummarisesSeldom(t *testing.T) {
	b := newBank(1)
	headers := b.headers()
	m, err := conformance.NewMonitor(loadAccount(t, headers), headers, conformance.MonitorOptions{Memory: 16 << 20})
	require.NoError(t, err)
	defer m.Close()
	last := 0 // the event that had all summarised
	for n := 1; n <= 40_000; n++ {
		b.events = b.events[:0]
		name := fmt.Sprint("k", b.random.IntN(400))
		if b.balance[name] == nil {
			b.balance[name] = map[string]int{}
		}
		b.balance[name]["ann"] += n
		e := b.event("ann", name, "Deposit", trace.Fields{{Name: "o", JSON: `"ann"`}, {Name: "n", JSON: fmt.Sprint(n)}})
		before := m.Summaries()
		require.NoError(t, m.Add(&e))
		if m.Summaries() > before {
			require.Greater(t, n, last+100)
			last = n
		}
	}
	require.Equal(t, conformance.Conforms, m.Report().Verdict)
	require.Positive(t, last)
}
