// A whole cluster in this process, over loopback, for the tests of this package.

package server_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"

	"synod/impl/client"
	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/server"
	"synod/impl/transport"
	"synod/trace"
)

// cluster is a set of nodes that a test starts, stops and starts again.
type cluster struct {
	t         testing.TB
	dir       string // of the traces
	shape     server.Cluster
	bugs      map[string]paxos.Bugs
	timeout   time.Duration
	sweep     time.Duration
	cache     int // bytes of registers that a node has in memory
	untraced  bool
	sample    int  // one key in so many is traced; 0 is every key
	onDisk    bool // data folders are the operating system's, not in memory
	disks     map[string]vfs.FS
	addresses map[string]string
	running   map[string]*process
	registers map[string]server.Registers // of the proposers that run, where entries is set
	entries   bool                        // proposers have a front
	joins     map[string]bool             // acceptors that are no founders, or come back empty
	// membershipBugs are those of proposers and operators.
	membershipBugs membership.Bugs
	late           bool // a story's late write was made
}

// process is one node that runs.
type process struct {
	stop context.CancelFunc
	err  chan error
}

// newCluster describes a cluster with acceptors a1, a2, ... and proposers p1, p2, ...; nothing runs yet.
func newCluster(t testing.TB, acceptors, proposers int) *cluster {
	c := &cluster{
		t: t, dir: t.ArtifactDir(), bugs: map[string]paxos.Bugs{}, disks: map[string]vfs.FS{},
		addresses: map[string]string{}, running: map[string]*process{}, registers: map[string]server.Registers{}, joins: map[string]bool{},
		shape: server.Cluster{Name: "test", Proposers: map[string]uint32{}, Scheme: "pair", Stride: 16},
	}
	for i := range acceptors {
		c.shape.Acceptors = append(c.shape.Acceptors, fmt.Sprintf("a%d", i+1))
	}
	for i := range proposers {
		c.shape.Proposers[fmt.Sprintf("p%d", i+1)] = uint32(i + 1)
	}
	t.Cleanup(c.stopAll)
	return c
}

// start starts nodes and waits until they listen. A node that ran before gets its old port and its old disk.
func (c *cluster) start(nodes ...string) {
	c.t.Helper()
	for _, id := range nodes {
		require.NoError(c.t, c.tryStart(id))
	}
}

// node configures a node, at its old port if it had one.
func (c *cluster) node(id string) server.Node {
	n := server.Node{
		ID: id, Cluster: c.shape, Listen: "127.0.0.1:0", DataDir: "data", FS: c.disks[id], Bugs: c.bugs[id], Cache: c.cache, TraceSample: c.sample,
		TracePath: filepath.Join(c.dir, id+".ndjson"), Log: slog.New(slog.NewTextHandler(c.t.Output(), nil)),
	}
	if c.addresses[id] != "" {
		n.Listen = c.addresses[id]
	}
	if c.onDisk {
		n.FS, n.DataDir = nil, filepath.Join(c.dir, id)
	}
	if c.untraced {
		n.TracePath = ""
	}
	return n
}

func (c *cluster) tryStart(id string) error {
	if c.disks[id] == nil {
		c.disks[id] = newDisk()
	}
	ready := make(chan string, 1)
	n := c.node(id)
	n.Ready = func(a string) { ready <- a }
	ctx, stop := context.WithCancel(context.Background())
	p := &process{stop, make(chan error, 1)}
	if id[0] == 'a' {
		go func() { p.err <- server.RunAcceptor(ctx, server.AcceptorConfig{Node: n, Joins: c.joins[id]}) }()
	} else {
		addresses := map[string]string{}
		for _, a := range c.shape.Acceptors {
			addresses[a] = c.addresses[a]
		}
		cfg := server.ProposerConfig{
			Node: n, Addresses: addresses, PhaseTimeout: c.timeout, SweepInterval: c.sweep, MembershipBugs: c.membershipBugs,
		}
		if c.entries {
			cfg.Front = func(r server.Registers) (func(), error) {
				c.registers[id] = r
				return func() {}, nil
			}
		}
		go func() { p.err <- server.RunProposer(ctx, cfg) }()
	}
	select {
	case c.addresses[id] = <-ready:
		c.running[id] = p
		return nil
	case err := <-p.err:
		stop()
		return err
	}
}

// stop stops nodes in good order.
func (c *cluster) stop(nodes ...string) {
	c.t.Helper()
	for _, id := range nodes {
		p := c.running[id]
		delete(c.running, id)
		p.stop()
		require.NoError(c.t, <-p.err, "node %s", id)
	}
}

// crash stops a node and takes from its disk what was not synced.
func (c *cluster) crash(id string) {
	c.t.Helper()
	survivors := c.disks[id].(*disk).crash()
	p := c.running[id]
	delete(c.running, id)
	p.stop()
	if err := <-p.err; err != nil { // it may have wanted to sync after the crash
		require.ErrorContains(c.t, err, errCrashed.Error(), "node %s", id)
	}
	c.disks[id] = survivors
}

func (c *cluster) stopAll() {
	for id := range c.running {
		c.stop(id)
	}
}

// all lists the nodes, acceptors first.
func (c *cluster) all() []string {
	all := append(slices.Clone(c.shape.Acceptors), slices.Sorted(maps.Keys(c.joins))...)
	slices.Sort(all)
	return append(slices.Compact(all), slices.Sorted(maps.Keys(c.shape.Proposers))...)
}

// client connects to a proposer.
func (c *cluster) client(id string) *client.Client {
	c.t.Helper()
	x, err := client.Dial(c.addresses[id], nil)
	require.NoError(c.t, err)
	c.t.Cleanup(func() { x.Close() })
	return x
}

// trace merges the traces of all nodes, which have to be stopped.
func (c *cluster) trace() []trace.Event {
	c.t.Helper()
	var files []*trace.File
	for _, id := range c.all() {
		f, err := trace.ReadFile(filepath.Join(c.dir, id+".ndjson"))
		require.NoError(c.t, err)
		require.False(c.t, f.Torn)
		files = append(files, f)
	}
	events, err := trace.Merge(files)
	require.NoError(c.t, err)
	return events
}

// traceOf reads the trace of one node.
func (c *cluster) traceOf(id string) []trace.Event {
	c.t.Helper()
	f, err := trace.ReadFile(filepath.Join(c.dir, id+".ndjson"))
	require.NoError(c.t, err)
	return f.Events
}

// await asks a node how it is until it is as the test needs it.
func (c *cluster) await(id string, enough func(*transport.Status) bool) {
	c.t.Helper()
	x := c.client(id)
	for {
		s, err := x.Status(c.t.Context())
		require.NoError(c.t, err)
		if enough(s) {
			return
		}
		runtime.Gosched()
	}
}

// parallel runs n functions at once and waits for them.
func parallel(n int, f func(i int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { f(i) })
	}
	group.Wait()
}
