// The world of a run: replicas of a log, holders of a lock, and clocks that err.

// Package sim runs holders of a lock against a replicated log whose network and disks fail as a seed says, with clocks
// that err as far as they may. The same seed gives the same run. What the holders, the log and its leaders do is
// recorded as two behaviours: of spec/lease/LogLease.tla, and of spec/lock/Lock.tla.
package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"synod/impl/lock"
	"synod/impl/log"
	logsim "synod/impl/log/sim"
	"synod/impl/step"
	"synod/trace"
)

// Options say what is run.
type Options struct {
	Seed  uint64
	Steps int // how many things happen; 5000 if it is 0
	Bugs  lock.Bugs
}

// Result is what came of a run.
type Result struct {
	Lease   []*trace.File // a behaviour of spec/lease/LogLease.tla
	Lock    []*trace.File // a behaviour of spec/lock/Lock.tla
	Log     []*trace.File // a behaviour of spec/log/Log.tla
	Broken  []string      // properties of the specifications that do not hold, with what shows it
	Grants  int           // how often the lock was granted
	Renewed int           // how often it was renewed
	Expired int           // how often it expired
	Acts    int           // what holders did by their clocks alone
	Stored  int           // writes that the fence let through
	Fenced  int           // fetches and writes that it did not
}

// The lock, the fence, and the times of a run: one is a tick.
const (
	name       = "lock"
	fence      = "number"
	term       = time.Duration(20)
	clockError = time.Duration(3)
)

// world is all that a run has besides the log.
type world struct {
	Options
	random   *rand.Rand
	result   *Result
	now      time.Duration
	clock    map[string]time.Duration
	holders  []*holder
	leaders  map[string]*leader // by replica
	requests map[uint64]request // by the id of a command
	applied  []string           // all commands, with their results, in the order of the log
	ticks    int
	owned    uint64 // the token under which the lock is held in the log, 0 if it is free
	acted    uint64
	lease    logsim.Recorder
	lock     logsim.Recorder
	acks     int // writes that were performed
}

// request is a command that a client sends, perhaps several times.
type request struct {
	id      uint64
	from    *holder
	client  string
	number  uint64
	command lock.Command
	writes  int64 // store: the number
}

// leader is a replica's counting of terms, with the copy of the machine that it looks at.
type leader struct {
	expiry  lock.Expiry
	machine *lock.Machine
	number  uint64 // of its commands
}

// Run plays a run to its end.
func Run(o Options) *Result {
	if o.Steps == 0 {
		o.Steps = 5000
	}
	w := &world{
		Options: o, random: rand.New(rand.NewPCG(o.Seed, 45)), result: &Result{}, clock: map[string]time.Duration{},
		leaders: map[string]*leader{}, requests: map[uint64]request{},
	}
	var holders, replicas []string // their names in JSON
	for i := range 3 {
		h := &holder{world: w, id: fmt.Sprintf("h%d", i+1)}
		w.holders, holders = append(w.holders, h), append(holders, step.Quote(h.id))
		w.clock[h.id] = 0
	}
	for _, id := range []string{"r1", "r2", "r3"} {
		w.clock[id], replicas = 0, append(replicas, step.Quote(id))
	}
	w.lease = logsim.Recorder{Spec: "lease/LogLease.tla", Constants: trace.Fields{
		{Name: "Replica", JSON: step.Set(replicas...)}, {Name: "Holder", JSON: step.Set(holders...)}, {Name: "Nobody", JSON: `"nobody"`},
		{Name: "Term", JSON: step.Number(term)}, {Name: "Error", JSON: step.Number(clockError)},
	}}
	w.lock = logsim.Recorder{Spec: "lock/Lock.tla", Constants: trace.Fields{{Name: "Client", JSON: step.Set(holders...)}, {Name: "Nobody", JSON: `"nobody"`}}}
	for _, h := range w.holders {
		h.begin()
	}
	r := logsim.Run(logsim.Options{Seed: o.Seed, Steps: o.Steps, Workload: w, Brisk: 2})
	w.result.Broken = append(w.result.Broken, r.Broken...)
	w.result.Log, w.result.Lease, w.result.Lock = r.Files, w.lease.Files, w.lock.Files
	return w.result
}

// Start implements the log simulator's Workload.
func (w *world) Start(replica string) log.Machine {
	if l := w.leaders[replica]; l != nil {
		w.stops(replica)
	}
	l := &leader{machine: lock.New(&number64{})}
	l.expiry.Bugs, l.machine.Bugs = w.Bugs, w.Bugs
	if before := w.leaders[replica]; before != nil {
		l.number = before.number
	}
	w.leaders[replica] = l
	return &logsim.Watched{Machine: l.machine, Performed: w.performed}
}

// Happen implements Workload: something happens to each holder, near a replica.
func (w *world) Happen(at logsim.Node) {
	for _, h := range w.holders {
		h.happen(at)
	}
}

// Answered implements Workload.
func (w *world) Answered(_ string, a log.Answer) {
	if a.Unknown || w.random.IntN(10) == 0 {
		return // the client hears nothing, and asks again
	}
	id, _ := logsim.Unnumbered(a.Command.Body)
	q := w.requests[id]
	result, err := lock.ParseResult(a.Result)
	if err != nil {
		panic("sim: " + err.Error())
	}
	if q.from != nil {
		q.from.answered(q, result)
	}
}

// Ticked implements Workload: true time passes more slowly than a replica's ticks, and who leads looks at its clock.
func (w *world) Ticked(at logsim.Node) {
	if w.ticks++; w.ticks%3 == 0 {
		w.tick()
	}
	if at.Status().Role != log.Leader {
		w.stops(at.ID())
		return
	}
	w.counts(at)
}

// tick lets the true time pass, and each clock go as it likes between that and as much more as it may.
func (w *world) tick() {
	w.now++
	var shown []string
	for _, id := range []string{"r1", "r2", "r3", "h1", "h2", "h3"} {
		c := w.now + time.Duration(w.random.Int64N(int64(clockError)+1))
		w.clock[id] = max(w.clock[id], c)
		shown = append(shown, fmt.Sprintf(`["%s",%d]`, id, w.clock[id]))
	}
	w.lease.Step("time", "", "Tick", trace.Fields{{Name: "c", JSON: `{"#map":[` + strings.Join(shown, ",") + `]}`}},
		trace.Fields{{Name: "now", JSON: step.Number(w.now)}})
}

// counts lets a leader look at its copy of the machine.
func (w *world) counts(at logsim.Node) {
	l, r := w.leaders[at.ID()], at.ID()
	before, since := l.expiry.Counted(name)
	due := l.expiry.Due(l.machine.Locks(), w.clock[r])
	for _, c := range due {
		w.lease.Step(r, "", "AskForExpiry", trace.Fields{{Name: "r", JSON: step.Quote(r)}}, nil)
		w.submit(at, request{client: r, number: l.next(), command: c})
	}
	after, from := l.expiry.Counted(name)
	if after == 0 && before != 0 {
		w.forgets(r)
	} else if after != 0 && (after != before || from != since || len(due) > 0) {
		w.lease.Step(r, "", "Count", trace.Fields{{Name: "r", JSON: step.Quote(r)}, {Name: "n", JSON: step.Number(after)}},
			trace.Fields{{Name: "since[" + r + "]", JSON: step.Number(from)}})
	}
}

// next numbers the commands of a leader; another run of it goes on.
func (l *leader) next() uint64 {
	l.number++
	return l.number
}

// stops lets a replica stop to lead.
func (w *world) stops(replica string) {
	l := w.leaders[replica]
	if grant, _ := l.expiry.Counted(name); grant > 0 {
		w.forgets(replica)
	}
	l.expiry.Forget()
}

func (w *world) forgets(r string) {
	w.lease.Step(r, "", "Forget", trace.Fields{{Name: "r", JSON: step.Quote(r)}}, nil)
}

// submit sends a command. It bears an id, so that the log's steps can be told by the requests that they perform.
func (w *world) submit(at logsim.Node, q request) request {
	if q.id == 0 {
		q.id = uint64(len(w.requests) + 1)
		w.requests[q.id] = q
	}
	at.Submit(log.Command{Client: q.client, Number: q.number, Body: logsim.Numbered(q.id, q.command.String())})
	return q
}

// performed hears that a replica has performed the n-th command of the log. The first one to do so makes the steps of
// the log; all others must come to the same.
func (w *world) performed(n int, id uint64, command, text string) {
	entry := logsim.Numbered(id, command) + " -> " + text
	if n <= len(w.applied) {
		if w.applied[n-1] != entry {
			w.broken("MachinesAgree: command %d is %q, and elsewhere %q", n, entry, w.applied[n-1])
		}
		return
	}
	w.applied = append(w.applied, entry)
	result, err := lock.ParseResult(text)
	if err != nil {
		panic("sim: " + err.Error())
	}
	w.show(w.requests[id], result)
}

func (w *world) broken(format string, args ...any) {
	w.result.Broken = append(w.result.Broken, fmt.Sprintf(format, args...))
}
