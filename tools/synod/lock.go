// Locks on the command line: a command that runs under a lock, and who holds one.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"synod/impl/lease"
	"synod/impl/lock"
	"synod/impl/resp"
	"synod/tools/synod/console"
	"synod/tools/synod/deployment"
)

const lockHelp = `
Runs a command while it holds a lock, which at most one can at a time. The lock is kept by a replicated log ("synod serve
replica") and survives the loss of a replica. The command finds a token in the environment variable SYNOD_TOKEN, a number
that is larger for each holder than for those before: what it changes elsewhere should refuse smaller ones than it has
seen, because a computer may stand still at any moment, for longer than the lock lasts. The servers do that for requests
such as "FENCED stock 17 SET k v".

  synod lock -config cluster/client/synod.toml nightly -- backup.sh /srv
  synod lock -at 127.0.0.1:6381,127.0.0.1:6382 -term 30s -wait 1m report -- make report

The lock expires after -term if nobody renews it, which this command does as long as it runs. When that fails, the command
gets SIGTERM -grace before the lock is over, and SIGKILL before it is, with all processes of its group; so it does when
this command is interrupted. It is in a process group of its own, and should not read from a terminal.

With -trace the command takes down what it does about its lock (spec/lease/LogLease.tla). All who ask for locks of these
servers do so then, under names of their own that all know, and with the same -term and -clock-error:

  synod lock -at 127.0.0.1:6381 -trace h1.ndjson -node h1 -nodes h1,h2 report -- make report
  synod replay r1.locks.ndjson r?.terms.ndjson h?.ndjson

Exit codes: the command's own, or 128 and the signal that ended it; 75 the lock was not to be had in time, and nothing was
run; 76 the lock was lost, and the command stopped; 127 the command cannot be run; 2 a wrong flag.`

// Exit codes of the lock command, beside those of what it runs.
const (
	exitHeld  = 75
	exitLost  = 76
	exitNoRun = 127
)

func lockCommand() command {
	return command{
		name: "lock", args: "NAME -- COMMAND...", summary: "runs a command under a lock", help: lockHelp,
		flags: func(set *flag.FlagSet) runner {
			var where target
			where.locate(set)
			var o lease.Options
			set.DurationVar(&o.Term, "term", lease.DefaultTerm, "after which `time` the lock expires if this command is gone")
			set.DurationVar(&o.Margin, "grace", 2*time.Second, "how `long` the command has between SIGTERM and SIGKILL")
			set.DurationVar(&o.ClockError, "clock-error", 0, "what the clocks of two computers may differ by, over a term (default: a hundredth of it)")
			file := set.String("trace", "", "append every step to this `file` (default: no trace)")
			node := set.String("node", "", "with -trace: this command's `name` there")
			nodes := set.String("nodes", "", "with -trace: the `names` of all who ask for locks, separated by commas")
			known := set.String("break", "", "switch known `bugs` on, separated by commas: "+strings.Join(lock.BugNames(), ", "))
			wait := set.Duration("wait", 0, "how `long` to wait for the lock (default: for ever)")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) < 3 || args[1] != "--" {
					return exitUsage, errors.New("takes NAME -- COMMAND and its arguments")
				}
				access, err := where.access()
				if err != nil {
					return exitUsage, err
				}
				if o.Bugs, err = lock.ParseBugs(*known); err != nil {
					return exitUsage, fmt.Errorf("-break: %w", err)
				}
				if *file != "" {
					if o.Trace, err = lease.OpenTrace(*file, *node, strings.Split(*nodes, ","), o); err != nil {
						return exitUsage, fmt.Errorf("-trace, -node and -nodes: %w", err)
					}
					defer o.Trace.Close()
				}
				host, _ := os.Hostname()
				o.Owner = fmt.Sprintf("%s:%d", host, os.Getpid())
				waiting, cancel := context.WithCancel(ctx)
				if *wait > 0 {
					waiting, cancel = context.WithTimeout(ctx, *wait)
				}
				defer cancel()
				l, err := lease.Lock(waiting, redisOf(access), args[0], o)
				switch {
				case err != nil && waiting.Err() == nil:
					return exitUsage, err
				case err != nil:
					return exitHeld, err
				}
				return runUnder(ctx, l, o.Margin, out, args[2:])
			}
		},
	}
}

// redisOf asks the servers that the flags name. A request about a lock may be repeated: its owner or token names it.
func redisOf(a deployment.Access) lease.Redis {
	return func(ctx context.Context, words ...string) (resp.Reply, error) { return a.Ask(ctx, true, words...) }
}

// runUnder runs a command and releases the lease, unless that is lost.
func runUnder(ctx context.Context, l *lease.Lease, grace time.Duration, out *console.Console, words []string) (int, error) {
	// Where the kernel ends children with their parent it looks at the thread that started them.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, out.Stdout, out.Stderr
	cmd.Env = append(os.Environ(), "SYNOD_TOKEN="+strconv.FormatUint(l.Token(), 10))
	cmd.SysProcAttr, cmd.WaitDelay = childAttributes(), time.Second
	release := func() {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		if err := l.Release(ctx); err != nil {
			fmt.Fprintf(out.Stderr, "synod lock: the lock is not released, and will expire: %v\n", err)
		}
	}
	if !l.Held() {
		return exitLost, errors.New("the lock was lost before the command was run")
	}
	if err := cmd.Start(); err != nil {
		release()
		return exitNoRun, err
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	lost := false
	select {
	case <-ended:
		lost = !l.Held()
	case <-l.Lost():
		lost = true
		end(cmd, ended, time.Until(l.Until())-grace/10)
	case <-ctx.Done():
		end(cmd, ended, grace)
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // whom it has left behind
	if lost {
		return exitLost, errors.New("the lock was lost, and the command stopped")
	}
	release()
	return exitCode(cmd.ProcessState), nil
}

// end ends a command's process group: it has so long to do so by itself.
func end(cmd *exec.Cmd, ended <-chan struct{}, grace time.Duration) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(grace):
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
	}
}

// exitCode is what a shell makes of how a process ended.
func exitCode(s *os.ProcessState) int {
	if status, ok := s.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return s.ExitCode()
}

const leaseHelp = `
Prints who holds a lock: the owner, the token of the lease, and for how long it was granted or renewed last.

  synod lease -config cluster/client/synod.toml nightly

Exit codes: 0 somebody holds it, 1 nobody could be asked, 4 nobody holds it, 2 a wrong flag.`

func leaseCommand() command {
	return command{
		name: "lease", args: "NAME", summary: "prints who holds a lock", help: leaseHelp,
		flags: func(set *flag.FlagSet) runner {
			var where target
			where.register(set)
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) != 1 {
					return exitUsage, fmt.Errorf("takes NAME, got %d arguments", len(args))
				}
				access, err := where.access()
				if err != nil {
					return exitUsage, err
				}
				ctx, cancel := context.WithTimeout(ctx, where.timeout)
				defer cancel()
				held, ok, err := lease.Look(ctx, redisOf(access), args[0])
				switch {
				case err != nil:
					return 1, err
				case !ok:
					return exitCondition, fmt.Errorf("nobody holds the lock %q", args[0])
				}
				fmt.Fprintf(out.Stdout, "owner %s, token %d, term %s\n", held.Owner, held.Token, held.Term)
				return 0, nil
			}
		},
	}
}
