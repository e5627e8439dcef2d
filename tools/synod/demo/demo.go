// The demo from beginning to end: processes, load, faults, replay, verdict.

// Package demo runs the register on five real processes, drives clients against them, splits the network, kills an
// acceptor, and then has two judges look at what happened: the specification, on which the processes' traces are
// replayed, and a register's definition, by which the clients' answers must be explained. Run is all there is to call.
package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"synod/conformance"
	"synod/tools/synod/console"
	"synod/tools/synod/merged"
)

// Options say what to run.
type Options struct {
	Program  string // the synod command, for the servers
	Spec     string // the specification's path
	Folder   string // where everything is put: traces, logs, the clients' history, databases
	Seed     int64  // of the operations and the faults
	Duration time.Duration
	Clients  int
	Bugs     string // known bugs to switch on, separated by commas
	Events   int    // the load goes on, three times as long at most, until the traces have so many events
	Keep     bool   // leave the databases in the folder even if all is well
}

// The figures of a healthy run in f, the number of acceptors that may fail: messages for one satisfied change.
const (
	f           = (acceptors - 1) / 2
	fewMessages = 2*f + 4 // one round trip, with a quorum
	allMessages = 8*f + 6 // two round trips, with all acceptors
)

// run is one demo under way.
type run struct {
	Options
	out     *console.Console
	cluster *cluster
	faults  faults
	history history
	start   time.Time // of the load
	length  time.Duration

	mu       sync.Mutex
	diary    []entry // the faults as they happened
	standing string  // what is wrong now, for the progress line
}

// entry is one line of the diary.
type entry struct {
	at   time.Duration
	text string
}

// Run runs the demo and prints its screen. The verdict is that of both judges together. An error means that there is
// none; no process is left in any case.
func Run(ctx context.Context, out *console.Console, o Options) (conformance.Verdict, error) {
	r := &run{Options: o, out: out, faults: newFaults(o.Seed, o.Duration)}
	if err := claim(o.Folder); err != nil {
		return "", err
	}
	if err := r.load(ctx); err != nil {
		out.Settle()
		return "", err
	}
	judged, err := r.judge(ctx)
	out.Settle()
	if err != nil {
		return "", err
	}
	judged.print(out, r)
	if judged.verdict == conformance.Conforms && !o.Keep {
		err = os.RemoveAll(filepath.Join(o.Folder, "data"))
	}
	return judged.verdict, err
}

// marker is the file by which a folder is known to be a demo's, to be emptied by the next one.
const marker = ".synod-demo"

// claim empties the folder or makes it. It refuses to empty one that no demo has written.
func claim(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(folder, marker)); err != nil {
			return fmt.Errorf("%s holds files that are not a demo's: name another folder with -dir", folder)
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, marker), nil, 0o644)
}

// load runs the cluster, the clients and the faults, and stops the cluster again.
func (r *run) load(ctx context.Context) error {
	r.cluster = &cluster{site: site{program: r.Program, folder: r.Folder, bugs: r.Bugs}}
	defer r.cluster.close()
	r.out.Progress("starting %d acceptors and %d proposers", acceptors, proposers)
	if err := r.cluster.start(ctx); err != nil {
		return err
	}
	// What fails on its own ends the others, and the first failure is the one that is told.
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	loading, done := context.WithCancel(ctx)
	defer done()
	r.start = time.Now()
	var clients, around sync.WaitGroup
	keys := &keyring{}
	for id := range r.Clients {
		conn, err := r.cluster.connect(id)
		if err != nil {
			return err
		}
		defer conn.Close()
		c := &caller{id: id, service: conn, pen: newPen(r.Seed, id), keys: keys, history: &r.history, start: r.start, pauses: true}
		clients.Go(func() { giveUp(fail, c.run(loading)) })
	}
	calm := make(chan struct{})
	around.Go(func() { giveUp(fail, r.disturb(loading)); close(calm) })
	around.Go(func() { giveUp(fail, r.watch(loading, calm, done)) })
	clients.Wait()
	r.length = time.Since(r.start)
	around.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r.out.Progress("stopping the servers")
	return r.cluster.stop()
}

func giveUp(fail context.CancelCauseFunc, err error) {
	if err != nil {
		fail(err)
	}
}

// disturb runs the schedule of faults. Each waits, beyond its time, until the one before has shown: so a busy machine's demo
// meets what an idle one's does.
func (r *run) disturb(ctx context.Context) error {
	proposer, victim := proposerName(r.faults.proposer), acceptorName(r.faults.victim)
	taken, enough := newTally([]string{r.cluster.trace(victim)}), stepsPerClient*r.Clients
	steps := []struct {
		at       time.Duration
		happened string
		standing string
		act      func() error
		shows    int // when the victim has taken so many steps after it
	}{
		{r.faults.split, fmt.Sprintf("the network splits: %s and %s on one side, all others on the other", proposer, victim),
			"network split", func() error { r.cluster.split(r.faults.proposer, r.faults.victim); return nil }, enough},
		{r.faults.kill, victim + " is killed with SIGKILL",
			"network split, " + victim + " down", func() error { r.cluster.acceptors[r.faults.victim].kill(); return nil }, 0},
		{r.faults.restart, victim + " is started again from its disk",
			"network split", func() error { return r.cluster.startAcceptor(ctx, r.faults.victim) }, enough},
		{r.faults.heal, "the network is whole again", "", func() error { r.cluster.heal(); return nil }, enough},
	}
	if err := shown(ctx, taken, enough); err != nil {
		return err
	}
	for _, s := range steps {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Until(r.start.Add(s.at))):
		}
		at := time.Since(r.start)
		if err := s.act(); err != nil {
			return err
		}
		r.mu.Lock()
		r.diary = append(r.diary, entry{at, s.happened})
		r.standing = s.standing
		r.mu.Unlock()
		if err := shown(ctx, taken, s.shows); err != nil {
			return err
		}
	}
	return nil
}

// stepsPerClient is how many steps the victim takes for each client before a fault has shown: those whose proposer is cut off
// with it come to it a second time, after the round that the fault broke.
const stepsPerClient = 1

// shown waits until the traces in t are so many steps longer.
func shown(ctx context.Context, t *tally, steps int) error {
	limit := time.After(time.Minute)
	for before := t.lines(); t.lines() < before+steps; {
		select {
		case <-ctx.Done():
			return nil
		case <-limit:
			return fmt.Errorf("%s has grown by %d of %d steps in a minute", t.paths[0], t.lines()-before, steps)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// watch shows the progress, notices servers that end by themselves, and ends the load: after its time, once the faults are
// over and the traces are long enough.
func (r *run) watch(ctx context.Context, calm <-chan struct{}, done func()) error {
	tally := newTally(r.cluster.traces())
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := r.cluster.nursery.crashed(); err != nil {
			return err
		}
		elapsed, events, counts := time.Since(r.start), tally.lines(), r.history.count()
		r.mu.Lock()
		standing := r.standing
		r.mu.Unlock()
		if standing != "" {
			standing = ", " + standing
		}
		r.out.Progress("%4.1f s of %v: %s operations, %s events%s", elapsed.Seconds(), r.Duration,
			console.Grouped(counts[satisfied]+counts[rejected]+counts[unknown]), console.Grouped(events), standing)
		if elapsed < r.Duration || events < r.Events && elapsed < 3*r.Duration {
			continue
		}
		select {
		case <-calm:
			done()
			return nil
		default:
		}
	}
}

// judged is what the two judges say, and what else is worth telling.
type judged struct {
	verdict  conformance.Verdict
	answers  linearizability
	report   *conformance.Report
	replay   bytes.Buffer // the report as text
	took     time.Duration
	torn     []string
	messages messageCount
	shrunk   string   // the file with the events that show the violation
	missing  []string // keys on which clients were told of more changes than were acknowledged in a trace
}

// judge asks porcupine about the clients' answers and replays the traces.
func (r *run) judge(ctx context.Context) (*judged, error) {
	j := &judged{}
	if err := r.history.save(filepath.Join(r.Folder, "history.ndjson")); err != nil {
		return nil, err
	}
	r.out.Progress("merging the traces of %d processes", acceptors+proposers)
	all, err := merged.Read(r.cluster.traces())
	if err != nil {
		return nil, err
	}
	j.torn, j.messages = all.Torn, countMessages(all.Events)
	j.missing = r.history.unrecorded(all.Events)
	r.out.Progress("asking porcupine about the clients' answers")
	if j.answers, err = r.history.check(ctx, r.Folder); err != nil {
		return nil, err
	}
	start := time.Now()
	spec, err := conformance.LoadSpec(r.Spec, conformance.SpecOptions{Headers: all.Headers})
	if err != nil {
		return nil, err
	}
	j.report, err = conformance.Replay(ctx, spec, all.Headers, all.Events, conformance.Options{
		Progress: func(done int) {
			r.out.Progress("replaying on %s: %s of %s events", r.Spec, console.Grouped(done), console.Grouped(len(all.Events)))
		},
	})
	if err != nil {
		return nil, err
	}
	j.took = time.Since(start)
	if j.report.Verdict == conformance.Violates {
		r.out.Progress("shrinking the violation")
		j.shrunk = filepath.Join(r.Folder, "violation.ndjson")
		if err := merged.Shrink(ctx, j.shrunk, spec, all, conformance.Options{}); err != nil {
			return nil, err
		}
	}
	j.verdict = combine(j.report.Verdict, j.answers, j.missing)
	return j, j.report.WriteText(&j.replay)
}

// combine gives the verdict of both judges: what one refuses is refused, and what one cannot decide is not decided.
func combine(replay conformance.Verdict, answers linearizability, missing []string) conformance.Verdict {
	switch {
	case replay == conformance.Violates || len(answers.illegal) > 0 || len(missing) > 0:
		return conformance.Violates
	case replay == conformance.Inconclusive || len(answers.undecided) > 0:
		return conformance.Inconclusive
	default:
		return conformance.Conforms
	}
}
