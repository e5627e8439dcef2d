// Small specifications, checked by TLC and by the engine.

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"

	"synod/conformance/tla"
)

// checked is what a checker says of a specification.
type checked struct {
	code                       int // TLC's exit code
	generated, distinct, depth int64
	message                    string
}

// errorCode stands for every exit code that is an error of evaluation or of reading: which of them is not compared.
const errorCode = 75

func (c checked) String() string {
	return fmt.Sprintf("code %d, %d generated, %d distinct, depth %d %s", c.code, c.generated, c.distinct, c.depth, c.message)
}

// agrees compares the verdicts, and where nothing is wrong the counts too. Where something is wrong the counts depend
// on how far the search had come.
func (c checked) agrees(other checked) bool {
	if c.verdict() != other.verdict() {
		return false
	}
	return c.code != 0 || c.generated == other.generated && c.distinct == other.distinct && c.depth == other.depth
}

func (c checked) verdict() int {
	if c.code >= errorCode {
		return errorCode
	}
	return c.code
}

// class is how two differ; shrinking keeps it.
func class(tlc, engine checked) string {
	if tlc.verdict() != engine.verdict() {
		return fmt.Sprintf("TLC %d, engine %d", tlc.verdict(), engine.verdict())
	}
	return "counts"
}

func (s *spec) write(folder string) (module, config string, err error) {
	module, config = filepath.Join(folder, moduleName+".tla"), filepath.Join(folder, moduleName+".cfg")
	if err := os.WriteFile(module, []byte(s.module()), 0o644); err != nil {
		return "", "", err
	}
	return module, config, os.WriteFile(config, []byte(s.config()), 0o644)
}

var (
	figures   = regexp.MustCompile(`(?m)^(\d+) states generated, (\d+) distinct states found`)
	depthLine = regexp.MustCompile(`(?m)^The depth of the complete state graph search is (\d+)`)
	firstLine = regexp.MustCompile(`(?m)^Error: (.*(?:\n[^E\n].*)?)`)
)

// check has TLC check a specification. One with temporal properties gets a process of its own: TLC's liveness checker
// keeps things between runs.
func (j *judge) check(ctx context.Context, s *spec, alone bool) (checked, error) {
	folder := filepath.Join(j.folder, "spec")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return checked{}, err
	}
	if _, _, err := s.write(folder); err != nil {
		return checked{}, err
	}
	alone = alone || len(s.properties) > 0
	if alone {
		j.stop()
	}
	states := filepath.Join(folder, "states")
	var got checked
	err := j.ask(ctx, func(a answer) {
		code, output, _ := strings.Cut(a.text, "\n")
		got = readChecked(code, output)
	}, "check", folder, moduleName, "-workers", "1", "-metadir", states, "-nowarning")
	os.RemoveAll(states)
	if alone {
		j.stop()
	}
	return got, err
}

func readChecked(code, output string) checked {
	number := func(s string) int64 {
		n, _ := strconv.ParseInt(s, 10, 64) // the expressions match digits alone
		return n
	}
	var c checked
	c.code = int(number(code))
	if all := figures.FindAllStringSubmatch(output, -1); all != nil {
		last := all[len(all)-1]
		c.generated, c.distinct = number(last[1]), number(last[2])
	}
	if m := depthLine.FindStringSubmatch(output); m != nil {
		c.depth = number(m[1])
	}
	if m := firstLine.FindStringSubmatch(output); m != nil {
		c.message = m[1]
	}
	return c
}

// check has the engine check a specification.
func (e *engine) check(ctx context.Context, s *spec) (c checked, err error) {
	module, config, err := s.write(e.folder)
	if err != nil {
		return checked{}, err
	}
	defer func() {
		if p := recover(); p != nil {
			c = checked{code: -1, message: fmt.Sprintf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	m, err := tla.Load(module, tla.Options{Config: config})
	if err != nil {
		return checked{code: tla.ExitCode(err), message: err.Error()}, nil
	}
	timed, cancel := context.WithTimeout(ctx, e.limit)
	defer cancel()
	r, err := m.Check(timed, tla.CheckOptions{Workers: 1})
	if ctx.Err() != nil {
		return checked{}, ctx.Err()
	}
	if err != nil {
		return checked{code: -1, message: err.Error()}, nil
	}
	c = checked{code: r.Code, generated: r.Generated, distinct: r.Distinct, depth: int64(r.Depth), message: r.Message}
	if r.Err != nil {
		c.message = r.Err.Error()
	}
	return c, nil
}

// comparison runs specifications on both.
type comparison struct {
	judge  *judge
	engine *engine
}

// run gives both results. Where they differ TLC is asked again in a process of its own, so that nothing left over from
// an earlier specification can be the reason.
func (c comparison) run(ctx context.Context, s *spec) (tlc, engine checked, err error) {
	if engine, err = c.engine.check(ctx, s); err != nil {
		return
	}
	if tlc, err = c.judge.check(ctx, s, false); err != nil || tlc.agrees(engine) {
		return
	}
	tlc, err = c.judge.check(ctx, s, true)
	return
}

// shrink makes a specification about which the two differ as small as it can.
func (c comparison) shrink(ctx context.Context, s *spec, how string) (*spec, error) {
	for range 100 {
		next, err := c.step(ctx, s, how)
		if err != nil || next == nil {
			return s, err
		}
		s = next
	}
	return s, nil
}

func (c comparison) step(ctx context.Context, s *spec, how string) (*spec, error) {
	tried := 0
	for _, candidate := range s.smaller() {
		engine, err := c.engine.check(ctx, candidate)
		if err != nil {
			return nil, err
		}
		if tried++; tried > 400 {
			return nil, nil
		}
		tlc, err := c.judge.check(ctx, candidate, false)
		if err != nil {
			continue // TLC did not finish it
		}
		if !tlc.agrees(engine) && class(tlc, engine) == how {
			return candidate, nil
		}
	}
	return nil, nil
}

// smaller gives specifications with one thing less.
func (s *spec) smaller() []*spec {
	var all []*spec
	with := func(change func(*spec)) {
		copied := *s
		change(&copied)
		all = append(all, &copied)
	}
	for i := range s.properties {
		with(func(t *spec) { t.properties = without(t.properties, i) })
	}
	for i := range s.invariants {
		with(func(t *spec) { t.invariants = without(t.invariants, i) })
	}
	for i := range s.constraints {
		with(func(t *spec) { t.constraints = without(t.constraints, i) })
	}
	for i := range s.steps {
		with(func(t *spec) { t.steps = without(t.steps, i) })
	}
	for i := range s.fairness {
		with(func(t *spec) { t.fairness = without(t.fairness, i) })
	}
	if s.view != nil {
		with(func(t *spec) { t.view = nil })
	}
	if s.symmetric {
		with(func(t *spec) { t.symmetric = false })
	}
	for i := range s.actions {
		with(func(t *spec) { t.actions = without(t.actions, i) })
	}
	if s.next.form == junction && s.next.text == "\\/" {
		for _, k := range s.next.kids {
			with(func(t *spec) { t.next = k })
		}
	}
	for _, n := range smaller(s.next) {
		with(func(t *spec) { t.next = n })
	}
	for _, n := range smaller(s.init) {
		with(func(t *spec) { t.init = n })
	}
	for i, d := range s.actions {
		for _, n := range smallerIn(d) {
			with(func(t *spec) { t.actions = replaced(t.actions, i, definition{d.name, d.params, n}) })
		}
	}
	for i, inv := range s.invariants {
		for _, n := range smaller(inv) {
			if !s.reads(n) {
				continue
			}
			with(func(t *spec) { t.invariants = replaced(t.invariants, i, n) })
		}
	}
	for i, con := range s.constraints {
		for _, n := range smaller(con) {
			if !s.reads(n) {
				continue
			}
			with(func(t *spec) { t.constraints = replaced(t.constraints, i, n) })
		}
	}
	for i, c := range s.steps {
		for _, n := range smaller(c) {
			if s.reads(n) {
				with(func(t *spec) { t.steps = replaced(t.steps, i, n) })
			}
		}
	}
	return append(all, s.smallerProperties()...)
}

func (s *spec) smallerProperties() []*spec {
	var all []*spec
	for i, p := range s.properties {
		for j, part := range p.parts {
			for _, n := range smaller(part) {
				if !s.reads(n) {
					continue
				}
				copied := *s
				copied.properties = replaced(s.properties, i, property{p.pattern, replaced(p.parts, j, n)})
				all = append(all, &copied)
			}
		}
	}
	return all
}

// smallerIn shrinks a definition's body, in which its parameters are bound.
func smallerIn(d definition) []*node {
	names := []string{"LAMBDA"}
	for _, p := range d.params {
		names = append(names, p.name)
	}
	var all []*node
	for _, n := range smaller(&node{form: lambda, names: names, kids: []*node{d.body}}) {
		if n.form == lambda && len(n.names) == len(names) && n.names[0] == "LAMBDA" {
			all = append(all, n.kids[0])
		}
	}
	return all
}

func without[T any](list []T, i int) []T {
	return append(list[:i:i], list[i+1:]...)
}

func replaced[T any](list []T, i int, with T) []T {
	copied := append([]T(nil), list...)
	copied[i] = with
	return copied
}
