// A cluster in this process: three replicas on ports of their own, whose folders outlast them.

package replica_test

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/log"
	"synod/impl/log/sim"
	"synod/impl/replica"
	"synod/trace"
)

var ids = []string{"r1", "r2", "r3"}

// cluster is three replicas of a counter.
type cluster struct {
	t         *testing.T
	folder    string
	addresses map[string]string
	running   map[string]*replica.Replica
	change    func(*replica.Config)
}

// newCluster starts all three. change may change what each is given.
func newCluster(t *testing.T, change func(*replica.Config)) *cluster {
	c := &cluster{t: t, folder: t.TempDir(), addresses: map[string]string{}, running: map[string]*replica.Replica{}, change: change}
	for _, id := range ids {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		c.addresses[id] = l.Addr().String()
		require.NoError(t, l.Close())
	}
	for _, id := range ids {
		c.start(id)
	}
	t.Cleanup(func() {
		for _, id := range ids {
			c.stop(id)
		}
	})
	return c
}

func (c *cluster) config(id string) replica.Config {
	cfg := replica.Config{
		ID: id, Cluster: replica.Cluster{Name: "test", Replicas: map[string]uint32{"r1": 1, "r2": 2, "r3": 3}},
		Addresses: c.addresses, Listen: c.addresses[id], DataDir: filepath.Join(c.folder, id),
		TracePath: c.trace(id), Machine: &sim.Counter{},
	}
	if c.change != nil {
		c.change(&cfg)
	}
	return cfg
}

func (c *cluster) trace(id string) string { return filepath.Join(c.folder, id+".ndjson") }

func (c *cluster) start(id string) {
	r, err := replica.Start(c.config(id))
	require.NoError(c.t, err)
	c.running[id] = r
}

func (c *cluster) stop(id string) {
	if r := c.running[id]; r != nil {
		delete(c.running, id)
		require.NoError(c.t, r.Stop())
	}
}

// submit asks a replica for a command, for as long as it may take.
func (c *cluster) submit(id, command string) string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	result, err := c.running[id].Submit(ctx, command)
	require.NoError(c.t, err)
	return result
}

// leader waits until all that run agree on a leader who knows it.
func (c *cluster) leader() string {
	var leader string
	require.Eventually(c.t, func() bool {
		leader = ""
		for _, r := range c.running {
			s := r.Status()
			if s.Leader == "" || leader != "" && s.Leader != leader {
				return false
			}
			leader = s.Leader
		}
		r := c.running[leader]
		return r != nil && r.Status().Role == log.Leader
	}, time.Minute, time.Millisecond)
	return leader
}

// conforms replays the traces on the specification. The replicas must be down.
func (c *cluster) conforms() *conformance.Report { return c.replay("LogRead") }

// replay replays the traces on a specification of spec/log.
func (c *cluster) replay(name string) *conformance.Report {
	var files []*trace.File
	for _, id := range ids {
		f, err := trace.ReadFile(c.trace(id))
		require.NoError(c.t, err)
		files = append(files, f)
	}
	headers := trace.Headers(files)
	events, err := trace.Merge(files)
	require.NoError(c.t, err)
	spec, err := conformance.LoadSpec("../../spec/log/"+name+".tla", conformance.SpecOptions{Headers: headers})
	require.NoError(c.t, err)
	report, err := conformance.Replay(context.Background(), spec, headers, events, conformance.Options{Workers: 1})
	require.NoError(c.t, err)
	if report.Verdict != conformance.Conforms {
		var text strings.Builder
		require.NoError(c.t, report.WriteText(&text))
		c.t.Log(text.String())
	}
	return report
}

func TestReplicasServeAndTheirTracesConform(t *testing.T) {
	c := newCluster(t, nil)
	for i := 1; i <= 20; i++ {
		require.Equal(t, strconv.Itoa(i), c.submit(ids[i%3], "add 1"))
	}
	leader := c.leader()
	c.stop(leader)
	for i := 21; i <= 30; i++ {
		id := ids[i%3]
		if id == leader {
			id = c.leader()
		}
		require.Equal(t, strconv.Itoa(i), c.submit(id, "add 1"))
	}
	c.start(leader)
	require.Equal(t, "31", c.submit(leader, "add 1"))
	for _, id := range ids {
		c.stop(id)
	}
	report := c.conforms()
	require.Equal(t, conformance.Conforms, report.Verdict, fmt.Sprint(report))
}

// Where all promise, one that accepts is enough: the leader goes on alone, and nobody leads without it.
func TestQuorumsOfDifferentSizes(t *testing.T) {
	c := newCluster(t, func(cfg *replica.Config) { cfg.Cluster.PrepareSize, cfg.Cluster.AcceptSize = 3, 1 })
	require.Equal(t, "1", c.submit("r1", "add 1"))
	leader := c.leader()
	for _, id := range ids {
		if id != leader {
			c.stop(id)
		}
	}
	for i := 2; i <= 10; i++ {
		require.Equal(t, strconv.Itoa(i), c.submit(leader, "add 1"))
	}
	c.stop(leader)
	for _, id := range ids {
		c.start(id)
	}
	require.Equal(t, "11", c.submit("r1", "add 1"))
	for _, id := range ids {
		c.stop(id)
	}
	require.Equal(t, conformance.Conforms, c.conforms().Verdict)
}
