// Monitoring: a replay that goes on while events come, in bounded memory.

package conformance

import (
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"synod/conformance/tla"
	"synod/trace"
)

// MonitorOptions bound a Monitor.
type MonitorOptions struct {
	Options       // Workers, Reorder, Timeout and Progress mean nothing here
	Sample  int   // look at one of so many instances, chosen by a hash of the name; 0 and 1 are all of them
	Memory  int64 // about how many bytes values and events may take before instances are summarised; 0 is 256 MB
}

// Monitor replays events one by one, in causal order (see trace.Online). Of each instance it keeps the states that are
// possible, which is all that its future depends on, and the last few events, to say why something is wrong. When the values
// take more memory than allowed, every instance becomes a summary in a temporary file, and is opened again when its next
// event comes. So memory holds what is live: the states of instances at work, and a line for each of the others.
//
// A Monitor gives back memory that everything in the process shares: while one is in use, nothing else in the process may
// use the engine (conformance/tla). It is not safe for concurrent use.
type Monitor struct {
	*replay
	opts    MonitorOptions
	first   *trace.Header
	memory  *tla.Memory
	machine *tla.Machine
	binder  *binder
	watched map[string]*watched
	order   []*watched // as they came
	spill   spill
	limit   int64 // of the memory in use at which all is summarised
	epoch   int   // how often that happened
	kept    int64 // events in the tails

	events, skipped, explained, hiddenSteps, largest int

	tally      tally
	violations []Violation
	unfinished []Unfinished
	coverage   *Coverage // its counts of refused steps
}

// watched is an instance.
type watched struct {
	count  int            // events so far
	states []tla.State    // possible now; nil while it is a summary, and once it is decided
	base   []tla.State    // possible before the events of tail; nil while they are in the file, for longer than the rest may be
	middle []tla.State    // possible behind the first maxTail of them; nil where that is not known
	seen   summary        // what its events have shown, for hidden steps
	tail   []*trace.Event // the last events
	packed place          // of the summary
	before place          // of base
	params []string       // whose values the summary has, in its order
	counts []int          // how many of each
	epoch  int            // in which its last event came
	over   bool           // it violates, or a bound has ended its search
}

// maxTail is how many events of an instance are kept to say why the next one is wrong.
const maxTail = 64

// eventBytes is about what an event takes that is kept.
const eventBytes = 1 << 10

// leastRoom is how much may be made, in bytes, before all is summarised again: each of the heap's many blocks is begun anew.
const leastRoom = 32 << 20

// NewMonitor begins a replay. headers are those known so far, one at least.
func NewMonitor(spec *Spec, headers []trace.Header, opts MonitorOptions) (*Monitor, error) {
	opts.Options = opts.withDefaults()
	if opts.Memory == 0 {
		opts.Memory = 256 << 20
	}
	m := &Monitor{replay: &replay{spec: spec, opts: opts.Options, hidden: map[string][]string{}}, opts: opts,
		watched: map[string]*watched{}, tally: newTally(), limit: opts.Memory}
	if len(headers) == 0 {
		return nil, fmt.Errorf("a trace without a header")
	}
	m.first = &headers[0]
	m.binder = newBinder(spec, headers[:1])
	m.nodes = m.binder.text
	for i := range headers {
		if err := m.Header(&headers[i]); err != nil {
			return nil, err
		}
	}
	if err := m.bindUnlogged(); err != nil {
		return nil, err
	}
	if err := m.bindPoints(); err != nil {
		return nil, err
	}
	var err error
	if m.initial, err = spec.Model.NewMachine().Init(); err != nil {
		return nil, err
	}
	if m.memory, err = tla.NewMemory(spec.Model); err != nil {
		return nil, err
	}
	m.machine = spec.Model.NewMachine()
	m.coverage = m.replay.coverage(m.Report(), m.tally)
	return m, nil
}

// Header takes note that a run of a node begins. Its constants must be those of the first header.
func (m *Monitor) Header(h *trace.Header) error {
	if _, _, err := headerConstants([]trace.Header{*m.first, *h}); err != nil {
		return err
	}
	if len(h.Hidden) > 0 {
		m.hidden[h.Node] = h.Hidden
	}
	return nil
}

// Close gives back the temporary file.
func (m *Monitor) Close() { m.spill.close() }

// Violations lists what was found so far, with all details.
func (m *Monitor) Violations() []Violation { return m.violations }

// Events is how many events came, those of instances that are not looked at included.
func (m *Monitor) Events() int { return m.events + m.skipped }

// Add replays an event. The error is as that of Replay; a violation is found in Violations.
func (m *Monitor) Add(e *trace.Event) error {
	if !m.chosen(e.Instance) {
		m.skipped++
		return nil
	}
	m.events++
	s, err := m.binder.bind(e)
	if err != nil {
		return err
	}
	w, err := m.find(e.Instance)
	if err != nil || w.over {
		return err
	}
	w.count++
	if err := m.step(w, &s); err != nil {
		return err
	}
	if m.memory.Used()+eventBytes*m.kept > m.limit {
		return m.summarise()
	}
	return nil
}

// chosen reports whether an instance is looked at. It depends on the name alone, so that every run and every machine
// chooses the same ones.
func (m *Monitor) chosen(instance string) bool {
	if m.opts.Sample <= 1 {
		return true
	}
	h := fnv.New64a()
	h.Write([]byte(instance))
	x := h.Sum64()
	x ^= x >> 32 // the last letters of names are much alike
	x *= 0xd6e8feb86659fd93
	x ^= x >> 32
	return x%uint64(m.opts.Sample) == 0
}

// step takes an event of an instance.
func (m *Monitor) step(w *watched, s *step) error {
	t := tracker{replay: m.replay, machine: m.machine, candidates: w.states}
	w.seen.note(s) // also before any node has said that it has hidden steps: its header may come late
	err := t.take(s, w.seen)
	limited, err := limitOrError(err)
	switch {
	case err != nil:
		return atEvent(s.event, err)
	case limited != "":
		m.unfinished = append(m.unfinished, Unfinished{s.event, limited})
		w.end()
		return nil
	}
	m.largest = max(m.largest, len(t.before), len(t.candidates))
	if len(t.candidates) == 0 {
		return m.violated(w, s.event)
	}
	m.explained++
	m.hiddenSteps += t.hiddenSteps
	if err := t.count(&m.tally, t.before, s); err != nil {
		return atEvent(s.event, err)
	}
	w.states = t.candidates
	m.kept += w.remember(s.event)
	return nil
}

// remember appends the event that led to the states; where there are many, the older half goes. It gives by how many there
// are more.
func (w *watched) remember(e *trace.Event) int64 {
	before := len(w.tail)
	w.tail = append(w.tail, e)
	switch {
	case len(w.tail) == maxTail:
		w.middle = w.states
	case len(w.tail) >= 2*maxTail && w.middle != nil:
		w.base, w.middle = w.middle, w.states
		w.tail = slices.Clone(w.tail[maxTail:])
	case len(w.tail) >= 2*maxTail:
		w.base, w.tail = w.states, nil
	}
	return int64(len(w.tail) - before)
}

func (w *watched) end() {
	w.over, w.states, w.base, w.middle, w.seen, w.tail = true, nil, nil, nil, nil, nil
}

// maxDetailed bounds for how many violations all details are found.
const maxDetailed = 20

// violated says why the event is no step from any of the states before it, as far back as events are kept.
func (m *Monitor) violated(w *watched, e *trace.Event) error {
	v := Violation{Event: e, Number: w.count, Of: w.count, index: len(m.violations)}
	if len(m.violations) < maxDetailed {
		if err := m.explain(w, &v); err != nil {
			return err
		}
	}
	m.violations = append(m.violations, v)
	w.end()
	return nil
}

// explain finds the details of a violation. They are made of values that are to stay, so all others are given back first,
// and the memory is marked anew afterwards.
func (m *Monitor) explain(w *watched, v *Violation) error {
	if err := m.summarise(); err != nil {
		return err
	}
	if err := m.open(w); err != nil {
		return err
	}
	if err := m.openBase(w); err != nil {
		return err
	}
	var steps []step
	for _, e := range append(slices.Clip(w.tail), v.Event) {
		s, err := m.binder.bind(e)
		if err != nil {
			return err
		}
		steps = append(steps, s)
	}
	r := m.replay.from(w.base)
	if w.count > len(steps) {
		r.earlier, v.From = w.seen, steps[0].event
	}
	last := len(steps) - 1
	t := tracker{replay: r, machine: m.machine, candidates: w.states}
	if err := t.take(&steps[last], r.past(steps)); err != nil {
		return atEvent(v.Event, err)
	}
	v.Candidates = len(t.before)
	if err := r.investigate(v, steps, t.before); err != nil {
		return err
	}
	r.refuse(m.coverage, &v.Nearest)
	var err error
	m.memory, err = tla.NewMemory(m.spec.Model)
	return err
}

// find gives an instance and its states.
func (m *Monitor) find(name string) (*watched, error) {
	w := m.watched[name]
	if w == nil {
		w = &watched{states: m.initial, base: m.initial, seen: summary{}}
		m.watched[name] = w
		m.order = append(m.order, w)
	}
	w.epoch = m.epoch
	if w.over || w.states != nil {
		return w, nil
	}
	return w, m.open(w)
}

// open makes an instance of a summary.
func (m *Monitor) open(w *watched) error {
	packed, err := m.spill.take(w.packed)
	if err != nil {
		return err
	}
	states, values, err := m.memory.Unpack(packed, sum(w.counts))
	if err != nil {
		return err
	}
	w.states = states
	if len(w.tail) == 0 {
		w.base = states
	}
	w.seen = summary{}
	for i, param := range w.params {
		n := w.counts[i]
		w.seen[param], values = slices.Clone(values[:n]), values[n:]
	}
	return nil
}

// openBase gets the states before the last events from the file: only what explains a violation asks for them.
func (m *Monitor) openBase(w *watched) error {
	if w.base != nil {
		return nil
	}
	packed, err := m.spill.take(w.before)
	if err == nil {
		w.base, _, err = m.memory.Unpack(packed, 0)
	}
	w.before = place{}
	return err
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// summarise makes every instance a summary and gives back all values.
func (m *Monitor) summarise() error {
	var alive []*place
	m.kept = 0
	written := m.spill.size
	for _, w := range m.order {
		switch {
		case w.over:
			continue
		case w.states != nil:
			if err := m.pack(w); err != nil {
				return err
			}
		}
		if w.epoch < m.epoch { // idle for as long: it is opened without its last events
			m.spill.drop(w.before)
			w.tail, w.before = nil, place{}
		}
		m.kept += int64(len(w.tail))
		alive = append(alive, &w.packed)
		if len(w.tail) > 0 {
			alive = append(alive, &w.before)
		}
	}
	packed := m.spill.size - written
	if m.spill.wasteful() {
		if err := m.spill.compact(alive); err != nil {
			return err
		}
	}
	m.memory.Release()
	m.machine = m.spec.Model.NewMachine()
	m.binder = newBinder(m.spec, []trace.Header{*m.first})
	// Where what is live fills the memory, it must be allowed more: otherwise all time would go into opening and closing.
	m.limit = max(m.opts.Memory, eventBytes*m.kept+max(16*packed, m.opts.Memory/2, leastRoom))
	m.epoch++
	return nil
}

func (m *Monitor) pack(w *watched) error {
	w.params, w.counts = nil, nil
	var values []tla.Value
	for _, param := range slices.Sorted(maps.Keys(w.seen)) {
		w.params, w.counts = append(w.params, param), append(w.counts, len(w.seen[param]))
		values = append(values, w.seen[param]...)
	}
	var err, baseErr error
	w.packed, err = m.spill.put(m.memory.Pack(w.states, values))
	if w.base != nil {
		m.spill.drop(w.before)
		w.before = place{}
		if len(w.tail) > 0 {
			w.before, baseErr = m.spill.put(m.memory.Pack(w.base, nil))
		}
	}
	w.states, w.base, w.middle, w.seen = nil, nil, nil, nil
	return errors.Join(err, baseErr)
}

// Report is the verdict so far.
func (m *Monitor) Report() *Report {
	rep := &Report{Spec: m.spec.Path, spec: m.spec, Verdict: Conforms, Events: m.events, Explained: m.explained,
		Instances: len(m.order), Largest: m.largest, Hidden: m.hiddenSteps, Violations: slices.Clone(m.violations),
		Unfinished: slices.Clone(m.unfinished), Sample: m.opts.Sample, Skipped: m.skipped}
	for _, a := range m.spec.Model.Actions() {
		rep.Actions = append(rep.Actions, ActionCount{a.Name, m.tally.fired[a.Name]})
	}
	rep.Coverage = m.replay.coverage(rep, m.tally)
	if m.coverage != nil {
		rep.Coverage.takeRefused(m.coverage)
	}
	switch {
	case len(rep.Violations) > 0:
		rep.Verdict = Violates
	case len(rep.Unfinished) > 0:
		rep.Verdict = Inconclusive
	}
	return rep
}
