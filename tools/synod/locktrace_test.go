// Traces of locks: what real processes do about them is a behaviour of the specification, and bugs are found in it.

package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/lease"
	"synod/impl/lock"
	"synod/impl/resp"
	"synod/tools/synod/deployment"
)

// holderNames are those who ask for locks in these tests.
var holderNames = []string{"h1", "h2", "h3"}

// lockOptions are the same for all who ask for the locks of a service.
func lockOptions(term time.Duration) lease.Options {
	return lease.Options{Term: term, Wait: 5 * time.Millisecond}
}

// holds opens the trace of a process that asks for locks, and gives what it asks with.
func (s *service) holds(name string, o lease.Options) (lease.Options, lease.Submitter) {
	var err error
	o.Trace, err = lease.OpenTrace(filepath.Join(s.dir, name+".ndjson"), name, holderNames, o)
	require.NoError(s.t, err)
	return o, redisOf(deployment.Access{Servers: s.fronts()})
}

// lockSteps is what a replica has recorded of what the log did about locks.
func (s *service) lockSteps(replica string) string {
	text, err := os.ReadFile(filepath.Join(s.dir, replica+".locks.ndjson"))
	require.NoError(s.t, err)
	return string(text)
}

// replayLocks replays what all processes did about locks, as one replica has come to what the log did.
func (s *service) replayLocks(replica string) (code int, out string) {
	files := []string{filepath.Join(s.dir, replica+".locks.ndjson")}
	for _, pattern := range []string{"r?.terms.ndjson", "h?.ndjson"} {
		found, err := filepath.Glob(filepath.Join(s.dir, pattern))
		require.NoError(s.t, err)
		files = append(files, found...)
	}
	code, out, errs := invoke(append([]string{"replay", "-spec", "../../spec/lease/LogLease.tla"}, files...)...)
	return code, out + errs
}

// replayFences replays what the log did about locks and what they guard, as one replica has come to it.
func (s *service) replayFences(replica string) (code int, out string) {
	config := filepath.Join(s.dir, "Lock.cfg")
	text := fmt.Sprintf("SPECIFICATION Spec\nCONSTANT Client = {\"%s\"}\n", strings.Join(holderNames, `", "`))
	require.NoError(s.t, os.WriteFile(config, []byte(text), 0o644))
	code, out, errs := invoke("replay", "-spec", "../../spec/lock/Lock.tla", "-config", config, "-unlogged", "Write=1",
		filepath.Join(s.dir, replica+".fences.ndjson"))
	return code, out + errs
}

// settle waits until all replicas have recorded the same, and ends them.
func (s *service) settle() {
	require.Eventually(s.t, func() bool {
		return s.lockSteps("r1") == s.lockSteps("r2") && s.lockSteps("r2") == s.lockSteps("r3")
	}, time.Minute, 10*time.Millisecond)
	for _, name := range replicaNames {
		s.kill(name)
	}
}

// Holders compete for locks, are killed and go away, and leaders are killed under them.
func TestLocksOfProcessesConform(t *testing.T) {
	t.Parallel()
	s := newReplicas(t)
	kills := killsWanted(t, 1)
	const term = 2 * time.Second
	o := lockOptions(term)
	// One dies with the lock: it has to expire.
	trace := []string{"-trace", filepath.Join(s.dir, "h1.ndjson"), "-node", "h1", "-nodes", strings.Join(holderNames, ","),
		"-term", term.String(), "-grace", "100ms", "-at", strings.Join(s.fronts(), ",")}
	began := filepath.Join(s.dir, "began")
	victim := exec.Command(os.Args[0], append(append([]string{"lock"}, trace...), "a", "--", "sh", "-c", "touch "+began+"; sleep 60")...)
	victim.Env = append(os.Environ(), commandVariable+"=1")
	require.NoError(t, victim.Start())
	require.Eventually(t, func() bool { return exists(s.dir, "began") }, time.Minute, time.Millisecond)
	require.NoError(t, victim.Process.Kill())
	victim.Wait()
	leader := s.leading()
	s.kill(leader)
	s.start(leader)
	// Its name is another run's now, which waits for the lock as others do, and renews it.
	var all sync.WaitGroup
	for _, name := range holderNames[1:] {
		all.Go(func() { s.compete(name, o, 2*kills+1) })
	}
	all.Go(func() {
		for n := range kills - 1 {
			time.Sleep(term / 2)
			s.kill(replicaNames[n%3])
			s.start(replicaNames[n%3])
		}
	})
	code, _, errs := subcommand(t, append(append([]string{"lock"}, trace...), "a", "--", "sleep", "1")...)
	require.Zero(t, code, errs)
	all.Wait()
	s.settle()
	code, out := s.replayFences("r1")
	require.Zero(t, code, out)
	code, out = s.replayLocks("r1")
	require.Zero(t, code, out)
	require.Contains(t, out, "conforms")
	text := s.lockSteps("r1")
	for _, action := range []string{"Acquire", "Renew", "Release", "Expire"} {
		require.Contains(t, text, fmt.Sprintf("%q", action))
	}
	altered := strings.Replace(text, `"action":"Renew"`, `"action":"Acquire"`, 1)
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "r1.locks.ndjson"), []byte(altered), 0o644))
	code, out = s.replayLocks("r1")
	require.Equal(t, 1, code, out)
}

// compete has a holder take each of two locks some times, and act under them.
func (s *service) compete(name string, o lease.Options, times int) {
	o, ask := s.holds(name, o)
	defer o.Trace.Close()
	for i := range times {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		l, err := lease.Lock(ctx, ask, []string{"a", "b"}[i%2], o)
		cancel()
		if !assertNoError(s.t, err) {
			return
		}
		for range 3 {
			if !l.Held() || !s.add(l.Token(), []string{"a", "b"}[i%2]) {
				break
			}
			time.Sleep(o.Term / 6)
		}
		l.Release(context.Background())
	}
}

// add adds 1 to a key that a lock guards. It reports whether that is done: otherwise nothing more must be written under the
// token.
func (s *service) add(token uint64, name string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fenced := func(harmless bool, words ...string) (string, bool) {
		words = append([]string{"FENCED", name, fmt.Sprint(token)}, words...)
		r, err := deployment.Access{Servers: s.fronts()}.Ask(ctx, harmless, words...)
		return string(r.Bulk), err == nil && !r.IsError()
	}
	text, ok := fenced(true, "GET", name)
	if !ok {
		return false
	}
	n, _ := strconv.Atoi(text)
	_, ok = fenced(false, "SET", name, strconv.Itoa(n+1))
	return ok
}

func assertNoError(t *testing.T, err error) bool {
	if err != nil {
		t.Error(err)
	}
	return err == nil
}

// provocations have a bug of locks show itself. All replicas have it, and so have holders.
var provocations = map[lock.Bugs]func(s *service, l *lease.Lease, o lease.Options){
	lock.CountedFromAnswer: func(*service, *lease.Lease, lease.Options) {},
	lock.ErrorAdded:        actToTheEnd,
	lock.ErrorIgnored:      actToTheEnd,
	lock.NotCheckedAgain: func(s *service, l *lease.Lease, _ lease.Options) {
		s.stopRenewals()
		time.Sleep(time.Until(l.Until()))
		l.Held()
	},
	lock.GrantedTwice: func(s *service, _ *lease.Lease, o lease.Options) { s.compete("h2", o, 1) },
	lock.TokenIgnored: func(s *service, l *lease.Lease, _ lease.Options) {
		_, err := redisOf(deployment.Access{Servers: s.fronts()})(s.t.Context(), "LOCK", "RELEASE", "a", "999")
		require.NoError(s.t, err)
	},
	lock.ForgottenOverRestart: func(s *service, _ *lease.Lease, _ lease.Options) {
		require.Eventually(s.t, func() bool {
			found, _ := filepath.Glob(filepath.Join(s.dir, "r?.terms.ndjson"))
			return slices.ContainsFunc(found, func(name string) bool {
				text, _ := os.ReadFile(name)
				return strings.Contains(string(text), `"Count"`)
			})
		}, time.Minute, time.Millisecond)
	},
}

// stopRenewals takes the quorum away.
func (s *service) stopRenewals() {
	s.kill("r1")
	s.kill("r2")
}

// actToTheEnd acts as long as the holder thinks that it may.
func actToTheEnd(s *service, l *lease.Lease, _ lease.Options) {
	s.stopRenewals()
	for l.Held() {
		time.Sleep(time.Millisecond)
	}
}

// Bugs of the log, of its leaders and of holders are found in the traces of processes.
func TestEachBugOfLocksIsCaught(t *testing.T) {
	t.Parallel()
	for bug, provoke := range provocations {
		t.Run(bug.String(), func(t *testing.T) {
			t.Parallel()
			s := newReplicas(t, "-break", bug.String())
			o := lockOptions(2 * time.Second)
			o.Bugs, o.ClockError = bug, 900*time.Millisecond
			first, ask := s.holds("h1", o)
			l, err := lease.Lock(t.Context(), ask, "a", first)
			require.NoError(t, err)
			provoke(s, l, o)
			require.NoError(t, first.Trace.Close())
			for _, name := range replicaNames {
				s.kill(name)
			}
			longest := slices.MaxFunc(replicaNames, func(a, b string) int { return cmp.Compare(len(s.lockSteps(a)), len(s.lockSteps(b))) })
			code, out := s.replayLocks(longest)
			require.Equal(t, 1, code, out)
			t.Log(out)
		})
	}
}

// Bugs of fences are found in what the log did: one comes late, with an old token.
func TestEachBugOfFencesIsCaught(t *testing.T) {
	t.Parallel()
	for _, bug := range []lock.Bugs{0, lock.NoToken, lock.FetchWithoutToken, lock.LastTokenKept} {
		t.Run(bug.String(), func(t *testing.T) {
			t.Parallel()
			s := newReplicas(t, "-break", bug.String())
			ask := redisOf(deployment.Access{Servers: s.fronts()})
			must := func(words ...string) resp.Reply {
				r, err := ask(t.Context(), words...)
				require.NoError(t, err)
				return r
			}
			for i, term := range []string{"50", "60000"} { // the first expires
				h := holderNames[i]
				var r resp.Reply
				require.Eventually(t, func() bool {
					r = must("LOCK", "ACQUIRE", "a", h, term, strconv.Itoa(i+1), h+"/1/1", "1")
					return string(r.List[0].Bulk) == string(lock.Granted)
				}, time.Minute, time.Millisecond)
				must("FENCED", "a", strconv.FormatInt(r.List[2].Integer, 10), "GET", "a")
			}
			must("FENCED", "a", "1", "SET", "a", "late")
			must("FENCED", "a", "1", "GET", "a")
			s.settle()
			code, out := s.replayFences("r1")
			if bug == 0 {
				require.Zero(t, code, out)
			} else {
				require.Equal(t, 1, code, out)
			}
		})
	}
}
