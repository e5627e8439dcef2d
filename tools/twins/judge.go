// TLC as the second judge: the same traces, one run for many of them.

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"synod/conformance"
	"synod/tools/synod/tlc"
	"synod/trace"
)

// judge runs TLC.
type judge struct {
	jar     string
	scratch string
	root    string // the folder of specifications
	weaker  string // the one that the checker reads instead; "" is the same
}

// ruling is the two judges' verdicts on a twin.
type ruling struct {
	twin      twin
	ours, tlc *verdict
}

// agree reports whether both say the same.
func (r *ruling) agree() bool { return r.ours.String() == r.tlc.String() }

// question is a twin with the rows that it became.
type question struct {
	ruling    *ruling
	instances map[string]*asked
}

// asked is one behaviour of a twin: its length and its rows, in the merged order and in any.
type asked struct{ length, ordered, free int }

// anyOrderUpTo is how long a behaviour may be for TLC to look for an order of it.
const anyOrderUpTo = 45

// rule has both judges look at twins of one specification with the same constants.
func (j *judge) rule(ctx context.Context, twins []twin) ([]ruling, error) {
	s, headers := twins[0].base.spec, allHeaders(twins)
	path := s.path
	if j.weaker != "" {
		path = filepath.Join(j.weaker, strings.TrimPrefix(path, j.root))
	}
	ours, err := conformance.LoadSpec(path, conformance.SpecOptions{Config: s.config, Headers: twins[0].base.headers})
	if err != nil {
		return nil, err
	}
	m, err := newModule(s, headers)
	if err != nil {
		return nil, err
	}
	rulings := make([]ruling, len(twins))
	var questions []question
	for i := range twins {
		r := &rulings[i]
		r.twin = twins[i]
		var merged []trace.Event
		if r.ours, merged, err = checked(ctx, ours, twins[i].texts(), short(twins[i].events)); err != nil {
			return nil, fmt.Errorf("%s: %w", &twins[i], err)
		}
		r.tlc = &verdict{bad: inconsistent(twins[i].files())}
		if r.tlc.bad != "" || r.ours.bad != "" {
			continue
		}
		q, err := ask(m, r, merged)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", &twins[i], err)
		}
		questions = append(questions, q)
	}
	reached, err := j.run(ctx, m)
	if err != nil {
		return nil, err
	}
	for _, q := range questions {
		q.answer(reached)
	}
	return rulings, nil
}

func allHeaders(twins []twin) []trace.Header {
	var all []trace.Header
	for i := range twins {
		all = append(all, twins[i].base.headers...)
	}
	return all
}

// short reports whether every behaviour of the events is short enough to look for orders.
func short(events []trace.Event) bool {
	lengths := map[string]int{}
	for i := range events {
		lengths[events[i].Instance]++
		if lengths[events[i].Instance] > anyOrderUpTo {
			return false
		}
	}
	return true
}

// ask puts a twin's behaviours into the module.
func ask(m *module, r *ruling, merged []trace.Event) (question, error) {
	q := question{r, map[string]*asked{}}
	byInstance := map[string][]*trace.Event{}
	for i := range merged {
		name := merged[i].Instance
		byInstance[name] = append(byInstance[name], &merged[i])
	}
	for name, events := range byInstance {
		ordered := row{queues: [][]entry{nil}}
		for _, e := range events {
			ordered.queues[0] = append(ordered.queues[0], entry{event: e})
		}
		a := &asked{length: len(events)}
		q.instances[name] = a
		var err error
		if a.ordered, err = m.add(ordered); err != nil {
			return q, err
		}
		if r.ours.never != nil {
			if a.free, err = m.add(free(events)); err != nil {
				return q, err
			}
		}
	}
	return q, nil
}

// free is the row in which only sequence and causes order the events. An empty queue keeps it apart from a row with an
// order.
func free(events []*trace.Event) row {
	r := row{queues: [][]entry{nil}}
	queueOf := map[string]int{}
	place := map[trace.ID][2]int{}
	for _, e := range events {
		k, known := queueOf[e.Node]
		if !known {
			k = len(r.queues)
			queueOf[e.Node] = k
			r.queues = append(r.queues, nil)
		}
		r.queues[k] = append(r.queues[k], entry{event: e})
		place[e.ID] = [2]int{k + 1, len(r.queues[k])}
	}
	for _, q := range r.queues {
		for i := range q {
			for _, c := range q[i].event.Causes {
				if at, inside := place[c]; inside {
					q[i].needs = append(q[i].needs, at)
				}
			}
		}
	}
	return r
}

// answer turns what TLC reached into a verdict.
func (q question) answer(reached map[int]int) {
	v := q.ruling.tlc
	v.stuck = map[string]int{}
	if q.ruling.ours.never != nil {
		v.never = map[string]bool{}
	}
	for name, a := range q.instances {
		if n := reached[a.ordered]; n < a.length {
			v.stuck[name] = n
		}
		if _, ended := reached[a.free]; v.never != nil && !ended {
			v.never[name] = true
		}
	}
}

// run gives, for each row that TLC came to, the most events that it explained; for a row without an order, 0 where it
// came to the end.
func (j *judge) run(ctx context.Context, m *module) (map[int]int, error) {
	reached := map[int]int{}
	if len(m.rows) == 0 {
		return reached, nil
	}
	folder, err := os.MkdirTemp(j.scratch, "twins-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if err := write(m, folder); err != nil {
		return nil, err
	}
	var output bytes.Buffer
	job := tlc.Job{
		Spec: filepath.Join(folder, twinModule+".tla"), Config: filepath.Join(folder, twinModule+".cfg"), Workers: 1, NoDeadlock: true,
	}
	result, err := tlc.Run(ctx, j.jar, job, &output)
	if err != nil {
		return nil, err
	}
	if result.Code != 0 {
		return nil, fmt.Errorf("TLC ends with %d on the twins of %s:\n%s", result.Code, m.spec.name, tail(output.Bytes()))
	}
	for line := range bytes.Lines(output.Bytes()) {
		var row, at int
		if n, _ := fmt.Sscanf(string(line), `<<"TWIN", %d, %d>>`, &row, &at); n == 2 {
			reached[row] = max(reached[row], at)
		}
	}
	return reached, nil
}

// write puts the module, its configuration and the specification's modules into a folder.
func write(m *module, folder string) error {
	text, err := m.text()
	if err != nil {
		return err
	}
	config, err := m.configuration()
	if err != nil {
		return err
	}
	files := map[string]string{twinModule + ".tla": text, twinModule + ".cfg": config}
	modules, err := filepath.Glob(filepath.Join(filepath.Dir(m.spec.path), "*.tla"))
	if err != nil {
		return err
	}
	for _, path := range modules {
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files[filepath.Base(path)] = string(source)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func tail(output []byte) []byte { return output[max(0, len(output)-3000):] }

// inconsistent says why no trace can be made of the files, or "". It is told apart from package trace on purpose: a
// sequence that is not 1, 2, 3, ... in each run, a cause that no file has, and causes in a circle.
func inconsistent(files []*trace.File) string {
	last := map[string]map[uint64]uint64{}
	before := map[trace.ID][]trace.ID{}
	for _, f := range files {
		var previous trace.ID
		for _, e := range f.Events {
			if last[e.Node] == nil {
				last[e.Node] = map[uint64]uint64{}
			}
			if e.Seq != last[e.Node][e.Run]+1 {
				return "a gap in the sequence"
			}
			last[e.Node][e.Run] = e.Seq
			before[e.ID] = slices.Clone(e.Causes)
			if !previous.IsZero() {
				before[e.ID] = append(before[e.ID], previous)
			}
			previous = e.ID
		}
	}
	for _, causes := range before {
		for _, c := range causes {
			if _, known := before[c]; !known {
				return "a cause that is not there"
			}
		}
	}
	for removed := true; removed && len(before) > 0; {
		removed = false
		for id, causes := range before {
			if !slices.ContainsFunc(causes, func(c trace.ID) bool { _, left := before[c]; return left }) {
				delete(before, id)
				removed = true
			}
		}
	}
	if len(before) > 0 {
		return "causes in a circle"
	}
	return ""
}
