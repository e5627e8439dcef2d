// The world: the clock, the network, and the one loop in which everything happens.

package sim

import (
	"fmt"
	"math/rand/v2"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/trace"
)

// Run plays a schedule with nodes that have the given bugs.
func Run(s Schedule, bugs paxos.Bugs) *Result {
	return run(s, bugs, own(s, bugs), nil)
}

// RunOn is Run with the disks that disk makes, one for each node.
func RunOn(s Schedule, bugs paxos.Bugs, disk func(node string) Disk) *Result {
	return run(s, bugs, disk, nil)
}

// RunWatched is Run for someone who is shown each step when it is recorded, with the number of its register.
func RunWatched(s Schedule, bugs paxos.Bugs, watch func(key int, step *paxos.Step)) *Result {
	return run(s, bugs, own(s, bugs), watch)
}

// own makes the simulator's own disks.
func own(s Schedule, bugs paxos.Bugs) func(node string) Disk {
	return func(string) Disk {
		if s.Bytes {
			return newFile(bugs)
		}
		return NewMemory()
	}
}

func run(s Schedule, bugs paxos.Bugs, disk func(node string) Disk, watch func(key int, step *paxos.Step)) *Result {
	if err := s.validate(); err != nil {
		panic("sim: " + err.Error())
	}
	w := newWorld(s, bugs, disk)
	w.watch = watch
	for len(w.queue.heap) > 0 {
		e := w.queue.pop()
		if e.at > w.end {
			break
		}
		w.now = e.at
		w.events++
		w.happen(e)
	}
	return w.result()
}

// world is a run under way.
type world struct {
	Schedule
	bugs    paxos.Bugs
	source  *rand.PCG  // of random, set anew for each decision
	random  *rand.Rand // see draw
	drawn   []uint64   // by node and node: how many decisions were drawn
	now     Time
	end     Time
	events  int
	queue   queue
	nodes   []*node // acceptors first
	packets []packet
	unused  []int32  // of packets
	cut     [][]int8 // how many partitions stand between two nodes, by sender and receiver
	calm    bool
	monitor monitor
	watch   func(key int, step *paxos.Step) // nil: nobody does
	answers []Answer                        // by operation
	lasts   int                             // the operations from here on are the last reads
}

// packet is a message on its way.
type packet struct {
	from, to int
	key      int
	clock    uint64
	message  paxos.Message
}

// afterCalm is how long after the calm began everything must have come to its end.
const afterCalm Time = 20_000

func newWorld(s Schedule, bugs paxos.Bugs, disk func(node string) Disk) *world {
	nodes := s.Acceptors + s.Proposers
	w := &world{Schedule: s, bugs: bugs, source: rand.NewPCG(0, 0), drawn: make([]uint64, nodes*nodes)}
	w.random = rand.New(w.source)
	w.end = s.Calm + afterCalm
	w.lasts = len(s.Operations)
	w.Operations = append(s.Operations[:w.lasts:w.lasts], s.lastReads()...)
	w.monitor.begin(s.Acceptors)
	w.answers = make([]Answer, len(w.Operations))
	for i := range s.Acceptors + s.Proposers {
		w.nodes = append(w.nodes, newNode(w, i, disk))
		w.cut = append(w.cut, make([]int8, s.Acceptors+s.Proposers))
	}
	for i, o := range w.Operations {
		w.answers[i] = Answer{Operation: o}
		w.queue.push(event{at: o.At, kind: evOperation, index: int32(i)})
	}
	for i, f := range s.Faults {
		w.queue.push(event{at: f.At, kind: evFault, index: int32(i)})
	}
	w.queue.push(event{at: s.Calm, kind: evCalm})
	return w
}

// settled is how long after the calm began all that clients asked for before and all late messages are done with.
const settled Time = 3000

// lastReads ask every proposer for the state of every register, one after the other, when all is settled. They must
// succeed, and show what became of all that went before.
func (s *Schedule) lastReads() []Operation {
	var reads []Operation
	used := map[int]bool{}
	for _, o := range s.Operations {
		if used[o.Key] {
			continue
		}
		used[o.Key] = true
		for p := range s.Proposers {
			reads = append(reads, Operation{
				At: s.Calm + settled + Time(1000*p), Proposer: p, Key: o.Key, Change: register.Read(), Patience: afterCalm / 2,
			})
		}
	}
	return reads
}

func (w *world) happen(e event) {
	switch e.kind {
	case evOperation:
		w.ask(int(e.index))
	case evFault:
		if !w.calm {
			w.fault(int(e.index))
		}
	case evHeal:
		w.heal(w.Faults[e.index])
	case evCalm:
		w.becalm()
	case evDeliver:
		p := w.packets[e.index]
		w.unused = append(w.unused, e.index)
		w.nodes[p.to].receive(p)
	case evSynced:
		if n := w.nodes[e.node]; n.life == e.life {
			n.synced()
		}
	case evTimer:
		if n := w.nodes[e.node]; n.life == e.life {
			n.due = append(n.due, due{int(e.index), e.alarm})
			n.turn()
		}
	case evRestart:
		w.nodes[e.node].start()
	}
}

// ask hands an operation to its proposer. One that is down refuses the connection, and has not heard of the change.
func (w *world) ask(i int) {
	a := &w.answers[i]
	a.Called = w.now
	n := w.nodes[w.Acceptors+a.Operation.Proposer]
	if !n.up {
		a.end(w.now, paxos.Rejected)
		return
	}
	a.waits = true
	n.asked = append(n.asked, i)
	n.turn()
}

func (w *world) fault(i int) {
	f := &w.Faults[i]
	switch f.Kind {
	case Crash:
		w.nodes[f.Node].armed = f
		return
	case SyncFails:
		w.nodes[f.Node].badSync = f
		return
	case Partition:
		w.separate(*f, 1)
	case Pause:
		w.nodes[f.Node].paused++
	}
	w.queue.push(event{at: w.now + f.Length, kind: evHeal, index: int32(i)})
}

func (w *world) heal(f Fault) {
	switch f.Kind {
	case Partition:
		w.separate(f, -1)
	case Pause:
		n := w.nodes[f.Node]
		n.paused--
		n.resume()
	}
}

// separate cuts links or, with by -1, joins them again.
func (w *world) separate(f Fault, by int8) {
	for _, from := range f.From {
		for _, to := range f.To {
			w.cut[from][to] += by
			if f.Both {
				w.cut[to][from] += by
			}
		}
	}
}

// becalm ends all loss. Partitions and pauses that began go on for their length, which is short.
func (w *world) becalm() {
	w.calm = true
	for _, n := range w.nodes {
		n.armed, n.badSync = nil, nil
	}
}

// draw sets the generator for the next decision about what goes from one node to another, or about a node itself. Each
// such row of decisions has chances of its own, so that an operation or a fault more or less does not change what
// befalls everything else: a schedule that is changed a little leads to a run that is changed a little.
func (w *world) draw(from, to int) {
	i := from*len(w.nodes) + to
	w.drawn[i]++
	w.source.Seed(mixed(w.Seed+uint64(i)), mixed(w.drawn[i]))
}

// mixed spreads a number's bits over all of the result's (splitmix64).
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is true n times in a thousand.
func (w *world) chance(n int) bool { return n > 0 && w.random.IntN(1000) < n }

// send puts a message on its way, once, twice or not at all.
func (w *world) send(p packet) {
	w.draw(p.from, p.to)
	copies := 1
	if !w.calm {
		if w.chance(w.Network.Loss) || w.cut[p.from][p.to] > 0 {
			return
		}
		if w.chance(w.Network.Duplicate) {
			copies = 2
		}
	} else if w.cut[p.from][p.to] > 0 {
		return
	}
	for range copies {
		at := w.now + 1 + w.upTo(w.Network.Delay)
		if !w.calm && w.chance(w.Network.Late) {
			at += w.upTo(w.Network.LateBy)
		}
		w.queue.push(event{at: at, kind: evDeliver, index: w.hold(p)})
	}
}

// upTo draws a time of 0 to limit.
func (w *world) upTo(limit Time) Time { return Time(w.random.Int64N(int64(limit) + 1)) }

// hold keeps a packet until its delivery.
func (w *world) hold(p packet) int32 {
	if n := len(w.unused); n > 0 {
		i := w.unused[n-1]
		w.unused = w.unused[:n-1]
		w.packets[i] = p
		return i
	}
	w.packets = append(w.packets, p)
	return int32(len(w.packets) - 1)
}

// Result is what came of a run.
type Result struct {
	Schedule Schedule
	Events   int // of the simulator: deliveries, timers, syncs, operations, faults
	Steps    int // in the trace
	Restarts int
	Findings []Finding
	Answers  []Answer // one for each operation of the schedule, then those to the last reads
	nodes    []*node
}

func (w *world) result() *Result {
	for i := range w.answers {
		a := &w.answers[i]
		if a.waits {
			a.end(w.now, paxos.Unknown)
		}
		exhausted := w.monitor.exhausted[a.Operation.Key]
		if i >= w.lasts && a.Outcome != paxos.Satisfied && !exhausted {
			w.monitor.find(Progress, "Progress", a.Operation.Key, w.now,
				fmt.Sprintf("after calm a read through %s is %s", proposerName(a.Operation.Proposer), a.Outcome))
		}
	}
	r := &Result{
		Schedule: w.Schedule, Events: w.events, Findings: w.monitor.findings, Answers: w.answers, nodes: w.nodes,
	}
	r.Schedule.Operations = w.Operations[:w.lasts]
	for _, n := range w.nodes {
		r.Steps += len(n.journal.recorded)
		r.Restarts += n.journal.run() - 1
	}
	return r
}

// Files gives the nodes' traces.
func (r *Result) Files() []*trace.File {
	constants := r.Schedule.constants()
	var files []*trace.File
	for _, n := range r.nodes {
		var hidden []string
		if n.acceptor != nil {
			hidden = []string{"Promise", "Accept", "Erase"}
		}
		files = append(files, n.journal.file(n.name, constants, hidden))
	}
	return files
}
