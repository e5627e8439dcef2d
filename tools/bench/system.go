// Systems: the stores that can be measured, and how a cluster of three nodes of each is started.

package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"synod/impl/shard"
	"synod/tools/bench/load"
	"synod/tools/loopback"
)

// nodes is how many nodes a cluster has.
const nodes = 3

// cluster is a running store of three nodes.
type cluster struct {
	name      string
	servers   []*process
	addresses []string // where clients reach the nodes
	client    program
	metrics   []string // pages with the servers' figures
	syncs     string   // the metric that counts syncs of the disk
	replicas  []string // where replicas of a log listen for each other
	leads     bool     // clients ask the leader alone
}

// program is a client program: its command line up to the options of package load.
type program struct {
	path string
	args []string
}

// close ends the servers.
func (c *cluster) close() {
	for _, p := range c.servers {
		p.kill()
	}
}

// ended tells of a server that runs no more.
func (c *cluster) ended() error {
	for _, p := range c.servers {
		if err := p.ended(); err != nil {
			return err
		}
	}
	return nil
}

// startSynod starts three nodes of a build, each an acceptor and a proposer in one process, or a replica.
func startSynod(folder, client, synod, name string, v variant) (*cluster, error) {
	at, err := loopback.Addresses(4 * nodes)
	if err != nil {
		return nil, err
	}
	acceptors, proposers, resp, admin := at[:3], at[3:6], at[6:9], at[9:]
	c := &cluster{
		name: name, addresses: resp, syncs: "synod_storage_sync_seconds_count", leads: v.leader,
		client: program{client, []string{"bench", "load", "-store", v.store}},
	}
	for i := range nodes {
		text := synodFile(i, acceptors, proposers, resp[i], admin[i])
		if v.replicas {
			text = replicaFile(i, acceptors, resp[i], admin[i])
			c.replicas = acceptors
		}
		path := filepath.Join(folder, fmt.Sprintf("node%d.toml", i+1))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return c, err
		}
		args := []string{"serve", "-config", path}
		if v.groups > 0 {
			args = append(args, "-set", fmt.Sprintf("cluster.groups=%d", v.groups))
		}
		for _, s := range v.settings {
			args = append(args, "-set", strings.ReplaceAll(s, "N", fmt.Sprint(i+1)))
		}
		p, err := start(folder, fmt.Sprintf("node%d", i+1), synod, args...)
		if err != nil {
			return c, err
		}
		c.servers = append(c.servers, p)
		c.metrics = append(c.metrics, "http://"+admin[i]+"/metrics")
	}
	return c, nil
}

// shareOut gives each group as many of the shards.
func (c *cluster) shareOut(ctx context.Context, synod string, groups int) error {
	run := func(words ...string) error {
		words = append([]string{"shard", words[0], "-at", strings.Join(c.addresses, ",")}, words[1:]...)
		if text, err := exec.CommandContext(ctx, synod, words...).CombinedOutput(); err != nil {
			return errors.Join(c.ended(), fmt.Errorf("%s: %w: %s", words, err, text))
		}
		return nil
	}
	ready := func() error { return run("list") }
	if err := load.Wait(ctx, ready); err != nil {
		return err
	}
	for g := 1; g < groups; g++ {
		first := fmt.Sprint(g * shard.Number / groups)
		if err := errors.Join(run("split", first), run("move", first, fmt.Sprintf("g%d", g+1))); err != nil {
			return err
		}
	}
	return nil
}

// synodFile is a node's configuration: plaintext on loopback, as the peers are measured.
func synodFile(i int, acceptors, proposers []string, resp, admin string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "insecure = true\n[log]\nlevel = \"warn\"\n[cluster]\nname = \"bench\"\n[cluster.acceptors]\n")
	for j, a := range acceptors {
		fmt.Fprintf(&b, "a%d = %q\n", j+1, a)
	}
	for j := range proposers {
		fmt.Fprintf(&b, "[cluster.proposers.p%d]\nid = %d\n", j+1, j+1)
	}
	fmt.Fprintf(&b, "[acceptor]\nid = \"a%d\"\nlisten = %q\ndata = \"a%d\"\n", i+1, acceptors[i], i+1)
	fmt.Fprintf(&b, "[proposer]\nid = \"p%d\"\nlisten = %q\ndata = \"p%d\"\n", i+1, proposers[i], i+1)
	fmt.Fprintf(&b, "[resp]\nlisten = %q\n[admin]\nlisten = %q\n", resp, admin)
	return b.String()
}

// replicaFile is the configuration of a node that is a replica.
func replicaFile(i int, replicas []string, resp, admin string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "insecure = true\n[log]\nlevel = \"warn\"\n[cluster]\nname = \"bench\"\n")
	for j, r := range replicas {
		fmt.Fprintf(&b, "[cluster.replicas.r%d]\nid = %d\naddress = %q\n", j+1, j+1, r)
	}
	fmt.Fprintf(&b, "[replica]\nid = \"r%d\"\nlisten = %q\ndata = \"r%d\"\n", i+1, replicas[i], i+1)
	fmt.Fprintf(&b, "[resp]\nlisten = %q\n[admin]\nlisten = %q\n", resp, admin)
	return b.String()
}

// startPeer starts three nodes of a program of tools/bench/peers: NAME serve tells a node its number, from 1, where all
// listen for each other and for clients, and where it is to keep its data; NAME load is its client program.
func startPeer(folder, path, name string) (*cluster, error) {
	at, err := loopback.Addresses(3 * nodes)
	if err != nil {
		return nil, err
	}
	peers, clients, metrics := at[:3], at[3:6], at[6:]
	c := &cluster{name: name, addresses: clients, syncs: "bench_syncs", client: program{path, []string{"load"}}}
	for i := range nodes {
		p, err := start(folder, fmt.Sprintf("node%d", i+1), path, "serve", "-node", fmt.Sprint(i+1),
			"-peers", strings.Join(peers, ","), "-clients", strings.Join(clients, ","), "-metrics", metrics[i],
			"-data", filepath.Join(folder, fmt.Sprint(i+1)))
		if err != nil {
			return c, err
		}
		c.servers = append(c.servers, p)
		c.metrics = append(c.metrics, "http://"+metrics[i]+"/metrics")
	}
	return c, nil
}
