// The server of a replica: keys in a replicated log, for Redis clients.

package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"synod/impl/admin"
	"synod/impl/log"
	"synod/impl/replica"
	"synod/impl/transport"
	"synod/tools/synod/console"
	"synod/tools/synod/deployment"
)

const serveReplicaHelp = `
Runs one replica of a log of commands on keys until it is interrupted. Once it listens it prints one line with its address
for other replicas, and one with that for Redis clients. Clients may speak to any replica; requests find the leader.

  synod serve replica -id r1 -listen 127.0.0.1:7201 -data data/r1 -resp 127.0.0.1:6381 \
        -replicas r1=127.0.0.1:7201,r2=127.0.0.1:7202,r3=127.0.0.1:7203

All replicas are given the same -cluster, the same quorums and the same names in -replicas, in the same order, and keep them for
ever.
Replicas started from flags speak plaintext and therefore only on loopback; "synod init -replicas" and "synod serve
-config" are for all others.

Exit codes: 0 stopped by a signal, 1 failed while running (a disk that cannot be written, say), 2 a wrong flag.`

// replicaFlags are the flags of a replica.
type replicaFlags struct {
	cfg             replica.Config
	replicas, bugs  string
	level, admin    string
	electionTimeout time.Duration
	front           deployment.RESP
	groups          int
	known           replicaBugs
}

func (f *replicaFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.cfg.ID, "id", "", "this replica's `name`")
	set.StringVar(&f.cfg.Cluster.Name, "cluster", "synod", "the cluster's `name`")
	set.StringVar(&f.replicas, "replicas", "", "all replicas, itself too: `name=host:port`, separated by commas; their places are their ids")
	set.IntVar(&f.cfg.Cluster.PrepareSize, "prepare-quorum", 0, "how `many` replicas have to promise before one leads; with those of -accept-quorum more than there are (default: a majority)")
	set.IntVar(&f.cfg.Cluster.AcceptSize, "accept-quorum", 0, "how `many` have to accept what the leader proposes (default: a majority)")
	set.StringVar(&f.cfg.Listen, "listen", "127.0.0.1:0", "`host:port` to listen on for the other replicas")
	set.StringVar(&f.cfg.DataDir, "data", "", "the `folder` that holds this replica's state")
	set.BoolVar(&f.cfg.Join, "join", false, "the folder is empty because this replica has lost its disk: it takes part once all others have answered")
	set.StringVar(&f.cfg.TracePath, "trace", "", "append every step to this `file` (default: no trace)")
	set.DurationVar(&f.electionTimeout, "election-timeout", replica.DefaultTick*replica.DefaultElectionTicks, "how `long` no leader is heard before a replica wants to lead, up to twice as long")
	set.DurationVar(&f.cfg.LeaseTerm, "lease", 0, "for how `long` a leader may answer reads without asking the others, after they granted it that (default: it asks them)")
	set.DurationVar(&f.cfg.ClockError, "clock-error", 0, "what the clocks of two replicas may `differ` by, over a lease (default: a tenth of it)")
	set.StringVar(&f.front.Listen, "resp", "", "serve Redis clients on this `host:port`, on loopback")
	set.StringVar(&f.front.PasswordFile, "resp-password-file", "", "the `file` with the password that Redis clients need (default: none)")
	set.IntVar(&f.front.MaxConnections, "resp-connections", 4096, "how `many` Redis clients are served at once")
	set.IntVar(&f.groups, "groups", 0, "run a replica of each of so `many` groups, which share out the keys (default: one log for all keys)")
	set.StringVar(&f.level, "log-level", "info", "tell what is of this `level` or above: debug, info, warn, error")
	set.StringVar(&f.admin, "admin", "", "serve metrics, health, readiness and profiles on this `host:port`, on loopback")
	set.StringVar(&f.bugs, "break", "", "switch known `bugs` on, separated by commas: "+strings.Join(replicaBugNames(), ", "))
}

// complete turns the flags into what a replica needs.
func (f *replicaFlags) complete(out *console.Console) (err error) {
	switch {
	case f.cfg.ID == "":
		return errors.New("which -id?")
	case f.cfg.DataDir == "":
		return errors.New("which -data folder?")
	case f.electionTimeout < replica.DefaultElectionTicks*time.Millisecond:
		return fmt.Errorf("-election-timeout %v is less than %d ms", f.electionTimeout, replica.DefaultElectionTicks)
	}
	if err := f.cfg.CheckLease(); err != nil {
		return fmt.Errorf("-lease and -clock-error: %w", err)
	}
	f.cfg.Tick = f.electionTimeout / replica.DefaultElectionTicks
	f.cfg.Cluster.Replicas, f.cfg.Addresses = map[string]uint32{}, map[string]string{}
	for i, entry := range strings.Split(f.replicas, ",") {
		name, address, ok := strings.Cut(strings.TrimSpace(entry), "=")
		if !ok || f.cfg.Addresses[name] != "" {
			return fmt.Errorf("-replicas: %q is not name=host:port, or there twice", entry)
		}
		f.cfg.Cluster.Replicas[name], f.cfg.Addresses[name] = uint32(i+1), address
	}
	if err := f.cfg.Cluster.Validate(); err != nil {
		return fmt.Errorf("-replicas: %w", err)
	}
	if f.cfg.Cluster.Replicas[f.cfg.ID] == 0 {
		return fmt.Errorf("-id: the cluster has no replica %s", f.cfg.ID)
	}
	if f.known, err = parseReplicaBugs(f.bugs); err != nil {
		return fmt.Errorf("-break: %w", err)
	}
	if err := checkFolder(f.cfg.DataDir, f.groups); err != nil {
		return fmt.Errorf("-groups: %w", err)
	}
	if f.cfg.Log, err = (deployment.Log{Level: f.level}).Logger(out.Stderr); err != nil {
		return fmt.Errorf("-log-level: %w", err)
	}
	return nil
}

func replicaCommand() command {
	return command{
		name: "serve replica", summary: "runs a replica of a log, which Redis clients talk to", help: serveReplicaHelp,
		flags: func(set *flag.FlagSet) runner {
			var f replicaFlags
			f.register(set)
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if err := f.complete(out); err != nil {
					return exitUsage, err
				}
				var front *deployment.Front
				if f.front.Listen != "" {
					file := deployment.File{Insecure: true, RESP: &f.front, Replica: &deployment.Node{ID: f.cfg.ID}}
					var err error
					if front, err = file.Front(); err != nil {
						return exitUsage, fmt.Errorf("-resp: %w", err)
					}
				}
				m := &machine{metrics: admin.NewRegistry(buildVersion())}
				stdout := &lines{w: out.Stdout}
				m.replicate(keyServer{cfg: f.cfg, groups: f.groups, bugs: f.known, front: front, out: stdout})
				if err := m.administer(f.admin, stdout); err != nil {
					return exitUsage, err
				}
				return served(m.run(ctx))
			}
		},
	}
}

// replicasStatus prints a line for each replica of a cluster, group by group where it has several.
func replicasStatus(ctx context.Context, out *console.Console, f *deployment.File, config *tls.Config) (int, error) {
	if f.Cluster.Groups == 0 {
		return groupStatus(ctx, out, f, "", config)
	}
	var all error
	for _, name := range groupNames(f.Cluster.Groups) {
		fmt.Fprintf(out.Stdout, "group %s\n", name)
		if _, err := groupStatus(ctx, out, f, name, config); err != nil {
			all = errors.Join(all, fmt.Errorf("group %s: %w", name, err))
		}
	}
	if all != nil {
		return 1, all
	}
	return 0, nil
}

// groupStatus prints a line for each replica of a group.
func groupStatus(ctx context.Context, out *console.Console, f *deployment.File, of string, config *tls.Config) (int, error) {
	addresses := f.Addresses()
	names := slices.Sorted(maps.Keys(f.Cluster.Replicas))
	answers := make([]*transport.Status, len(names))
	errs := make([]error, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() { answers[i], errs[i] = replica.AskStatus(ctx, addresses[name], of, config) })
	}
	group.Wait()
	leads, quorum := "", cmp.Or(f.Cluster.AcceptQuorum, len(names)/2+1)
	for i, name := range names {
		s := answers[i]
		if errs[i] != nil {
			fmt.Fprintf(out.Stdout, "%-4s %-21s does not answer: %v\n", name, addresses[name], errs[i])
			continue
		}
		if s.Standing == string(log.Leader) && 1+len(s.Connected) >= quorum {
			leads = name
		}
		fmt.Fprintf(out.Stdout, "%-4s %-21s %s, run %d, leader %s, applied slot %d, reaches %s\n",
			name, addresses[name], s.Standing, s.Run, cmp.Or(s.Leader, "unknown"), s.Applied, strings.Join(s.Connected, " "))
	}
	if leads == "" {
		return 1, errors.New("no replica leads that reaches a quorum: the cluster does not serve")
	}
	return 0, nil
}
