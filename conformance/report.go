// Reports: the verdict on a trace and the figures beside it.

package conformance

import (
	"slices"
	"time"

	"synod/conformance/tla"
	"synod/trace"
)

// Verdict is what a replay found.
type Verdict string

// The three verdicts. Inconclusive is no pass: a bound ended the search before it found an answer.
const (
	Conforms     Verdict = "conforms"
	Violates     Verdict = "violates"
	Inconclusive Verdict = "inconclusive"
)

// Report is the result of a replay.
type Report struct {
	Spec       string // the specification's path
	Verdict    Verdict
	Events     int           // in the trace
	Explained  int           // events that were found to be steps of the specification
	Instances  int           // behaviours
	Actions    []ActionCount // every action of the specification, in its order, those that never fired too
	Largest    int           // the largest set of states in which an instance could be: how much the trace leaves open
	Reordered  int           // with Options.Reorder: events that had to be taken before others that stand before them
	Hidden     int           // steps that a crash left unrecorded, and that the search supplied
	Violations []Violation   // one for each instance that violates, in the order of the trace; the first has its details
	Unfinished []Unfinished  // instances whose search was given up
	Sample     int           // of a Monitor: one of so many instances was looked at; 0 and 1 are all
	Late       int           // of a live trace: events that came after others with larger clocks had been taken
	Held       int           // of a live trace: events that wait for a cause at the end
	Skipped    int           // events of instances that were not looked at
	Coverage   *Coverage     // which parts of the actions were seen, and how much the trace leaves open
	spec       *Spec
}

// ActionCount says how often an action fired.
type ActionCount struct {
	Action string
	Count  int
}

// Unfinished is an instance whose search a bound has ended.
type Unfinished struct {
	Event  *trace.Event // the first one that was not decided
	Reason string
}

func (r *replay) report(events []trace.Event, behaviours []behaviour, results []outcome) (*Report, error) {
	rep := &Report{Spec: r.spec.Path, spec: r.spec, Verdict: Conforms, Events: len(events), Instances: len(behaviours)}
	total := newTally()
	for i, out := range results {
		rep.Explained += out.taken
		rep.Largest = max(rep.Largest, out.largest)
		rep.Hidden += out.hidden
		rep.Reordered += out.reordered
		total.add(out.tally)
		b := behaviours[i]
		switch {
		case out.failed:
			rep.Violations = append(rep.Violations, Violation{Event: b.steps[out.stuck].event,
				Number: out.stuck + 1, Of: len(b.steps), Candidates: len(out.candidates), index: i})
		case out.inconclusive != "":
			rep.Unfinished = append(rep.Unfinished, Unfinished{b.steps[out.stuck].event, out.inconclusive})
		}
	}
	for _, a := range r.spec.Model.Actions() {
		rep.Actions = append(rep.Actions, ActionCount{a.Name, total.fired[a.Name]})
	}
	rep.Coverage = r.coverage(rep, total)
	switch {
	case len(rep.Violations) > 0:
		rep.Verdict = Violates
		r.end = time.Time{} // to say why takes time, too
		place := eventOrder(events)
		slices.SortFunc(rep.Violations, func(a, b Violation) int { return place[a.Event] - place[b.Event] })
		first := &rep.Violations[0]
		steps, candidates := results[first.index].prefix(behaviours[first.index].steps)
		if err := r.investigate(first, steps, candidates); err != nil {
			return nil, err
		}
		if r.opts.Reorder {
			if err := r.blocked(first, behaviours[first.index].steps, &results[first.index]); err != nil {
				return nil, err
			}
		}
		first.OtherOrder = r.otherOrder(behaviours[first.index].steps, results[first.index].stuck)
		r.refuse(rep.Coverage, &first.Nearest)
	case len(rep.Unfinished) > 0:
		rep.Verdict = Inconclusive
	}
	return rep, nil
}

// Undecided adds events that were not decided. They make a verdict that would be good inconclusive.
func (r *Report) Undecided(list []Unfinished) {
	r.Unfinished = append(r.Unfinished, list...)
	if r.Verdict == Conforms && len(r.Unfinished) > 0 {
		r.Verdict = Inconclusive
	}
}

// prefix gives the steps up to the one that was not explained, in the order in which they were taken, and the states
// before that one.
func (o *outcome) prefix(steps []step) ([]step, []tla.State) {
	if o.order == nil {
		return steps[:o.stuck+1], o.candidates
	}
	var out []step
	for _, i := range o.order {
		out = append(out, steps[i])
	}
	return append(out, steps[o.stuck]), o.candidates
}

func eventOrder(events []trace.Event) map[*trace.Event]int {
	place := make(map[*trace.Event]int, len(events))
	for i := range events {
		place[&events[i]] = i
	}
	return place
}
