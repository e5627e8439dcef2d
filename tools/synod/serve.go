// The servers: an acceptor or a proposer of the register, as one process.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"synod/impl/admin"
	"synod/impl/paxos"
	"synod/impl/server"
	"synod/impl/transport"
	"synod/tools/synod/console"
	"synod/tools/synod/deployment"
)

const serveHelp = `
Runs one %s until it is interrupted. Once it listens it prints one line with its address; what it has to say after that
goes to standard error.

  synod serve acceptor -id a1 -listen 127.0.0.1:7001 -data data/a1 -trace a1.ndjson
  synod serve proposer -id p1 -listen 127.0.0.1:7101 -data data/p1 -trace p1.ndjson \
        -acceptors a1=127.0.0.1:7001,a2=127.0.0.1:7002,a3=127.0.0.1:7003

A proposer with -resp serves Redis clients as well, to all on this machine or to those who know a password. In a trace
a value stands as a number: itself if it is one, else 31 bits of a digest.

All nodes of a cluster are given the same -cluster, -acceptors, -proposers, -scheme and -stride, and keep them for
ever: nodes that disagree do not talk to each other. -acceptors are those with which the cluster began; others come and
go by "synod member". A node without addresses in -acceptors, as an acceptor may be, is
given the names alone. Nodes started from flags speak plaintext and therefore only on loopback; "synod init" and
"synod serve -config" are for all others.

Exit codes: 0 stopped by a signal, 1 failed while running (a disk that cannot be written, say), 2 a wrong flag.`

// serveFlags are the flags that acceptors and proposers have in common.
type serveFlags struct {
	node      server.Node
	acceptors string
	proposers string
	stride    uint
	cache     uint // MB
	bugs      string
	level     string
	admin     string
	joins     bool
}

func (f *serveFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.node.ID, "id", "", "this node's `name`, one of the cluster's")
	set.StringVar(&f.node.Cluster.Name, "cluster", "synod", "the cluster's `name`")
	set.StringVar(&f.acceptors, "acceptors", "a1,a2,a3", "the cluster's acceptors: `names`, each with =host:port where a proposer is to reach it")
	set.StringVar(&f.proposers, "proposers", "p1=1,p2=2", "the cluster's proposers: `names`, each with its id, which divides the ballots")
	set.StringVar(&f.node.Cluster.Scheme, "scheme", "pair", "how ballots are owned: `pair` or coprime")
	set.UintVar(&f.stride, "stride", 16, "scheme pair: no proposer's id is larger than this `number`")
	set.StringVar(&f.node.Listen, "listen", "127.0.0.1:0", "`host:port` to listen on; port 0 takes a free one")
	set.StringVar(&f.node.DataDir, "data", "", "the `folder` that holds this node's state")
	set.StringVar(&f.node.TracePath, "trace", "", "append every step to this `file` (default: no trace)")
	set.IntVar(&f.node.TraceSample, "sample", 1, "trace one key in so `many`: the same at all nodes, for as long as they have their traces")
	set.UintVar(&f.cache, "cache", server.DefaultCache>>20, "registers in memory, in `MB`; others are found again on disk")
	set.StringVar(&f.level, "log-level", "info", "tell what is of this `level` or above: debug, info, warn, error")
	set.StringVar(&f.admin, "admin", "", "serve metrics, health, readiness and profiles on this `host:port`, on loopback")
	set.StringVar(&f.bugs, "break", "", "switch known `bugs` on, separated by commas: "+strings.Join(paxos.BugNames(), ", "))
}

// config turns the flags into what a server needs. Addresses are those of the acceptors that have one.
func (f *serveFlags) config(out *console.Console, role string) (node server.Node, addresses map[string]string, err error) {
	node = f.node
	node.Cache = int(min(f.cache, 1<<20)) << 20
	if node.ID == "" {
		return node, nil, errors.New("which -id?")
	}
	if node.DataDir == "" {
		return node, nil, errors.New("which -data folder?")
	}
	if err := transport.Allow(node.Listen, false); err != nil {
		return node, nil, fmt.Errorf("-listen: %w", err)
	}
	if f.stride > 1<<30 {
		return node, nil, fmt.Errorf("-stride %d is too large", f.stride)
	}
	node.Cluster.Stride = uint32(f.stride)
	if node.Bugs, err = paxos.ParseBugs(f.bugs); err != nil {
		return node, nil, fmt.Errorf("-break: %w", err)
	}
	addresses = make(map[string]string)
	for _, entry := range strings.Split(f.acceptors, ",") {
		name, address, _ := strings.Cut(strings.TrimSpace(entry), "=")
		node.Cluster.Acceptors = append(node.Cluster.Acceptors, name)
		if address != "" {
			addresses[name] = address
		}
	}
	node.Cluster.Proposers = make(map[string]uint32)
	for _, entry := range strings.Split(f.proposers, ",") {
		name, text, _ := strings.Cut(strings.TrimSpace(entry), "=")
		id, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return node, nil, fmt.Errorf("-proposers: %q is not name=id", entry)
		}
		node.Cluster.Proposers[name] = uint32(id)
	}
	if err := node.Cluster.Validate(); err != nil {
		return node, nil, err
	}
	_, proposes := node.Cluster.Proposers[node.ID]
	accepts := slices.Contains(node.Cluster.Acceptors, node.ID)
	if role == "acceptor" && !accepts && !f.joins || role == "proposer" && !proposes {
		return node, nil, fmt.Errorf("-id: the cluster has no %s %s", role, node.ID)
	}
	if node.Log, err = (deployment.Log{Level: f.level}).Logger(out.Stderr); err != nil {
		return node, nil, fmt.Errorf("-log-level: %w", err)
	}
	node.Ready = func(address string) {
		fmt.Fprintf(out.Stdout, "synod %s %s listens on %s\n", role, node.ID, address)
	}
	return node, addresses, nil
}

func acceptorCommand() command {
	return command{
		name: "serve acceptor", summary: "runs an acceptor", help: fmt.Sprintf(serveHelp, "acceptor"),
		flags: func(set *flag.FlagSet) runner {
			var f serveFlags
			f.register(set)
			set.BoolVar(&f.joins, "join", false, "the acceptor is no founder, or comes back on an empty folder: it waits until it is made a member (synod member)")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				node, _, err := f.config(out, "acceptor")
				if err != nil {
					return exitUsage, err
				}
				m := &machine{metrics: admin.NewRegistry(buildVersion())}
				node.Metrics = m.metrics.Node(node.ID, "acceptor", len(node.Cluster.Acceptors))
				if err := m.administer(f.admin, out.Stdout); err != nil {
					return exitUsage, err
				}
				m.add(func(ctx context.Context) error {
					return server.RunAcceptor(ctx, server.AcceptorConfig{Node: node, Joins: f.joins})
				})
				return served(m.run(ctx))
			}
		},
	}
}

func proposerCommand() command {
	return command{
		name: "serve proposer", summary: "runs a proposer, which clients talk to", help: fmt.Sprintf(serveHelp, "proposer"),
		flags: func(set *flag.FlagSet) runner {
			var f serveFlags
			f.register(set)
			var timeout, sweep time.Duration
			var front deployment.RESP
			set.StringVar(&front.Listen, "resp", "", "serve Redis clients on this `host:port`, on loopback")
			set.StringVar(&front.PasswordFile, "resp-password-file", "", "the `file` with the password that Redis clients need (default: none)")
			set.IntVar(&front.MaxConnections, "resp-connections", 4096, "how `many` Redis clients are served at once")
			set.DurationVar(&sweep, "sweep-interval", server.DefaultSweepInterval, "how `long` to pause between sweeps for deletions and expired keys to erase")
			set.DurationVar(&timeout, "phase-timeout", server.DefaultPhaseTimeout, "how `long` each phase of a round waits for a quorum")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				node, addresses, err := f.config(out, "proposer")
				if err != nil {
					return exitUsage, err
				}
				if timeout <= 0 {
					return exitUsage, fmt.Errorf("-phase-timeout %v is not positive", timeout)
				}
				if sweep <= 0 {
					return exitUsage, fmt.Errorf("-sweep-interval %v is not positive", sweep)
				}
				for _, name := range node.Cluster.Acceptors {
					if addresses[name] == "" {
						return exitUsage, fmt.Errorf("-acceptors: %s has no address (write %s=host:port)", name, name)
					}
				}
				m := &machine{metrics: admin.NewRegistry(buildVersion())}
				node.Metrics = m.metrics.Node(node.ID, "proposer", len(node.Cluster.Acceptors))
				if err := m.administer(f.admin, out.Stdout); err != nil {
					return exitUsage, err
				}
				cfg := server.ProposerConfig{Node: node, Addresses: addresses, PhaseTimeout: timeout, SweepInterval: sweep}
				if front.Listen != "" {
					if err := transport.Allow(front.Listen, false); err != nil {
						return exitUsage, fmt.Errorf("-resp: %w", err)
					}
					file := deployment.File{Insecure: true, RESP: &front, Proposer: &deployment.Node{ID: node.ID}}
					opened, err := file.Front()
					if err != nil {
						return exitUsage, fmt.Errorf("-resp: %w", err)
					}
					cfg.Front = serveRESP(opened, node.ID, node.Metrics, node.Log, out.Stdout)
				}
				m.add(func(ctx context.Context) error { return server.RunProposer(ctx, cfg) })
				return served(m.run(ctx))
			}
		},
	}
}

// served turns the end of a server into an exit code: being stopped by a signal is a good end.
func served(err error) (int, error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return 0, nil
	}
	return 1, err
}
