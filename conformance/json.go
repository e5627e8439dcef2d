// JSON: a report as programs read it.

package conformance

import (
	"encoding/json"
	"io"

	"synod/conformance/tla"
)

type reportJSON struct {
	Spec       string          `json:"spec"`
	Verdict    Verdict         `json:"verdict"`
	Events     int             `json:"events"`
	Explained  int             `json:"explained"`
	Instances  int             `json:"instances"`
	Actions    map[string]int  `json:"actions"`
	Largest    int             `json:"largestStateSet"`
	Hidden     int             `json:"hiddenSteps"`
	Reordered  int             `json:"reordered,omitempty"`
	Late       int             `json:"late,omitempty"`
	Held       int             `json:"held,omitempty"`
	Sample     int             `json:"sample,omitempty"` // one of so many instances
	Skipped    int             `json:"skipped,omitempty"`
	Never      neverJSON       `json:"never"`
	Violations []violationJSON `json:"violations,omitempty"`
	Unfinished []unfinished    `json:"unfinished,omitempty"`
}

type violationJSON struct {
	Event    string         `json:"event"`
	Place    string         `json:"place"`
	Source   string         `json:"source,omitempty"`
	Instance string         `json:"instance,omitempty"`
	Action   string         `json:"action"`
	Number   int            `json:"number"`
	Of       int            `json:"of"`
	Nearest  []conjunctJSON `json:"conjuncts,omitempty"`
	State    []Part         `json:"state,omitempty"`
	Since    []sinceJSON    `json:"since,omitempty"`
	Tested   []testedJSON   `json:"tested,omitempty"`
	Others   []otherJSON    `json:"others,omitempty"`

	Candidates int    `json:"candidates"` // states that were possible before
	Restarted  string `json:"restarted,omitempty"`
	OtherOrder bool   `json:"legalInAnotherOrder,omitempty"`

	Blocked []string `json:"blocked,omitempty"` // with -reorder: events that come next at other nodes and are no steps either
}

// neverJSON is what the trace has not shown.
type neverJSON struct {
	Fired []string `json:"fired"` // actions
	Held  []string `json:"held"`  // places of parts of actions that did fire
}

// testedJSON is a replay without one event.
type testedJSON struct {
	Without string `json:"without"`
	Broken  string `json:"broken,omitempty"` // the first event that is no legal step then; none: the violating one is legal
}

type otherJSON struct {
	Action string `json:"action"`
	Held   int    `json:"held"`
	Of     int    `json:"of"`
}

type conjunctJSON struct {
	Place  string `json:"place"`
	Source string `json:"source"`
	Holds  bool   `json:"holds"`
	Detail string `json:"detail,omitempty"`
}

type sinceJSON struct {
	Path  string `json:"path"`
	Value string `json:"value"`
	Event string `json:"event,omitempty"` // none: since the initial state
}

type unfinished struct {
	Event  string `json:"event"`
	Place  string `json:"place"`
	Reason string `json:"reason"`
}

// WriteJSON writes the report as one JSON object. Only the first violation has its conjuncts, state and since.
func (r *Report) WriteJSON(w io.Writer) error {
	out := reportJSON{Spec: r.Spec, Verdict: r.Verdict, Events: r.Events, Explained: r.Explained,
		Instances: r.Instances, Actions: map[string]int{}, Largest: r.Largest, Hidden: r.Hidden}
	out.Reordered, out.Late, out.Held, out.Sample, out.Skipped = r.Reordered, r.Late, r.Held, r.Sample, r.Skipped
	fired, held := r.Coverage.Never()
	out.Never = neverJSON{append([]string{}, fired...), []string{}}
	for _, p := range held {
		out.Never.Held = append(out.Never.Held, p.Place)
	}
	for _, a := range r.Actions {
		out.Actions[a.Action] = a.Count
	}
	for i := range r.Violations {
		out.Violations = append(out.Violations, violationToJSON(&r.Violations[i]))
	}
	for _, u := range r.Unfinished {
		out.Unfinished = append(out.Unfinished, unfinished{u.Event.ID.String(), u.Event.Place.String(), u.Reason})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func violationToJSON(v *Violation) violationJSON {
	e := v.Event
	out := violationJSON{Event: e.ID.String(), Place: e.Place.String(), Source: e.Source, Instance: e.Instance,
		Action: e.Action, Number: v.Number, Of: v.Of, State: v.State}
	for i := range v.Nearest.Conjuncts {
		c := &v.Nearest.Conjuncts[i]
		j := conjunctJSON{Place: c.Span.Start.String(), Source: c.Source, Holds: c.Verdict == tla.Holds}
		if !j.Holds {
			j.Detail = fate(c)
		}
		out.Nearest = append(out.Nearest, j)
	}
	for _, s := range v.Since {
		j := sinceJSON{Path: s.Path, Value: s.Value}
		if s.Event != nil {
			j.Event = s.Event.ID.String()
		}
		out.Since = append(out.Since, j)
	}
	for _, t := range v.Tested {
		j := testedJSON{Without: t.Without.ID.String()}
		if t.Broken != nil {
			j.Broken = t.Broken.ID.String()
		}
		out.Tested = append(out.Tested, j)
	}
	for i := range v.Others {
		out.Others = append(out.Others, otherJSON{bound(v.Others[i]), v.Others[i].Held, len(v.Others[i].Conjuncts)})
	}
	for i := range v.Blocked {
		out.Blocked = append(out.Blocked, v.Blocked[i].Event.ID.String())
	}
	if v.Restarted != nil {
		out.Restarted = v.Restarted.ID.String()
	}
	out.OtherOrder, out.Candidates = v.OtherOrder, v.Candidates
	return out
}
