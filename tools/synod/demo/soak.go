// The soak: kill after kill under load, and partitions besides, for as long as one likes.

package demo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"synod/conformance"
	"synod/tools/synod/console"
)

// soak is one soak under way.
type soak struct {
	Options
	kills   int
	out     *console.Console
	cluster *cluster
	history history
	random  *rand.Rand
	start   time.Time

	killed map[string]int
	splits int
	roster
	every int // so many kills from one change of the members to the next; 0 is never
}

// Soak runs the demo's cluster under load while random processes are killed with SIGKILL and started again, kills times,
// and the network is cut in random shapes. Every so many kills an operator begins to exchange an acceptor, while all else goes
// on. Then it asks porcupine about all that clients were told, and has the traces replayed by the command itself, in bounded
// memory. Of the options it takes Program, Spec, Folder, Seed, Clients and Bugs.
func Soak(ctx context.Context, out *console.Console, o Options, kills, every int) (conformance.Verdict, error) {
	if err := claim(o.Folder); err != nil {
		return "", err
	}
	s := &soak{
		Options: o, kills: kills, out: out, random: rand.New(rand.NewPCG(uint64(o.Seed), 17)), killed: map[string]int{},
		roster: newRoster(), every: every,
	}
	err := s.load(ctx)
	out.Settle()
	if err != nil {
		return "", err
	}
	verdict, err := s.judge(ctx)
	out.Settle()
	if verdict == conformance.Conforms && !o.Keep {
		err = errors.Join(err, os.RemoveAll(filepath.Join(o.Folder, "data")))
	}
	return verdict, err
}

// load runs the cluster, the clients and the kills, and stops the cluster again.
func (s *soak) load(ctx context.Context) error {
	s.cluster = &cluster{program: s.Program, folder: s.Folder, bugs: s.Bugs, traced: true}
	defer s.cluster.close()
	if err := s.cluster.start(ctx); err != nil {
		return err
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	loading, done := context.WithCancel(ctx)
	defer done()
	s.start = time.Now()
	var clients sync.WaitGroup
	keys := &keyring{}
	for id := range s.Clients {
		conn, err := s.cluster.connect(id % proposers)
		if err != nil {
			return err
		}
		defer conn.Close()
		c := &caller{id: id, service: conn, pen: newPen(s.Seed, id), keys: keys, history: &s.history, start: s.start, pauses: true}
		clients.Go(func() { giveUp(fail, c.run(loading)) })
	}
	err := s.disturb(ctx)
	done()
	clients.Wait()
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return s.cluster.stop()
}

// The times of a cycle: how long a killed process is down, and how long all run before the next is killed.
const (
	leastDown, mostDown = 100 * time.Millisecond, 900 * time.Millisecond
	leastUp, mostUp     = 300 * time.Millisecond, 1500 * time.Millisecond
)

// Of every splitEvery cycles the network is cut during splitFor.
const splitEvery, splitFor = 8, 2

// disturb kills, starts again, cuts and heals.
func (s *soak) disturb(ctx context.Context) error {
	for n := range s.kills {
		switch n % splitEvery {
		case splitEvery - splitFor:
			s.splits++
			s.cut()
		case 0:
			s.cluster.heal()
		}
		if s.every > 0 && n%s.every == s.every/2 && s.under == nil {
			if err := s.begin(ctx); err != nil {
				return err
			}
		}
		if err := s.cycle(ctx); err != nil {
			return err
		}
		if err := s.proceed(0); err != nil {
			return err
		}
		counts := s.history.count()
		s.out.Progress("%s: %d of %d kills, %d partitions, %d exchanges; %s operations, %d unknown", time.Since(s.start).Round(time.Second), n+1,
			s.kills, s.splits, s.changed, console.Grouped(counts[satisfied]+counts[rejected]+counts[unknown]), counts[unknown])
	}
	s.cluster.heal()
	if err := s.proceed(lastExchange); err != nil {
		return err
	}
	return s.wait(ctx, mostUp, mostUp)
}

// lastExchange is how long an exchange may take after the last kill. An operator that was interrupted begins from the front.
const lastExchange = 2 * time.Minute

// cycle kills one process that is drawn and starts it again.
func (s *soak) cycle(ctx context.Context) error {
	if err := s.cluster.nursery.crashed(); err != nil {
		return err
	}
	running := s.running()
	victim := s.random.IntN(len(running) + proposers)
	var start func() error
	if victim < len(running) {
		name := running[victim]
		s.killed[name]++
		s.cluster.acceptor(name).kill()
		start = func() error { return s.cluster.restart(ctx, name) }
	} else {
		p := victim - len(running)
		s.killed[proposerName(p)]++
		s.cluster.proposers[p].kill()
		start = func() error { return s.cluster.startProposer(ctx, p) }
	}
	if err := s.wait(ctx, leastDown, mostDown); err != nil {
		return err
	}
	if err := start(); err != nil {
		return err
	}
	return s.wait(ctx, leastUp, mostUp)
}

// cut severs links: one, all of an acceptor, all of a proposer, or those between two halves. The one link of an acceptor that
// has become a member later is cut by chance.
func (s *soak) cut() {
	p, a := s.random.IntN(proposers), s.random.IntN(acceptors)
	shape := s.random.IntN(4)
	for i := range s.cluster.links {
		for j, l := range s.cluster.links[i] {
			if shape == 0 && i == p && j == a || shape == 1 && j == a || shape == 2 && i == p || shape == 3 && (i == p) != (j == a) {
				l.sever()
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.cluster.guests)) {
		if s.random.IntN(2) == 0 {
			s.cluster.guests[name].link.sever()
		}
	}
}

// wait waits for a random time.
func (s *soak) wait(ctx context.Context, least, most time.Duration) error {
	d := least
	if most > least {
		d += time.Duration(s.random.Int64N(int64(most - least)))
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

// judge asks porcupine, and has the traces replayed as they were a stream.
func (s *soak) judge(ctx context.Context) (conformance.Verdict, error) {
	took := time.Since(s.start)
	if err := s.history.save(filepath.Join(s.Folder, "history.ndjson")); err != nil {
		return "", err
	}
	s.out.Progress("asking porcupine about the clients' answers")
	answers, err := s.history.check(ctx, s.Folder)
	if err != nil {
		return "", err
	}
	s.out.Progress("replaying the traces")
	replayed := time.Now()
	args := append([]string{"replay", "-stream", "-spec", s.Spec}, s.cluster.traces()...)
	text, err := exec.CommandContext(ctx, s.Program, args...).CombinedOutput()
	verdict := conformance.Conforms
	if err != nil {
		var exit *exec.ExitError
		switch {
		case errors.As(err, &exit) && exit.ExitCode() == 1:
			verdict = conformance.Violates
		case errors.As(err, &exit) && exit.ExitCode() == 3:
			verdict = conformance.Inconclusive
		default:
			return "", fmt.Errorf("replay: %w: %s", err, text)
		}
	}
	s.print(took, time.Since(replayed), answers, string(text))
	return combine(verdict, answers, nil), nil
}

// print shows what was done and found.
func (s *soak) print(took, replayed time.Duration, answers linearizability, replay string) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(s.out.Stdout, "%-14s%s\n", name, fmt.Sprintf(format, args...))
	}
	counts := s.history.count()
	row("seed", "%d", s.Seed)
	row("kills", "%d in %v: %v", s.kills, took.Round(time.Second), s.killed)
	row("partitions", "%d", s.splits)
	row("exchanges", "%d of one acceptor for another", s.changed)
	row("operations", "%s satisfied, %s rejected, %s unknown", console.Grouped(counts[satisfied]), console.Grouped(counts[rejected]), console.Grouped(counts[unknown]))
	row("answers", "%d keys, %s operations: %d illegal, %d undecided; %v", answers.keys, console.Grouped(answers.operations),
		len(answers.illegal), len(answers.undecided), answers.elapsed.Round(time.Millisecond))
	row("replay", "%v", replayed.Round(time.Second))
	fmt.Fprintln(s.out.Stdout, strings.TrimSpace(replay))
	row("files", "%s", s.Folder)
}
