// The world of a run: groups of replicas, shards that move between them, clients that follow, and movers that stop.

// Package sim runs several replicated logs, whose networks and disks fail as a seed says, with shards that are moved from
// one to another while clients change them. The same seed gives the same run. What the groups do is recorded as
// behaviours of spec/shard/Shard.tla, one for each shard.
package sim

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"synod/impl/log"
	logsim "synod/impl/log/sim"
	"synod/impl/shard"
	"synod/impl/step"
	"synod/trace"
)

// Options say what is run.
type Options struct {
	Seed  uint64
	Steps int // how many things happen; 30000 if it is 0
	Bugs  shard.Bugs
}

// Result is what came of a run.
type Result struct {
	Files   []*trace.File
	Broken  []string // properties of the specification that do not hold, with what shows it
	History map[string][]logsim.Operation
	Served  int
	Moved   int
	Again   int // requests that were asked again and had been performed, some in another group
}

// The groups, of which the first has all shards and the map at first.
var (
	groups = []string{"g1", "g2", "g3"}
	shards = []string{"s1", "s2"}
)

// requestsEach is how many requests a client makes to a shard at most: porcupine judges them all.
const requestsEach = 100

type world struct {
	Options
	random  *rand.Rand
	result  *Result
	now     int
	applied map[string][]string // by group: all commands with their results
	serving map[string]string   // by shard: the group that serves it
	count   map[string]int      // by shard: how many changes were made
	asked   uint64
	actors  []actor
	waiting map[uint64]actor // by the number of a command: who waits for the answer
	clients []*client
}

// actor is a client or a mover: it has one command at a time.
type actor interface {
	// turn gives what is to be asked of the group now.
	turn(group string) (shard.Command, bool)
	answered(r shard.Result)
	name() string
}

// group is the part of the world that is near one group.
type group struct {
	world *world
	id    string
	logs  map[string]uint64 // how many commands each actor has asked for here
	file  *trace.File
}

// Run plays a run to its end.
func Run(o Options) *Result {
	if o.Steps == 0 {
		o.Steps = 30000
	}
	w := &world{
		Options: o, random: rand.New(rand.NewPCG(o.Seed, 31)), result: &Result{History: map[string][]logsim.Operation{}},
		applied: map[string][]string{}, serving: map[string]string{}, count: map[string]int{}, waiting: map[uint64]actor{},
	}
	for i := range 4 {
		c := &client{world: w, id: fmt.Sprintf("c%d", i+1), shard: shards[i%len(shards)]}
		w.actors, w.clients = append(w.actors, c), append(w.clients, c)
	}
	for i := range 2 {
		w.actors = append(w.actors, &mover{world: w, id: fmt.Sprintf("m%d", i+1)})
	}
	for _, s := range shards {
		w.serving[s] = groups[0]
	}
	var logs []*logsim.Simulation
	for i, id := range groups {
		g := &group{world: w, id: id, logs: map[string]uint64{}, file: newFile(id)}
		w.result.Files = append(w.result.Files, g.file)
		logs = append(logs, logsim.Start(logsim.Options{Seed: o.Seed*8 + uint64(i), Workload: g, Brisk: 4}))
	}
	for range o.Steps {
		w.now++
		logs[w.random.IntN(len(logs))].Happen(true)
	}
	for _, l := range logs {
		w.result.Broken = append(w.result.Broken, l.End().Broken...)
	}
	for _, c := range w.clients {
		c.end()
	}
	return w.result
}

// Start implements the log simulator's Workload.
func (g *group) Start(string) log.Machine {
	m := shard.New(g.id, groups[0], shards, func() shard.Content { return &tally{} })
	m.Bugs, m.Record = g.world.Bugs, g.record
	return &logsim.Watched{Machine: m, Performed: func(n int, id uint64, command, result string) {
		g.performed(m, n, id, command, result)
	}}
}

// Happen implements Workload: whoever wants something of this group asks the replica.
func (g *group) Happen(at logsim.Node) {
	for _, a := range g.world.actors {
		c, ok := a.turn(g.id)
		if !ok {
			continue
		}
		g.world.asked++
		g.logs[a.name()]++
		g.world.waiting[g.world.asked] = a
		for id, other := range g.world.waiting {
			if other == a && id != g.world.asked {
				delete(g.world.waiting, id) // whatever is answered to that comes too late
			}
		}
		at.Submit(log.Command{Client: a.name(), Number: g.logs[a.name()], Body: logsim.Numbered(g.world.asked, c.String())})
	}
}

// Ticked implements Workload.
func (g *group) Ticked(logsim.Node) {}

// Answered implements Workload.
func (g *group) Answered(_ string, a log.Answer) {
	if a.Unknown || g.world.random.IntN(10) == 0 {
		return // who asked hears nothing, and asks again
	}
	id, _ := logsim.Unnumbered(a.Command.Body)
	who := g.world.waiting[id]
	if who == nil {
		return
	}
	delete(g.world.waiting, id)
	r, err := shard.ParseResult(a.Result)
	if err != nil {
		panic("sim: " + err.Error())
	}
	who.answered(r)
}

// performed hears that a replica has performed the n-th command of the group's log. The first one to do so makes the
// group's step; all others must come to the same.
func (g *group) performed(m *shard.Machine, n int, id uint64, command, result string) {
	w := g.world
	entry := logsim.Numbered(id, command) + " -> " + result
	done := w.applied[g.id]
	if n <= len(done) {
		if done[n-1] != entry {
			w.broken("MachinesAgree: command %d of %s is %q, and elsewhere %q", n, g.id, entry, done[n-1])
		}
		return
	}
	w.applied[g.id] = append(done, entry)
	c, err := shard.Parse(command)
	if err != nil {
		panic("sim: " + err.Error())
	}
	r, err := shard.ParseResult(result)
	if err != nil {
		panic("sim: " + err.Error())
	}
	if r.Outcome == shard.Done {
		g.watch(m, c, r)
	} else if c.Kind == shard.Serve && r.Outcome == shard.Already {
		w.result.Again++
	}
}

// newFile begins a group's trace.
func newFile(id string) *trace.File {
	h := trace.Header{Spec: shard.SpecPath, Node: id, Run: 1, Place: trace.Place{File: id + ".ndjson", Line: 1}}
	for _, c := range shard.Constants(groups) {
		h.Constants = append(h.Constants, trace.Field(c))
	}
	return &trace.File{Name: id + ".ndjson", Headers: []trace.Header{h}}
}

// record takes a step down that no replica has come to before.
func (g *group) record(s step.Step) {
	if s.Seq <= uint64(len(g.file.Events)) {
		return
	}
	e := trace.Event{
		ID: trace.ID{Node: g.id, Run: 1, Seq: s.Seq}, Clock: s.Clock, Instance: s.Instance, Action: s.Action,
		Place: trace.Place{File: g.file.Name, Line: len(g.file.Events) + 2},
	}
	for _, f := range s.Args {
		e.Args = append(e.Args, trace.Field(f))
	}
	for _, f := range s.Vars {
		e.Vars = append(e.Vars, trace.Field(f))
	}
	if id, err := trace.ParseID(s.Cause); err == nil {
		e.Causes = append(e.Causes, id)
	}
	g.file.Events = append(g.file.Events, e)
}

// watch looks at what the group did with a command.
func (g *group) watch(m *shard.Machine, c shard.Command, r shard.Result) {
	w := g.world
	switch c.Kind {
	case shard.Serve:
		w.served(g.id, c, r)
	case shard.Freeze:
		if status, _ := m.Status(c.Shard); status == shard.Frozen {
			w.serving[c.Shard] = ""
		}
	case shard.Activate:
		w.result.Moved++
		if other := w.serving[c.Shard]; other != "" && other != g.id {
			w.broken("OneOwner: %s activates %s, and %s serves it", g.id, c.Shard, other)
		}
		w.serving[c.Shard] = g.id
	}
}

// served checks that nothing was lost: the answer is how many changes the shard has.
func (w *world) served(group string, c shard.Command, r shard.Result) {
	w.result.Served++
	w.count[c.Shard]++
	if r.Body != strconv.Itoa(w.count[c.Shard]) {
		w.broken("NothingLost: %s has %s changes of %s, and %d were made", group, r.Body, c.Shard, w.count[c.Shard])
		w.count[c.Shard], _ = strconv.Atoi(r.Body)
	}
}

func (w *world) broken(format string, args ...any) {
	w.result.Broken = append(w.result.Broken, fmt.Sprintf(format, args...))
}

// tally is what a shard holds here: the changes that were made, in order. The answer is how many there are.
type tally struct{ changes []string }

func (t *tally) Apply(change string) string {
	t.changes = append(t.changes, change)
	return strconv.Itoa(len(t.changes))
}

func (t *tally) Snapshot() string { return strings.Join(t.changes, " ") }

func (t *tally) Restore(snapshot string) error {
	t.changes = strings.Fields(snapshot)
	return nil
}
