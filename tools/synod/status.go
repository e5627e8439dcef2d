// Status: how a node is, or all nodes of a cluster.

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/credentials"

	"synod/impl/client"
	"synod/impl/replica"
	"synod/impl/transport"
	"synod/tools/synod/console"
	"synod/tools/synod/deployment"
)

const statusHelp = `
Asks a running node on this machine how it is and prints its answer as JSON; or, with a client's file and no address,
asks all nodes of the cluster and prints a line for each.

  synod status 127.0.0.1:7101
  synod status -config cluster/client/synod.toml

Exit codes: 0 the node answers, or some proposer reaches a quorum of its acceptors, 1 otherwise,
2 a wrong flag or file.`

// statusTimeout is how long a node may take to answer.
const statusTimeout = 5 * time.Second

func statusCommand() command {
	return command{
		name: "status", args: "[HOST:PORT]", summary: "asks a node, or all of a cluster, how they are", help: statusHelp,
		flags: func(set *flag.FlagSet) runner {
			config := set.String("config", os.Getenv(configVariable), "the client's `file` (default: what "+configVariable+" says)")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				ctx, cancel := context.WithTimeout(ctx, statusTimeout)
				defer cancel()
				switch {
				case len(args) == 1:
					return nodeStatus(ctx, out, args[0])
				case len(args) > 1:
					return exitUsage, fmt.Errorf("takes one HOST:PORT, got %s", strings.Join(args, " "))
				case *config == "":
					return exitUsage, errors.New("which HOST:PORT, or -config file?")
				}
				f, err := deployment.Read(*config, deployment.Overrides(os.Environ())...)
				if err != nil {
					return exitUsage, err
				}
				return clusterStatus(ctx, out, f)
			}
		},
	}
}

// nodeStatus prints all that a node says.
func nodeStatus(ctx context.Context, out *console.Console, address string) (int, error) {
	status, err := replica.AskStatus(ctx, address, "", nil)
	if errors.Is(err, replica.ErrNoReplica) {
		status, err = askStatus(ctx, address, nil)
	}
	if err != nil {
		return 1, err
	}
	text, err := json.MarshalIndent(status, "", "  ")
	if err != nil {
		return 1, err
	}
	fmt.Fprintf(out.Stdout, "%s\n", text)
	return 0, nil
}

func askStatus(ctx context.Context, address string, creds credentials.TransportCredentials) (*transport.Status, error) {
	node, err := client.Dial(address, creds)
	if err != nil {
		return nil, err
	}
	defer node.Close()
	return node.Status(ctx)
}

// clusterStatus prints a line for each node.
func clusterStatus(ctx context.Context, out *console.Console, f *deployment.File) (int, error) {
	if f.Client == nil {
		return exitUsage, errors.New("the file has no [client]")
	}
	var creds credentials.TransportCredentials
	cfg, err := f.ClientTLS()
	if err != nil {
		return exitUsage, err
	}
	if cfg != nil {
		creds = credentials.NewTLS(cfg)
	}
	if len(f.Cluster.Replicas) > 0 {
		return replicasStatus(ctx, out, f, cfg)
	}
	addresses := f.Addresses()
	if len(addresses) == 0 {
		return exitUsage, errors.New("the file's [cluster] has no nodes")
	}
	names := slices.Sorted(maps.Keys(addresses))
	answers := make([]*transport.Status, len(names))
	errs := make([]error, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() { answers[i], errs[i] = askStatus(ctx, addresses[name], creds) })
	}
	group.Wait()
	acceptors, serving := 0, false
	quorum := len(f.Cluster.Acceptors)/2 + 1
	for i, name := range names {
		s := answers[i]
		switch {
		case errs[i] != nil:
			fmt.Fprintf(out.Stdout, "%-4s %-21s does not answer: %v\n", name, addresses[name], errs[i])
			continue
		case s.Role == transport.RoleAcceptor:
			acceptors++
			fmt.Fprintf(out.Stdout, "%-4s %-21s acceptor, run %d, %d steps, %d synced batches\n", name, addresses[name], s.Run, s.Steps, s.Batches)
			continue
		}
		serving = serving || 2*len(s.Connected) > s.Acceptors
		fmt.Fprintf(out.Stdout, "%-4s %-21s proposer, run %d, reaches %s; %d satisfied, %d rejected, %d unknown\n",
			name, addresses[name], s.Run, strings.Join(s.Connected, " "), s.Satisfied, s.Rejected, s.Unknown)
	}
	if !serving {
		return 1, fmt.Errorf("%d of %d acceptors answer, and a quorum is %d: the cluster does not serve", acceptors, len(f.Cluster.Acceptors), quorum)
	}
	return 0, nil
}
