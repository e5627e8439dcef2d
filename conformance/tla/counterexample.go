// Counterexamples in formats for other programs: ITF, and JSON with all that a check found.

package tla

import (
	"encoding/json"
	"io"
	"slices"
)

// encoded is a list of names with values as a JSON object that keeps their order.
type encoded []Binding

func (e encoded) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, x := range e {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(x.Name)
		if err != nil {
			return nil, err
		}
		b = append(append(b, name...), ':')
		text := []byte("null")
		if x.Value != 0 {
			if text, err = x.Value.MarshalJSON(); err != nil {
				return nil, err
			}
		}
		b = append(b, text...)
	}
	return append(b, '}'), nil
}

// stepPlace is where an action stands.
type stepPlace struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Col     int    `json:"col"`
	EndLine int    `json:"endLine"`
	EndCol  int    `json:"endCol"`
}

// stepAction is the action by which a state was reached.
type stepAction struct {
	Name  string    `json:"name"`
	Args  encoded   `json:"args"`
	Place stepPlace `json:"place"`
}

func (s Step) action() stepAction {
	p := s.Span
	return stepAction{s.Action, encoded(s.Args), stepPlace{p.Start.File, p.Start.Line, p.Start.Col, p.EndLine, p.EndCol}}
}

// WriteITF writes the behaviour in the Informal Trace Format. Without a behaviour it has no states.
func (r *Result) WriteITF(w io.Writer) error {
	type meta map[string]any
	out := struct {
		Meta   meta              `json:"#meta"`
		Params []string          `json:"params"`
		Vars   []string          `json:"vars"`
		States []json.RawMessage `json:"states"`
		Loop   *int              `json:"loop,omitempty"`
	}{Meta: meta{"format": "ITF", "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html", "description": r.Message},
		Params: []string{}, Vars: []string{}, States: []json.RawMessage{}}
	for i, s := range r.Behavior {
		for _, b := range s.Shown {
			if !slices.Contains(out.Vars, b.Name) {
				out.Vars = append(out.Vars, b.Name)
			}
		}
		m, err := json.Marshal(meta{"index": i, "action": s.action()})
		if err != nil {
			return err
		}
		state, err := json.Marshal(encoded(s.Shown))
		if err != nil {
			return err
		}
		text := append([]byte(`{"#meta":`), m...)
		if len(s.Shown) > 0 {
			text = append(text, ',')
		}
		out.States = append(out.States, append(text, state[1:]...))
	}
	if r.Verdict == Liveness && len(r.Behavior) > 0 {
		loop := r.Loop
		if loop < 0 {
			loop = len(r.Behavior) - 1 // it stutters
		}
		out.Loop = &loop
	}
	return writeJSON(w, out)
}

var verdictNames = [...]string{"ok", "assumption", "deadlock", "safety", "liveness", "failed", "postcondition"}

// String names the verdict as WriteJSON does.
func (v CheckVerdict) String() string { return verdictNames[v] }

// state is a behaviour's in JSON.
type state struct {
	Index   int        `json:"index"`
	Action  stepAction `json:"action"`
	State   encoded    `json:"state"`
	Changed []string   `json:"changed"`
}

// violation is one that the check went on after in JSON.
type violation struct {
	Property string  `json:"property"`
	Message  string  `json:"message"`
	Count    int64   `json:"count"`
	Behavior []state `json:"behavior"`
}

// WriteJSON writes the verdict, the figures and the behaviours. Values are encoded as in ITF.
func (r *Result) WriteJSON(w io.Writer) error {
	out := struct {
		Verdict   string        `json:"verdict"`
		Code      int           `json:"code"`
		Property  string        `json:"property,omitempty"`
		Message   string        `json:"message,omitempty"`
		Error     string        `json:"error,omitempty"`
		Generated int64         `json:"generated"`
		Distinct  int64         `json:"distinct"`
		Queue     int64         `json:"queue"`
		Depth     int           `json:"depth"`
		Behavior  []state       `json:"behavior"`
		Loop      int           `json:"loop"` // -1 is none
		Coverage  []ActionCount `json:"coverage,omitempty"`
		Notes     []string      `json:"notes,omitempty"`

		Violations []violation `json:"violations,omitempty"`
	}{r.Verdict.String(), r.Code, r.Property, r.Message, "", r.Generated, r.Distinct, r.Queue, r.Depth, statesOf(r.Behavior), r.Loop, r.Coverage, r.Notes, nil}
	if r.Err != nil {
		out.Error = r.Err.Error()
	}
	for _, v := range r.Violations {
		out.Violations = append(out.Violations, violation{v.Property, v.Message, v.Count, statesOf(v.Behavior)})
	}
	return writeJSON(w, out)
}

// statesOf are a behaviour's, for WriteJSON.
func statesOf(behavior []Step) []state {
	list := []state{}
	for i, s := range behavior {
		changed := s.Changed
		if changed == nil {
			changed = []string{}
		}
		list = append(list, state{i + 1, s.action(), encoded(s.Shown), changed})
	}
	return list
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}
