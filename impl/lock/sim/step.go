// Steps: what the log does, as the two specifications have it, and how they are recorded.

package sim

import (
	"fmt"
	"strconv"
	"strings"

	"synod/impl/lock"
	"synod/trace"
)

// recorder writes a behaviour. All steps have their place in one order, which is that of the run.
type recorder struct {
	spec      string
	constants trace.Fields
	files     []*trace.File
	clock     uint64
}

func newRecorder(spec string, constants trace.Fields) *recorder {
	return &recorder{spec: spec, constants: constants}
}

// step records an action of a node.
func (r *recorder) step(node, action string, args, vars trace.Fields) {
	r.clock++
	f := r.file(node)
	f.Events = append(f.Events, trace.Event{
		ID: trace.ID{Node: node, Run: 1, Seq: uint64(len(f.Events) + 1)}, Clock: r.clock, Action: action, Args: args, Vars: vars,
		Place: trace.Place{File: f.Name, Line: len(f.Events) + 2},
	})
}

func (r *recorder) file(node string) *trace.File {
	for _, f := range r.files {
		if f.Headers[0].Node == node {
			return f
		}
	}
	f := &trace.File{Name: node + ".ndjson", Headers: []trace.Header{{
		Spec: r.spec, Node: node, Run: 1, Constants: r.constants, Place: trace.Place{File: node + ".ndjson", Line: 1},
	}}}
	r.files = append(r.files, f)
	return f
}

// show records what the log did with a request, if that is a step.
func (w *world) show(q request, result lock.Result) {
	held := result.Lock
	var owner string
	if q.from != nil {
		owner = q.from.id
	}
	by := trace.Fields{{Name: "h", JSON: quote(owner)}, {Name: "k", JSON: number(q.id)}}
	client := trace.Field{Name: "c", JSON: quote(owner)}
	free := trace.Fields{{Name: "owner", JSON: `"nobody"`}}
	switch {
	case q.command.Kind == lock.Acquire && result.Outcome == lock.Granted:
		w.result.Grants++
		w.owned = held.Token
		w.lease.step("log", "Acquire", by, trace.Fields{
			{Name: "owner", JSON: quote(owner)}, {Name: "token", JSON: number(held.Token)}, {Name: "last", JSON: number(held.Grant)}})
		w.lock.step("log", "Acquire", trace.Fields{client, {Name: "t", JSON: number(held.Token)}}, nil)
	case q.command.Kind == lock.Renew && result.Outcome == lock.Granted:
		w.result.Renewed++
		w.lease.step("log", "Renew", by, trace.Fields{
			{Name: "token", JSON: number(held.Token)}, {Name: "last", JSON: number(held.Grant)}})
	case result.Outcome == lock.Released:
		w.owned = 0
		w.lease.step("log", "Release", trace.Fields{{Name: "t", JSON: number(q.command.Token)}}, free)
		w.lock.step("log", "Release", trace.Fields{client}, free)
	case result.Outcome == lock.Expired:
		w.result.Expired++
		w.owned = 0
		w.lease.step("log", "Expire", trace.Fields{{Name: "n", JSON: number(q.command.Grant)}}, free)
		w.lock.step("log", "Expire", nil, free)
	case result.Outcome == lock.Fenced:
		w.result.Fenced++
	case q.command.Kind == lock.Fetch:
		w.lock.step("log", "Fetch", trace.Fields{client}, trace.Fields{
			{Name: "fence", JSON: number(held.Token)}, {Name: "fetched[" + owner + "]", JSON: `{"#set":[` + result.Body + `]}`}})
	case q.command.Kind == lock.Store:
		w.result.Stored++
		w.stored(q, result)
	}
}

// stored records a write that came through. Each adds 1 to what was there before.
func (w *world) stored(q request, result lock.Result) {
	w.acks++
	if result.Body != strconv.Itoa(w.acks) {
		w.broken("NothingLost: after %d writes the store holds %s", w.acks, result.Body)
		w.acks, _ = strconv.Atoi(result.Body)
	}
	w.lock.step("log", "Store", trace.Fields{{Name: "t", JSON: number(q.command.Token)}, {Name: "n", JSON: number(q.writes)}},
		trace.Fields{{Name: "fence", JSON: number(result.Lock.Token)}, {Name: "stored", JSON: result.Body}})
}

// watched is a replica's machine, of which the world sees every command. How many there were is part of the state.
type watched struct {
	world *world
	inner *lock.Machine
	n     int
}

func (m *watched) Apply(body string) string {
	m.n++
	_, command, _ := strings.Cut(body, "|")
	result := m.inner.Apply(command)
	m.world.performed(m.n, body, result)
	return result
}

func (m *watched) Snapshot() string { return strconv.Itoa(m.n) + "\n" + m.inner.Snapshot() }

func (m *watched) Restore(snapshot string) (err error) {
	line, rest, _ := strings.Cut(snapshot, "\n")
	if m.n, err = strconv.Atoi(line); err != nil {
		return err
	}
	return m.inner.Restore(rest)
}

// number64 is what the store holds: "get", "set 5".
type number64 struct{ n int64 }

func (m *number64) Apply(command string) string {
	if text, found := strings.CutPrefix(command, "set "); found {
		m.n, _ = strconv.ParseInt(text, 10, 64)
	}
	return strconv.FormatInt(m.n, 10)
}

func (m *number64) Snapshot() string { return strconv.FormatInt(m.n, 10) }

func (m *number64) Restore(snapshot string) (err error) {
	m.n, err = strconv.ParseInt(snapshot, 10, 64)
	return err
}

func number[N ~int | ~int64 | ~uint64](n N) string { return fmt.Sprint(int64(n)) }

func quote(text string) string { return strconv.Quote(text) }

func set(names []string) string {
	var quoted []string
	for _, s := range names {
		quoted = append(quoted, quote(s))
	}
	return `{"#set":[` + strings.Join(quoted, ",") + `]}`
}
