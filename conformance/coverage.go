// Coverage: what traces have shown of a specification, and what no trace has.

package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"synod/conformance/tla"
	"synod/conformance/tla/syntax"
)

// Coverage says how often the parts of a specification's actions were seen in traces that it explains. The coverage of many
// replays merges.
type Coverage struct {
	Spec    string           `json:"spec"`
	Replays int              `json:"replays"`
	Events  int              `json:"events"`          // that were explained
	Largest int              `json:"largestStateSet"` // the most states in which an instance could be at one time
	Actions []ActionCoverage `json:"actions"`         // every action, in the specification's order
}

// ActionCoverage says how often an action fired, and which of its parts held when it did.
type ActionCoverage struct {
	Action string `json:"action"`
	Place  string `json:"place"` // file:line:col of its definition
	Count  int    `json:"count"`

	// Unlogged tells that steps by the action were declared to happen without being logged: that none was seen says nothing.
	Unlogged bool `json:"unlogged,omitempty"`

	// Group tells that the action only chooses among others: a step is one of theirs, and is mostly logged as that.
	Group bool `json:"group,omitempty"`

	Points []PointCoverage `json:"points"`
}

// PointCoverage is a conjunct of an action, or a disjunct of one, after definitions, LET and \\E have been flattened.
type PointCoverage struct {
	Place    string `json:"place"`
	Source   string `json:"source"`
	Operator string `json:"operator,omitempty"` // the definition it stands in, if it is not the action itself
	Held     int    `json:"held"`               // steps for which it held
	Refused  int    `json:"refused"`            // violations in which it was false in the nearest explanation

	// Excluded tells that the constants' values keep every step from it: it stands in a branch that is never taken. That it
	// never held says nothing.
	Excluded bool `json:"excluded,omitempty"`
}

// tally counts what one behaviour shows.
type tally struct {
	fired map[string]int   // steps explained, by action
	held  map[string][]int // by action with branches, by point: the steps that went through it
}

func newTally() tally { return tally{fired: map[string]int{}, held: map[string][]int{}} }

func (t *tally) add(other tally) {
	for action, n := range other.fired {
		t.fired[action] += n
	}
	for action, counts := range other.held {
		if t.held[action] == nil {
			t.held[action] = make([]int, len(counts))
		}
		for i, n := range counts {
			t.held[action][i] += n
		}
	}
}

// actionPoints are what coverage counts of an action.
type actionPoints struct {
	list     []tla.Point
	branches bool
}

func (r *replay) bindPoints() error {
	r.points = map[string]actionPoints{}
	for _, a := range r.spec.Model.Actions() {
		list, branches, err := r.spec.Model.Points(a)
		if err != nil {
			return err
		}
		r.points[a.Name] = actionPoints{list, branches}
	}
	return nil
}

// count takes note of a step from one of the states. A step by an action without branches goes through all of it: only
// the others must be looked at.
func (t *tracker) count(into *tally, from []tla.State, s *step) error {
	name := s.action.Name
	into.fired[name]++
	points := t.points[name]
	if !points.branches {
		return nil
	}
	counts := into.held[name]
	if counts == nil {
		counts = make([]int, len(points.list))
		into.held[name] = counts
	}
	for _, state := range from {
		ok, err := t.machine.Cover(state, *s.action, s.args, s.want, func(point int) { counts[point]++ })
		if ok || err != nil {
			return err
		}
	}
	return nil
}

// coverage puts the counts beside the specification's actions.
func (r *replay) coverage(rep *Report, total tally) *Coverage {
	c := &Coverage{Spec: rep.Spec, Replays: 1, Events: rep.Explained, Largest: rep.Largest}
	for _, a := range r.spec.Model.Actions() {
		entry := ActionCoverage{Action: a.Name, Place: a.Span.Start.String(), Count: total.fired[a.Name],
			Unlogged: slices.ContainsFunc(r.silent, func(s silent) bool { return s.action.Name == a.Name }), Group: a.Group}
		points := r.points[a.Name]
		for i, p := range points.list {
			point := PointCoverage{Place: p.Span.Start.String(), Source: p.Source, Operator: p.Operator, Held: entry.Count, Excluded: p.Excluded}
			if points.branches {
				point.Held = 0
				if counts := total.held[a.Name]; counts != nil {
					point.Held = counts[i]
				}
			}
			entry.Points = append(entry.Points, point)
		}
		c.Actions = append(c.Actions, entry)
	}
	return c
}

// refuse counts the conjuncts that refused a step.
func (r *replay) refuse(c *Coverage, e *tla.Explanation) {
	i := slices.IndexFunc(c.Actions, func(a ActionCoverage) bool { return a.Action == e.Action })
	if i < 0 {
		return
	}
	for _, conjunct := range e.Conjuncts {
		if conjunct.Verdict == tla.Holds {
			continue
		}
		for k, p := range r.points[e.Action].list {
			if inside(p.Span, conjunct.Span) {
				c.Actions[i].Points[k].Refused++
			}
		}
	}
}

// inside reports whether a stretch of source is a part of another, as a disjunct is of its conjunct.
func inside(part, whole syntax.Span) bool {
	if part.Start.File != whole.Start.File {
		return false
	}
	before := func(line, col, thanLine, thanCol int) bool {
		return line < thanLine || line == thanLine && col < thanCol
	}
	return !before(part.Start.Line, part.Start.Col, whole.Start.Line, whole.Start.Col) &&
		!before(whole.EndLine, whole.EndCol, part.EndLine, part.EndCol)
}

// takeRefused takes over how many steps were refused.
func (c *Coverage) takeRefused(other *Coverage) {
	for i := range c.Actions {
		for k := range c.Actions[i].Points {
			c.Actions[i].Points[k].Refused = other.Actions[i].Points[k].Refused
		}
	}
}

// Merge adds the counts of another coverage of the same specification. Where its actions are others, the specification was
// changed between the two, and that is an error.
func (c *Coverage) Merge(other *Coverage) error {
	differs := func(what string) error {
		return fmt.Errorf("the coverage is of another version of %s: %s", c.Spec, what)
	}
	if c.Spec != other.Spec {
		return fmt.Errorf("the coverage is of %s, not of %s", other.Spec, c.Spec)
	}
	if len(c.Actions) != len(other.Actions) {
		return differs("it has other actions")
	}
	for i := range c.Actions {
		a, b := &c.Actions[i], &other.Actions[i]
		if a.Action != b.Action || len(a.Points) != len(b.Points) {
			return differs("action " + a.Action + " is not the same")
		}
		for k := range a.Points {
			if p, q := &a.Points[k], &b.Points[k]; p.Place != q.Place || p.Source != q.Source {
				return differs(p.Place + " is not the same")
			}
		}
	}
	c.Replays += other.Replays
	c.Events += other.Events
	c.Largest = max(c.Largest, other.Largest)
	for i := range c.Actions {
		a, b := &c.Actions[i], &other.Actions[i]
		a.Count += b.Count
		a.Unlogged = a.Unlogged || b.Unlogged
		for k := range a.Points {
			a.Points[k].Held += b.Points[k].Held
			a.Points[k].Refused += b.Points[k].Refused
			a.Points[k].Excluded = a.Points[k].Excluded && b.Points[k].Excluded
		}
	}
	return nil
}

// Never lists the actions that never fired, and of the others the parts that never held.
func (c *Coverage) Never() (actions []string, points []PointCoverage) {
	for _, a := range c.Actions {
		switch {
		case a.Count == 0 && (a.Unlogged || a.Group):
			continue
		case a.Count == 0:
			actions = append(actions, a.Action)
			continue
		}
		for _, p := range a.Points {
			if p.Held == 0 && !p.Excluded {
				points = append(points, p)
			}
		}
	}
	return actions, points
}

// WriteJSON writes the coverage as ReadCoverage reads it.
func (c *Coverage) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Version int `json:"synodCoverage"`
		*Coverage
	}{coverageVersion, c})
}

// coverageVersion is the version of the form that WriteJSON writes.
const coverageVersion = 1

// ReadCoverage reads what WriteJSON wrote.
func ReadCoverage(r io.Reader) (*Coverage, error) {
	var in struct {
		Version int `json:"synodCoverage"`
		Coverage
	}
	if err := json.NewDecoder(r).Decode(&in); err != nil {
		return nil, fmt.Errorf("this is no coverage: %w", err)
	}
	if in.Version != coverageVersion {
		return nil, fmt.Errorf("this is no coverage of version %d", coverageVersion)
	}
	return &in.Coverage, nil
}

// WriteText writes the coverage for people: every action with its parts, and at the end what was never seen.
func (c *Coverage) WriteText(w io.Writer) error {
	p := &printer{w: w}
	p.printf("%s of %s, in %s\n", plural(c.Events, "event", "events"), c.Spec, plural(c.Replays, "replay", "replays"))
	p.ambiguity(c.Largest)
	for _, a := range c.Actions {
		if a.Count == 0 && a.Group {
			continue
		}
		p.printf("\n%8d  %s  %s\n", a.Count, a.Action, a.Place)
		for _, x := range a.Points {
			mark := ""
			if x.Refused > 0 {
				mark = "  refused " + plural(x.Refused, "step", "steps")
			}
			switch {
			case x.Excluded:
				mark += "  (excluded by the constants)"
			case x.Held == 0 && a.Count > 0:
				mark += "  <- never held"
			}
			p.printf("%8d    %s:  %s%s\n", x.Held, lineCol(x.Place), shorten(x.Source, 80), mark)
		}
	}
	p.printf("\n")
	p.never(c)
	return p.err
}

// never names what no trace has shown.
func (p *printer) never(c *Coverage) {
	actions, points := c.Never()
	if len(actions) > 0 {
		p.printf("never fired: %s\n", strings.Join(actions, ", "))
	}
	for _, x := range points {
		p.printf("never held: %s  %s\n", x.Place, shorten(x.Source, 80))
	}
	if len(actions)+len(points) == 0 {
		p.printf("every action that is logged fired, and every part of each held\n")
	}
}

// ambiguity says how much the traces left open.
func (p *printer) ambiguity(largest int) {
	p.printf("at most %s possible at one time\n", plural(largest, "state was", "states were"))
}

// lineCol leaves the file out of a place.
func lineCol(place string) string {
	if parts := strings.Split(place, ":"); len(parts) > 2 {
		return strings.Join(parts[len(parts)-2:], ":")
	}
	return place
}
