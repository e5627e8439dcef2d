// Figures: what a specification asks of the run with TLCGet, and what it tells it with TLCSet.

package check

import (
	"math"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// equip connects the explorer's evaluators to the run: they print to the same place, share their registers, and know
// the level of the state that they look at.
func (x *explorer) equip() {
	x.registers.Share(x.assumed) // TLCSet in an ASSUME is for all
	x.stepper.Info = func(name string, next bool) (value.Value, bool) { return x.info(name, x.level, next) }
	x.judge.Info = func(name string, next bool) (value.Value, bool) { return x.info(name, x.judging, next) }
	for _, w := range []*eval.Worker{x.stepper, x.judge} {
		w.Print, w.Registers, w.Interrupted = x.opts.Print, x.registers, x.interrupted
		w.Request = func(string) { x.exit.Store(true) } // "exit" is all that can be asked for
	}
}

// info is what TLCGet gives for names, while a state of that level is looked at.
func (x *explorer) info(name string, level int, next bool) (value.Value, bool) {
	x.publish()
	switch name {
	case "level":
		if next {
			level++
		}
		return value.Int(int64(level)), true
	case "distinct":
		return figure(x.distinct.Load()), true
	case "generated":
		return figure(x.generated.Load()), true
	case "queue":
		return figure(x.queue.Load()), true
	case "diameter":
		if x.opts.Simulation != nil {
			return figure(x.behaviors.Load()), true
		}
		return figure(x.reached.Load()), true
	case "duration":
		return figure(int64(x.progress().Elapsed.Seconds())), true
	case "stats":
		return x.statistics(), true
	case "config":
		return x.configuration(), true
	case "all", "all:named":
		return eval.AllRegisters(name, x.allRegisters())
	case "trace":
		return x.soFar()
	case "counterexample":
		return x.example, x.example != 0
	}
	return 0, false
}

// figure is a count as a TLA+ integer, at most the largest one that TLC has.
func figure(n int64) value.Value { return value.Int(min(n, math.MaxInt32)) }

// field is one of a record's.
type field struct {
	name  string
	value value.Value
}

func record(fields ...field) value.Value {
	keys, values := make([]value.Value, len(fields)), make([]value.Value, len(fields))
	for i, f := range fields {
		keys[i], values[i] = value.Str(f.name), f.value
	}
	r, _ := value.FuncOf(keys, values) // strings can be compared, and the names differ
	return r
}

// statistics is TLCGet("stats").
func (x *explorer) statistics() value.Value {
	p := x.progress()
	common := []field{{"generated", figure(p.Generated)}, {"duration", figure(int64(p.Elapsed.Seconds()))}, {"worker", figure(int64(x.number))}}
	if x.opts.Simulation != nil {
		return record(append(common, field{"traces", figure(p.Behaviors)})...)
	}
	return record(append(common, field{"distinct", figure(p.Distinct)}, field{"queue", figure(p.Queue)},
		field{"diameter", figure(x.reached.Load())}, field{"initial", figure(x.initial)})...)
}

// configuration is TLCGet("config"). Depth first is no mode of its own, as it is none of TLC's.
func (x *explorer) configuration() value.Value {
	common := []field{{"deadlock", value.Bool(x.CheckDeadlock && !x.opts.NoDeadlock)},
		{"worker", figure(int64(x.opts.Workers))}, {"install", value.Str("synod")}}
	sim := x.opts.Simulation
	if sim == nil {
		return record(append(common, field{"mode", value.Str("bfs")}, field{"seed", value.Str("0")}, field{"fingerprint", value.Str("0")})...)
	}
	return record(append(common, field{"mode", value.Str("simulate")}, field{"depth", figure(int64(sim.Depth))},
		field{"traces", figure(sim.Behaviors)}, field{"seed", value.Str(sim.seedText())}, field{"aril", value.Str("0")},
		field{"sched", value.Str("random")})...)
}

// allRegisters are the registers of every worker, in the order of their numbers.
func (s *search) allRegisters() []*eval.Registers {
	var all []*eval.Registers
	for _, x := range s.workers {
		all = append(all, x.registers)
		x.tellPossible()
	}
	return all
}

// stateRecord is a state as a record.
func (m *Model) stateRecord(state []value.Value) value.Value {
	fields := make([]field, len(state))
	for i, v := range state {
		fields[i] = field{m.Vars[i], v}
	}
	return record(fields...)
}

// soFar is the behaviour up to the state at hand, as a sequence of records. A search has to find it by executing the steps
// again, which takes long; it is kept for the next time it is asked for.
func (x *explorer) soFar() (value.Value, bool) {
	var records []value.Value
	switch {
	case x.prefix != nil:
		records = x.prefix
	case x.path != nil:
		for _, state := range x.path {
			records = append(records, x.stateRecord(state))
		}
	case x.parent >= 0 && x.parent < x.history.count:
		if x.wayTo != x.parent || x.way == nil {
			x.way, x.wayTo = nil, x.parent
			for _, step := range x.behavior(&finding{parent: x.parent}) {
				x.way = append(x.way, x.stateRecord(step.State))
			}
		}
		records = x.way
	}
	if x.judged != nil {
		records = append(records[:len(records):len(records)], x.stateRecord(x.judged))
	}
	return value.Tuple(records), len(records) > 0
}

// placeRecord is a place in the source as TLC's records have it.
func placeRecord(span syntax.Span, module string) value.Value {
	line, column := int64(span.Start.Line), int64(span.Start.Col)
	return record(field{"beginLine", value.Int(line)}, field{"beginColumn", value.Int(column)},
		field{"endLine", value.Int(int64(span.EndLine))}, field{"endColumn", value.Int(int64(span.EndCol))}, field{"module", value.Str(module)})
}

// actionRecord is the action of a step: its name, its place, and its parameters.
func (m *Model) actionRecord(step Step) value.Value {
	d := step.Action
	if d == nil {
		return record(field{"name", value.Str(m.NextName)}, field{"location", placeRecord(m.Next.Expr.Span(), m.Resolved.Root.Name)})
	}
	fields := []field{{"name", value.Str(d.Name)}, {"location", placeRecord(definitionSpan(d), moduleName(d))}}
	if len(d.Params) > 0 {
		var context []field
		list := make([]value.Value, len(d.Params))
		for i, p := range d.Params {
			list[i] = value.Str(p.Name)
			if step.Args[i] != 0 {
				context = append(context, field{p.Name, step.Args[i]})
			}
		}
		fields = append(fields, field{"context", record(context...)}, field{"parameters", value.Tuple(list)})
	}
	return record(fields...)
}

// definitionSpan is a definition's place as TLC has it: its body.
func definitionSpan(d *resolve.Def) syntax.Span {
	if d.Body != nil {
		return d.Body.Span()
	}
	return d.Span
}

func moduleName(d *resolve.Def) string {
	if d.Module == nil {
		return ""
	}
	return d.Module.Name
}
