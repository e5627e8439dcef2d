// What a server of a replicated log runs: a replica of keys with locks, or one of each of several groups.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"synod/impl/journal"
	"synod/impl/keyvalue"
	"synod/impl/lock"
	"synod/impl/log"
	"synod/impl/paxos"
	"synod/impl/replica"
	"synod/impl/shard"
	"synod/impl/step"
	"synod/tools/synod/deployment"
	"synod/trace"
)

// keyServer is what such a server is to run.
type keyServer struct {
	cfg    replica.Config
	groups int // 0 is one log for all keys
	bugs   replicaBugs
	front  *deployment.Front // nil is no port for Redis clients
	out    io.Writer
}

// replicaBugs are the known bugs that are switched on in each part of a server.
type replicaBugs struct {
	log   log.Bugs
	shard shard.Bugs
	lock  lock.Bugs
}

// replicaBugNames lists the names that parseReplicaBugs knows.
func replicaBugNames() []string {
	names := slices.Concat(log.BugNames(), shard.BugNames(), lock.BugNames())
	slices.Sort(names)
	return slices.Compact(names)
}

// parseReplicaBugs reads a list of bugs. A name that two parts have switches both on.
func parseReplicaBugs(text string) (b replicaBugs, err error) {
	of := func(known []string) string {
		var own []string
		for _, name := range strings.Split(text, ",") {
			if slices.Contains(known, name) {
				own = append(own, name)
			}
		}
		return strings.Join(own, ",")
	}
	for _, name := range strings.Split(text, ",") {
		if name != "" && !slices.Contains(replicaBugNames(), name) {
			return b, fmt.Errorf("no bug is called %q: there are %s", name, strings.Join(replicaBugNames(), ", "))
		}
	}
	b.log, err = log.ParseBugs(of(log.BugNames()))
	if err == nil {
		b.shard, err = shard.ParseBugs(of(shard.BugNames()))
	}
	if err == nil {
		b.lock, err = lock.ParseBugs(of(lock.BugNames()))
	}
	return b, err
}

// replicate adds what the server runs.
func (m *machine) replicate(s keyServer) {
	s.cfg.Bugs = s.bugs.log
	if s.groups > 0 {
		m.share(s)
		return
	}
	s.cfg.Metrics = m.metrics.Node(s.cfg.ID, replica.Role, len(s.cfg.Cluster.Replicas))
	m.add(func(ctx context.Context) (err error) {
		locks := lock.NewClocked(keyvalue.NewMachine())
		traces, err := s.traceLocks(locks)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, traces.close()) }()
		s.cfg.Machine = locks
		r, err := replica.Start(s.cfg)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "synod replica %s listens on %s\n", s.cfg.ID, r.Address())
		stop := func() {}
		if s.front != nil {
			stop, err = openFront(s.front, keyvalue.Config{Log: logged{r}, Node: s.cfg.ID}, s.cfg.Metrics, s.cfg.Log, s.out)
		}
		if err == nil {
			select {
			case <-ctx.Done():
			case <-r.Done():
			}
			stop()
		}
		return errors.Join(err, r.Stop())
	})
}

// lockTraces are what a replica records of locks: what the log does with them, and how the replica counts their terms.
type lockTraces struct {
	machines []*journal.Machine
	terms    *journal.Process
}

// traceLocks has the machine with the locks record its steps beside the replica's trace, if there is one.
func (s *keyServer) traceLocks(locks *lock.Clocked) (t lockTraces, err error) {
	locks.Machine.Bugs, locks.Expiry.Bugs = s.bugs.lock, s.bugs.lock
	if s.cfg.TracePath == "" {
		return t, nil
	}
	var names []string
	for name := range s.cfg.Cluster.Replicas {
		names = append(names, name)
	}
	slices.Sort(names)
	base := strings.TrimSuffix(s.cfg.TracePath, ".ndjson")
	header := trace.Header{Spec: lock.SpecPath, Node: lock.Node, Constants: journal.Fields(lock.Constants(names, nil, 0, 0))}
	fences := trace.Header{Spec: lock.FenceSpecPath, Node: lock.Node, Constants: journal.Fields(lock.Constants(nil, nil, 0, 0))}
	for _, x := range []struct {
		suffix string
		header trace.Header
		steps  *step.Counter
	}{{".locks.ndjson", header, &locks.Counter}, {".fences.ndjson", fences, &locks.Fences}} {
		j, err := journal.OpenMachine(base+x.suffix, x.header)
		if err != nil {
			return t, errors.Join(err, t.close())
		}
		j.Ended = s.endOf(s.cfg.TracePath, "locks")
		t.machines, x.steps.Record = append(t.machines, j), j.Record
	}
	header.Node = s.cfg.ID
	if t.terms, err = journal.OpenProcess(base+".terms.ndjson", header); err != nil {
		return t, errors.Join(err, t.close())
	}
	locks.Expiry.Node, locks.Expiry.Record = s.cfg.ID, t.terms.Record
	return t, nil
}

// endOf tells of the end of a machine's trace.
func (s *keyServer) endOf(path, of string) func(step uint64) {
	return func(step uint64) {
		s.cfg.Log.Warn("a trace ends here, because steps came with another replica's snapshot: that replica's goes on",
			"trace", path, "of", of, "step", step)
	}
}

func (t lockTraces) close() (err error) {
	for _, j := range t.machines {
		err = errors.Join(err, j.Close())
	}
	return errors.Join(err, t.terms.Close())
}

// logged is a replica as a front asks it.
type logged struct{ *replica.Replica }

// frontPatience is how long a front's request is tried.
const frontPatience = 5 * time.Second

// Do implements keyvalue.Log.
func (l logged) Do(command string, harmless bool, done func(string, paxos.Outcome)) {
	ask := l.Go
	if harmless {
		ask = l.Query
	}
	ask(command, frontPatience, func(result string, err error) {
		switch {
		case err == nil:
			done(result, paxos.Satisfied)
		case errors.Is(err, replica.ErrRejected):
			done("", paxos.Rejected)
		default:
			done("", paxos.Unknown)
		}
	})
}
