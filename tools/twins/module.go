// The second judge's module: it holds many traces and asks TLC which of them some behaviour of the specification
// explains, and how far the others come.

package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"synod/trace"
)

// modelPrefix comes before the name of a model value, and twinModule is the module's name.
const (
	modelPrefix = "TwinM_"
	twinModule  = "Twins"
)

// row is one question: one behaviour of a trace. With one queue its events have an order. With several, each node's
// events keep theirs and each event stands behind its causes.
type row struct {
	queues [][]entry
}

// entry is an event of a row.
type entry struct {
	event *trace.Event
	needs [][2]int // queue and place of events that come before
}

// module is a module under way.
type module struct {
	spec   *spec
	header trace.Header
	next   *relation
	hidden map[string][]string // by node
	events []string            // the table of events, each once
	at     map[string]int      // in events, from 1
	kinds  map[string]string   // by name: the operator that takes an event's step
	rows   []string
	rowAt  map[string]int // in rows, from 1
	vars   map[string]bool
}

func newModule(s *spec, headers []trace.Header) (*module, error) {
	m := &module{
		spec: s, header: headers[0], hidden: map[string][]string{}, at: map[string]int{}, kinds: map[string]string{},
		rowAt: map[string]int{}, vars: map[string]bool{},
	}
	var err error
	m.next, err = nextOf(s)
	for _, h := range headers {
		m.hidden[h.Node] = h.Hidden
	}
	return m, err
}

func (m *module) isModel(name string) bool { return slices.Contains(m.header.ModelValues, name) }

// add puts a row into the module and gives its number.
func (m *module) add(r row) (int, error) {
	var queues []string
	for _, q := range r.queues {
		var entries []string
		for _, e := range q {
			at, err := m.event(e.event)
			if err != nil {
				return 0, err
			}
			var needs []string
			for _, n := range e.needs {
				needs = append(needs, fmt.Sprintf("<<%d, %d>>", n[0], n[1]))
			}
			entries = append(entries, fmt.Sprintf("[e |-> %d, need |-> <<%s>>]", at, strings.Join(needs, ", ")))
		}
		queues = append(queues, "<<"+strings.Join(entries, ", ")+">>")
	}
	pool, err := m.pool(r)
	if err != nil {
		return 0, err
	}
	text := fmt.Sprintf("[queues |-> <<%s>>, pool |-> %s]", strings.Join(queues, ", "), pool)
	if m.rowAt[text] == 0 {
		m.rows = append(m.rows, text)
		m.rowAt[text] = len(m.rows)
	}
	return m.rowAt[text], nil
}

// pool gives, for each parameter, the values that unlogged steps of the row may have: those that the row shows, and for
// parameters that are numbers those that a restart has found too, for they may have been told of by another name.
func (m *module) pool(r row) (string, error) {
	values := map[string][]string{}
	var found []string
	for _, q := range r.queues {
		for _, e := range q {
			for _, f := range e.event.Args {
				x, err := expression(f.JSON, m.isModel)
				if err != nil {
					return "", err
				}
				values[f.Name] = append(values[f.Name], x)
			}
			for _, f := range e.event.Vars {
				if e.event.Restart && isNumber(f.JSON) {
					found = append(found, f.JSON)
				}
			}
		}
	}
	for p := range values {
		if isNumber(values[p][0]) {
			values[p] = append(values[p], found...)
		}
		slices.Sort(values[p])
		values[p] = slices.Compact(values[p])
	}
	fields := []string{"none |-> {}"}
	for _, names := range m.hidden {
		for _, action := range names {
			for _, p := range m.next.params[action][1:] {
				fields = append(fields, p+" |-> {"+strings.Join(values[p], ", ")+"}")
			}
		}
	}
	slices.Sort(fields)
	return "[" + strings.Join(slices.Compact(fields), ", ") + "]", nil
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "-0123456789") == "" }

// event puts an event into the table and gives its place.
func (m *module) event(e *trace.Event) (int, error) {
	kind, err := m.kind(e)
	if err != nil {
		return 0, err
	}
	var args, sees []string
	for _, p := range m.next.params[e.Action] {
		text := "0"
		if v, has := e.Args.Get(p); has {
			if text, err = expression(v, m.isModel); err != nil {
				return 0, err
			}
		}
		args = append(args, text)
	}
	for _, f := range e.Vars {
		see, err := m.see(f)
		if err != nil {
			return 0, err
		}
		sees = append(sees, see)
	}
	restarts := ""
	if e.Restart {
		restarts = e.Node
	}
	text := fmt.Sprintf("[k |-> %q, x |-> <<%s>>, see |-> <<%s>>, restarts |-> %q]",
		kind, strings.Join(args, ", "), strings.Join(sees, ", "), restarts)
	if m.at[text] == 0 {
		m.events = append(m.events, text)
		m.at[text] = len(m.events)
	}
	return m.at[text], nil
}

// see writes what an event tells of a variable.
func (m *module) see(f trace.Field) (string, error) {
	x, err := expression(f.JSON, m.isModel)
	if err != nil {
		return "", err
	}
	name, rest, _ := strings.Cut(f.Name, "[")
	m.vars[name] = true
	path := "<<>>"
	if index, ok := strings.CutSuffix(rest, "]"); ok {
		if path, err = expression(indexed(index), m.isModel); err != nil {
			return "", fmt.Errorf("path %s: %w", f.Name, err)
		}
		path = "<<" + path + ">>"
	}
	return fmt.Sprintf("[v |-> %q, p |-> %s, is |-> %s]", name, path, x), nil
}

// indexed is an index of a path as a value: a bare word is a string.
func indexed(index string) string {
	if isNumber(index) || strings.HasPrefix(index, `"`) {
		return index
	}
	return trace.String(index)
}

// kind names the operator that takes an event's step: the action, and which of its arguments are known.
func (m *module) kind(e *trace.Event) (string, error) {
	known := map[string]bool{}
	name := e.Action + "_"
	for _, p := range m.next.params[e.Action] {
		_, known[p] = e.Args.Get(p)
		name += map[bool]string{true: "k", false: "u"}[known[p]]
	}
	if m.kinds[name] == "" {
		var ways []string
		for _, c := range m.next.calls {
			if c.action == e.Action {
				ways = append(ways, "("+m.way(c, func(i int) string {
					if !known[m.next.params[c.action][i]] {
						return ""
					}
					return fmt.Sprintf("twX[%d]", i+1)
				}, nil)+")")
			}
		}
		if len(ways) == 0 {
			return "", fmt.Errorf("%s: %s does not call %s by itself", m.spec.path, m.spec.next, e.Action)
		}
		m.kinds[name] = strings.Join(ways, "\n  \\/ ")
	}
	return name, nil
}

// way writes one call with its quantifiers and conditions. A bound that is passed on as an argument that is known takes
// its value, and must be an element of its set; others range over their set, or over those of another that is given for
// them.
func (m *module) way(c call, known func(i int) string, ranges map[string]string) string {
	var b strings.Builder
	used := map[int]bool{}
	for _, q := range c.inside {
		value := ""
		for i, a := range c.args {
			if q.name != "" && a == q.name && known(i) != "" {
				value, used[i] = known(i), true
				break
			}
		}
		switch {
		case q.name == "":
			b.WriteString("(")
			for _, condition := range q.before {
				fmt.Fprintf(&b, "(%s) /\\ ", condition)
			}
		case value != "":
			fmt.Fprintf(&b, "\\E %s \\in {%s} : %s \\in (%s) /\\ ", q.name, value, q.name, q.set)
		case ranges[q.name] != "":
			fmt.Fprintf(&b, "\\E %s \\in %s : %s \\in (%s) /\\ ", q.name, ranges[q.name], q.name, q.set)
		default:
			fmt.Fprintf(&b, "\\E %s \\in (%s) : ", q.name, q.set)
		}
	}
	for i, a := range c.args {
		if known(i) != "" && !used[i] {
			fmt.Fprintf(&b, "(%s) = %s /\\ ", a, known(i))
		}
	}
	b.WriteString(c.text)
	if len(c.args) > 0 {
		b.WriteString("(" + strings.Join(c.args, ", ") + ")")
	}
	for _, q := range slices.Backward(c.inside) {
		if q.name == "" {
			b.WriteString(")")
			for _, condition := range q.after {
				fmt.Fprintf(&b, " /\\ (%s)", condition)
			}
		}
	}
	return b.String()
}

// hide writes the steps that a node may have taken unseen before a restart.
func (m *module) hide(node string) string {
	var ways []string
	for _, name := range m.hidden[node] {
		for _, c := range m.next.calls {
			if c.action != name {
				continue
			}
			ranges := map[string]string{}
			for i, a := range c.args {
				if i > 0 {
					ranges[a] = "TwinRows[twRow].pool." + m.next.params[name][i]
				}
			}
			self, _ := expression(trace.String(node), m.isModel) // a string always has a value
			ways = append(ways, m.way(c, func(i int) string {
				if i == 0 {
					return self
				}
				return ""
			}, ranges))
		}
	}
	return strings.Join(ways, "\n       \\/ ")
}

// constants are those of the specification that the trace gives, and the model values.
func (m *module) constants() (definitions, config string, err error) {
	var names []string
	for _, v := range m.header.ModelValues {
		names = append(names, modelPrefix+v)
		config += fmt.Sprintf("CONSTANT %s%s = %s\n", modelPrefix, v, v)
	}
	if len(names) > 0 {
		definitions = "CONSTANTS " + strings.Join(names, ", ") + "\n"
	}
	for _, c := range m.header.Constants {
		x, err := expression(c.JSON, m.isModel)
		if err != nil {
			return "", "", err
		}
		definitions += fmt.Sprintf("TwinC_%s == %s\n", c.Name, x)
		config += fmt.Sprintf("CONSTANT %s <- TwinC_%s\n", c.Name, c.Name)
	}
	return definitions, config, nil
}

// text is the module. Each state of TLC is a row, how many events of each of its queues were taken, and a state of the
// specification.
func (m *module) text() (string, error) {
	constants, _, err := m.constants()
	if err != nil {
		return "", err
	}
	var steps, sees, hides strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m.kinds)) {
		fmt.Fprintf(&steps, "TwinDo_%s(twX) ==\n  \\/ %s\n", name, m.kinds[name])
	}
	steps.WriteString("TwinDo(twE) ==\n  CASE twE.k = \"\" -> FALSE")
	for _, name := range slices.Sorted(maps.Keys(m.kinds)) {
		fmt.Fprintf(&steps, "\n    [] twE.k = %q -> TwinDo_%s(twE.x)", name, name)
	}
	for _, v := range slices.Sorted(maps.Keys(m.vars)) {
		fmt.Fprintf(&sees, "\n    [] twW.v = %q -> TwinAt(%s', twW)", v, v)
	}
	for _, node := range slices.Sorted(maps.Keys(m.hidden)) {
		if way := m.hide(node); way != "" {
			fmt.Fprintf(&hides, "\n    [] twE.restarts = %q ->\n       \\/ %s", node, way)
		}
	}
	root := strings.TrimSuffix(filepath.Base(m.spec.path), ".tla")
	return strings.NewReplacer(
		"@ROOT", root, "@INIT", m.spec.init, "@CONSTANTS", constants, "@STEPS", steps.String(), "@SEES", sees.String(), "@HIDES", hides.String(),
		"@EVENTS", strings.Join(m.events, ",\n  "), "@ROWS", strings.Join(m.rows, ",\n  "), "@MODULE", twinModule,
	).Replace(moduleText), nil
}

const moduleText = `---- MODULE @MODULE ----
EXTENDS @ROOT, Naturals, Sequences, TLC
@CONSTANTS
VARIABLES twRow, twAt, twHides, twHidden

TwinEvents == <<
  @EVENTS>>

TwinRows == <<
  @ROWS>>

TwinAt(twF, twW) ==
  IF twW.p = <<>> THEN twF = twW.is ELSE twW.p[1] \in DOMAIN twF /\ twF[twW.p[1]] = twW.is
TwinSees(twW) ==
  CASE twW.v = "" -> FALSE@SEES
@STEPS
TwinHide(twE) ==
  CASE twE.restarts = "" -> FALSE@HIDES
    [] OTHER -> FALSE

TwinNext(twQ) == TwinRows[twRow].queues[twQ][twAt[twQ] + 1]
TwinReady(twQ) ==
  /\ twAt[twQ] < Len(TwinRows[twRow].queues[twQ])
  /\ twHides \in {0, twQ}
  /\ \A twN \in 1..Len(TwinNext(twQ).need) :
       twAt[TwinNext(twQ).need[twN][1]] >= TwinNext(twQ).need[twN][2]
TwinTake(twQ) ==
  /\ TwinReady(twQ)
  /\ TwinDo(TwinEvents[TwinNext(twQ).e])
  /\ \A twI \in 1..Len(TwinEvents[TwinNext(twQ).e].see) : TwinSees(TwinEvents[TwinNext(twQ).e].see[twI])
  /\ twAt' = [twAt EXCEPT ![twQ] = @ + 1]
  /\ twHides' = 0 /\ twHidden' = 0 /\ UNCHANGED twRow
TwinTakeHidden(twQ) ==
  /\ TwinReady(twQ)
  /\ TwinEvents[TwinNext(twQ).e].restarts # "" /\ twHidden < 3
  /\ TwinHide(TwinEvents[TwinNext(twQ).e])
  /\ twHides' = twQ /\ twHidden' = twHidden + 1 /\ UNCHANGED <<twRow, twAt>>
TwinInit ==
  /\ @INIT
  /\ twRow \in 1..Len(TwinRows)
  /\ twAt = [twQ \in 1..Len(TwinRows[twRow].queues) |-> 0]
  /\ twHides = 0 /\ twHidden = 0
TwinStep == \E twQ \in 1..Len(twAt) : TwinTake(twQ) \/ TwinTakeHidden(twQ)
TwinTell ==
  LET twQueues == TwinRows[twRow].queues IN
  IF Len(twQueues) = 1 THEN PrintT(<<"TWIN", twRow, twAt[1]>>)
  ELSE (\A twQ \in 1..Len(twQueues) : twAt[twQ] = Len(twQueues[twQ])) => PrintT(<<"TWIN", twRow, 0>>)
====
`

// configuration is the specification's constants, and the module's own behaviours.
func (m *module) configuration() (string, error) {
	text, err := os.ReadFile(m.spec.config)
	if err != nil {
		return "", err
	}
	_, own, err := m.constants()
	if err != nil {
		return "", err
	}
	var kept strings.Builder
	keeps := false
	for line := range strings.Lines(string(text)) {
		if first := strings.Fields(line); len(first) > 0 && strings.Trim(first[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" {
			keeps = strings.HasPrefix(first[0], "CONSTANT") && !strings.HasPrefix(first[0], "CONSTRAINT")
		}
		if keeps {
			kept.WriteString(line)
		}
	}
	return kept.String() + own + "INIT TwinInit\nNEXT TwinStep\nINVARIANT TwinTell\nCHECK_DEADLOCK FALSE\n", nil
}
