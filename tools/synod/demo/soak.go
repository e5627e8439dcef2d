// The soak: kill after kill under load, and partitions besides, for as long as one likes.

package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"synod/conformance"
	"synod/tools/synod/console"
)

// subject is what is soaked: servers on loopback with links between them.
type subject interface {
	start(context.Context) error
	connect(client int) (visitor, error)
	running() []string // who may be killed
	kill(name string)
	restart(ctx context.Context, name string) error
	cut(*rand.Rand)
	heal()
	crashed() error
	traces() []string
	stop() error
	close()
}

// visitor is a client's connection.
type visitor interface {
	service
	Close() error
}

// soak is one soak under way.
type soak struct {
	Options
	kills   int
	out     *console.Console
	subject subject
	members *registers // the subject, where its members change
	history history
	random  *rand.Rand
	start   time.Time
	every   int // so many kills from one change of the members to the next; 0 is never
	findings
}

// findings are what a soak did and found.
type findings struct {
	killed         map[string]int
	splits         int
	counts         [3]int // of operations, by their outcome
	answers        linearizability
	took, replayed time.Duration
	replay         string // the report
	events         int
}

// add adds those of another soak.
func (f *findings) add(o *findings) {
	for name, n := range o.killed {
		f.killed[name] += n
	}
	for i, n := range o.counts {
		f.counts[i] += n
	}
	f.splits += o.splits
	f.answers.keys += o.answers.keys
	f.answers.operations += o.answers.operations
	f.answers.elapsed += o.answers.elapsed
	f.took += o.took
	f.replayed += o.replayed
	f.events += o.events
}

// Soak runs the demo's cluster under load while random processes are killed with SIGKILL and started again, kills times,
// and the network is cut in random shapes. Every so many kills an operator begins to exchange an acceptor, while all else goes
// on. Then it asks porcupine about all that clients were told, and has the traces replayed by the command itself, in bounded
// memory. Of the options it takes Program, Spec, Folder, Seed, Clients and Bugs.
func Soak(ctx context.Context, out *console.Console, o Options, kills, every int) (conformance.Verdict, error) {
	c := &registers{cluster: &cluster{site: site{program: o.Program, folder: o.Folder, bugs: o.Bugs}}, roster: newRoster()}
	s := &soak{Options: o, kills: kills, subject: c, members: c, every: every}
	verdict, err := s.run(ctx, out)
	if err == nil {
		s.print(out, o.Seed, kills)
		row(out, "exchanges", "%d of one acceptor for another", s.members.changed)
		row(out, "files", "%s", o.Folder)
	}
	return verdict, err
}

// partKills is how many kills a log lives through: a replica that starts again is told every slot since the last snapshot, so that
// in a log of many kills there would soon be little else.
const partKills = 10

// SoakReplicas is Soak of three replicas of a log, which Redis clients ask. lease is how long leaders hold one; 0 is not at all. It
// is done in parts, each with a new log in a folder of its own, and ends with one that does not conform.
func SoakReplicas(ctx context.Context, out *console.Console, o Options, kills int, lease time.Duration) (conformance.Verdict, error) {
	if err := claim(o.Folder); err != nil {
		return "", err
	}
	total := findings{killed: map[string]int{}}
	for part := 0; part*partKills < kills; part++ {
		p := o
		p.Folder, p.Seed = filepath.Join(o.Folder, fmt.Sprintf("part%d", part+1)), o.Seed+int64(part)
		s := &soak{
			Options: p, kills: min(partKills, kills-part*partKills),
			subject: &replicas{site: site{program: p.Program, folder: p.Folder, bugs: p.Bugs}, lease: lease},
		}
		verdict, err := s.run(ctx, out)
		if err != nil {
			return "", err
		}
		if verdict != conformance.Conforms {
			s.print(out, p.Seed, s.kills)
			row(out, "files", "%s", p.Folder)
			return verdict, nil
		}
		total.add(&s.findings)
		total.replay = fmt.Sprintf("%s events are steps of %s, in %d parts", console.Grouped(total.events), o.Spec, part+1)
	}
	total.print(out, o.Seed, kills)
	row(out, "files", "%s", o.Folder)
	return conformance.Conforms, nil
}

// run loads, and judges.
func (s *soak) run(ctx context.Context, out *console.Console) (conformance.Verdict, error) {
	if err := claim(s.Folder); err != nil {
		return "", err
	}
	s.out, s.random, s.killed = out, rand.New(rand.NewPCG(uint64(s.Seed), 17)), map[string]int{}
	err := s.load(ctx)
	out.Settle()
	if err != nil {
		return "", err
	}
	verdict, err := s.judge(ctx)
	out.Settle()
	if verdict == conformance.Conforms && !s.Keep {
		err = errors.Join(err, os.RemoveAll(filepath.Join(s.Folder, "data")))
	}
	return verdict, err
}

// load runs the servers, the clients and the kills, and stops the servers again.
func (s *soak) load(ctx context.Context) error {
	defer s.subject.close()
	if err := s.subject.start(ctx); err != nil {
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
		conn, err := s.subject.connect(id)
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
	return s.subject.stop()
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
			s.subject.cut(s.random)
		case 0:
			s.subject.heal()
		}
		if s.every > 0 && n%s.every == s.every/2 && s.members.under == nil {
			if err := s.members.begin(ctx, s.random); err != nil {
				return err
			}
		}
		if err := s.cycle(ctx); err != nil {
			return err
		}
		if err := s.proceed(0); err != nil {
			return err
		}
		s.progress(n + 1)
	}
	s.subject.heal()
	if err := s.proceed(lastExchange); err != nil {
		return err
	}
	return s.wait(ctx, mostUp, mostUp)
}

// proceed is that of the members, where they change.
func (s *soak) proceed(patience time.Duration) error {
	if s.every == 0 {
		return nil
	}
	return s.members.proceed(patience)
}

// progress tells how far it has come.
func (s *soak) progress(kills int) {
	counts := s.history.count()
	s.out.Progress("%s: %d of %d kills, %d partitions; %s operations, %d unknown", time.Since(s.start).Round(time.Second), kills,
		s.kills, s.splits, console.Grouped(counts[satisfied]+counts[rejected]+counts[unknown]), counts[unknown])
}

// lastExchange is how long an exchange may take after the last kill. An operator that was interrupted begins from the front.
const lastExchange = 2 * time.Minute

// cycle kills one process that is drawn and starts it again.
func (s *soak) cycle(ctx context.Context) error {
	if err := s.subject.crashed(); err != nil {
		return err
	}
	running := s.subject.running()
	victim := running[s.random.IntN(len(running))]
	s.killed[victim]++
	s.subject.kill(victim)
	if err := s.wait(ctx, leastDown, mostDown); err != nil {
		return err
	}
	if err := s.subject.restart(ctx, victim); err != nil {
		return err
	}
	return s.wait(ctx, leastUp, mostUp)
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
func (s *soak) judge(ctx context.Context) (verdict conformance.Verdict, err error) {
	s.took, s.counts = time.Since(s.start), s.history.count()
	if err := s.history.save(filepath.Join(s.Folder, "history.ndjson")); err != nil {
		return "", err
	}
	s.out.Progress("asking porcupine about the clients' answers")
	if s.answers, err = s.history.check(ctx, s.Folder); err != nil {
		return "", err
	}
	s.out.Progress("replaying the traces")
	start := time.Now()
	args := append([]string{"replay", "-stream", "-spec", s.Spec}, s.subject.traces()...)
	text, err := exec.CommandContext(ctx, s.Program, args...).Output()
	verdict = conformance.Conforms
	if err != nil {
		var exit *exec.ExitError
		switch {
		case !errors.As(err, &exit):
			return "", err
		case exit.ExitCode() == 1:
			verdict = conformance.Violates
		case exit.ExitCode() == 3:
			verdict = conformance.Inconclusive
		default:
			return "", fmt.Errorf("replay: %w: %s", err, exit.Stderr)
		}
	}
	s.replay, s.replayed = strings.TrimSpace(string(text)), time.Since(start)
	fmt.Sscanf(s.replay, "%d of", &s.events) // a report of a violation begins with something else
	return combine(verdict, s.answers, nil), nil
}

// print shows what was done and found.
func (f *findings) print(out *console.Console, seed int64, kills int) {
	row(out, "seed", "%d", seed)
	row(out, "kills", "%d in %v: %v", kills, f.took.Round(time.Second), f.killed)
	row(out, "partitions", "%d", f.splits)
	row(out, "operations", "%s satisfied, %s rejected, %s unknown", console.Grouped(f.counts[satisfied]),
		console.Grouped(f.counts[rejected]), console.Grouped(f.counts[unknown]))
	row(out, "answers", "%d keys, %s operations: %d illegal, %d undecided; %v", f.answers.keys, console.Grouped(f.answers.operations),
		len(f.answers.illegal), len(f.answers.undecided), f.answers.elapsed.Round(time.Millisecond))
	row(out, "replay", "%v", f.replayed.Round(time.Second))
	fmt.Fprintln(out.Stdout, f.replay)
}

func row(out *console.Console, name, format string, args ...any) {
	fmt.Fprintf(out.Stdout, "%-14s%s\n", name, fmt.Sprintf(format, args...))
}
