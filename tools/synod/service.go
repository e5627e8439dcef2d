// The service: the files of a new cluster, and what one machine runs of it.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"

	"synod/impl/admin"
	"synod/impl/server"
	"synod/impl/transport"
	"synod/tools/synod/console"
	"synod/tools/synod/deployment"
)

const initHelp = `
Writes the files of a new cluster of three machines into a folder that is empty or not there yet:

  DIR/node1 to DIR/node3   for one machine each: synod.toml, keys, certificates, the password of Redis clients
  DIR/client               for clients: synod.toml, a key and a certificate, the password
  DIR/operator             for operators, who may change the acceptors (synod member)
  DIR/authority            the key that signs certificates. No process needs it: keep it elsewhere

Each machine runs an acceptor and a proposer, or with -replicas a replica (synod serve -config DIR/node1/synod.toml).
Without -hosts all are on this machine, on ports of their own.

  synod init cluster
  synod init -hosts one.example.org,two.example.org,three.example.org -cluster stock cluster

Exit codes: 0 written, 2 a wrong flag or a folder that cannot be written.`

func initCommand() command {
	return command{
		name: "init", args: "DIR", summary: "writes configuration, keys and certificates of a cluster", help: initHelp,
		flags: func(set *flag.FlagSet) runner {
			var p deployment.Plan
			set.StringVar(&p.Name, "cluster", "", "the cluster's `name`: small letters, digits, hyphens (default: one made up)")
			set.BoolVar(&p.Replicas, "replicas", false, "each machine runs a replica of a log, in the place of an acceptor and a proposer")
			set.IntVar(&p.Groups, "groups", 0, "with -replicas: of so `many` logs, which share out the keys (synod shard)")
			hosts := set.String("hosts", "127.0.0.1", "`where` the three machines are, separated by commas, or one host for all")
			return func(_ context.Context, out *console.Console, args []string) (int, error) {
				dir, err := oneArgument(args, "DIR")
				if err != nil {
					return exitUsage, err
				}
				if p.Groups < 0 || p.Groups > maxGroups || p.Groups > 0 && !p.Replicas {
					return exitUsage, fmt.Errorf("-groups %d: it goes with -replicas, and is at most %d", p.Groups, maxGroups)
				}
				p.Hosts = strings.Split(*hosts, ",")
				name, err := deployment.Init(dir, p)
				if err != nil {
					return exitUsage, err
				}
				fmt.Fprintf(out.Stdout, "cluster %s is in %s: copy %s and its like to the machines and start there\n  synod serve -config %s\n",
					name, dir, filepath.Join(dir, "node1"), filepath.Join(dir, "node1", "synod.toml"))
				return 0, nil
			}
		},
	}
}

const serveFileHelp = `
Runs what a configuration file says: an acceptor, a proposer, or both, or a replica. Each prints one line with its address once it
listens; what it has to say after that goes to standard error. "synod init" writes such files, and docs/operate.md
explains them. (synod serve acceptor, proposer and replica run one node from flags alone.)

  synod serve -config cluster/node1/synod.toml
  synod serve -config cluster/node1/synod.toml -set log.level=debug -set resp.listen=127.0.0.1:6379

-set replaces a setting of the file, and comes before the environment, where SYNOD_RESP_LISTEN is resp.listen. Paths
are relative to the file's folder.

Exit codes: 0 stopped by a signal, 1 failed while running (a disk that cannot be written, say), 2 a wrong flag or file.`

// settings are flags of the form section.name=value, given any number of times.
type settings []string

// String implements flag.Value.
func (s *settings) String() string { return strings.Join(*s, " ") }

// Set implements flag.Value.
func (s *settings) Set(text string) error {
	*s = append(*s, text)
	return nil
}

func serveCommand() command {
	return command{
		name: "serve", summary: "runs an acceptor, a proposer or both, or a replica, from a file", help: serveFileHelp,
		flags: func(set *flag.FlagSet) runner {
			path := set.String("config", os.Getenv(configVariable), "the configuration `file` (default: what "+configVariable+" says)")
			insecure := set.Bool("insecure", false, "plaintext between nodes: on loopback only, and the file must name no certificates")
			var overrides settings
			set.Var(&overrides, "set", "replace a setting of the file: `section.name=value`; may be given again")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("%q is none of: acceptor, proposer, replica", args[0])
				}
				if *path == "" {
					return exitUsage, errors.New("which -config file? (from flags alone: synod serve acceptor, proposer, replica)")
				}
				if *insecure {
					overrides = append(overrides, "insecure=true")
				}
				all := append(deployment.Overrides(os.Environ()), overrides...)
				return serveFile(ctx, out, *path, all)
			}
		},
	}
}

// configVariable names the configuration file where no flag does.
const configVariable = "SYNOD_CONFIG"

// serveFile runs the nodes of a file until one ends, and then ends the other.
func serveFile(ctx context.Context, out *console.Console, path string, overrides []string) (int, error) {
	f, err := deployment.Read(path, overrides...)
	if err == nil {
		err = f.Validate()
	}
	if err != nil {
		return exitUsage, err
	}
	if f.GCPercent > 0 && os.Getenv("GOGC") == "" {
		debug.SetGCPercent(f.GCPercent)
	}
	m, err := newMachine(f, out)
	if err != nil {
		return exitUsage, err
	}
	return served(m.run(ctx))
}

// machine is what one process runs.
type machine struct {
	nodes   []func(context.Context) error
	metrics *admin.Registry
}

// newMachine reads all of a file, so that nothing runs where something is wrong.
func newMachine(f *deployment.File, out *console.Console) (*machine, error) {
	stderr := &lines{w: out.Stderr}
	log, err := f.Log.Logger(stderr)
	if err != nil {
		return nil, err
	}
	m := &machine{metrics: admin.NewRegistry(buildVersion())}
	stdout := &lines{w: out.Stdout}
	ready := func(role, id string) func(string) {
		return func(address string) { fmt.Fprintf(stdout, "synod %s %s listens on %s\n", role, id, address) }
	}
	var inside *transport.Inside
	if f.Acceptor != nil && f.Proposer != nil {
		inside = transport.NewInside(f.Acceptor.ID)
	}
	if f.Acceptor != nil {
		cfg, err := f.AcceptorConfig()
		if err != nil {
			return nil, fmt.Errorf("[acceptor] %w", err)
		}
		cfg.Log, cfg.Ready, cfg.Inside = log, ready("acceptor", cfg.ID), inside
		cfg.Metrics = m.metrics.Node(cfg.ID, "acceptor", len(cfg.Cluster.Acceptors))
		m.add(func(ctx context.Context) error { return server.RunAcceptor(ctx, cfg) })
	}
	if f.Proposer != nil {
		cfg, err := f.ProposerConfig()
		if err != nil {
			return nil, fmt.Errorf("[proposer] %w", err)
		}
		cfg.Log, cfg.Ready, cfg.Inside = log, ready("proposer", cfg.ID), inside
		cfg.Metrics = m.metrics.Node(cfg.ID, "proposer", len(cfg.Cluster.Acceptors))
		front, err := f.Front()
		if err != nil {
			return nil, err
		}
		if front != nil {
			cfg.Front = serveRESP(front, cfg.ID, cfg.Metrics, log, stdout)
		}
		m.add(func(ctx context.Context) error { return server.RunProposer(ctx, cfg) })
	}
	if f.Replica != nil {
		cfg, err := f.ReplicaConfig()
		if err != nil {
			return nil, fmt.Errorf("[replica] %w", err)
		}
		cfg.Log = log
		front, err := f.Front()
		if err != nil {
			return nil, err
		}
		if err := checkFolder(cfg.DataDir, f.Cluster.Groups); err != nil {
			return nil, fmt.Errorf("[cluster] groups: %w", err)
		}
		m.replicate(keyServer{cfg: cfg, groups: f.Cluster.Groups, front: front, out: stdout})
	}
	if f.Admin != nil {
		if err := m.administer(f.Admin.Listen, stdout); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// add adds a node.
func (m *machine) add(run func(context.Context) error) { m.nodes = append(m.nodes, run) }

// administer opens the admin port; "" opens none.
func (m *machine) administer(address string, out io.Writer) error {
	if address == "" {
		return nil
	}
	l, err := admin.Listen(address)
	if err != nil {
		return fmt.Errorf("admin port: %w", err)
	}
	fmt.Fprintf(out, "synod admin listens on %s\n", l.Addr())
	m.add(func(ctx context.Context) error { return m.metrics.Serve(ctx, l) })
	return nil
}

// run runs all nodes until ctx ends or one of them does.
func (m *machine) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	errs := make([]error, len(m.nodes))
	var group sync.WaitGroup
	for i, node := range m.nodes {
		group.Go(func() {
			defer stop()
			errs[i] = node(ctx)
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// lines keeps what several write from mixing.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
