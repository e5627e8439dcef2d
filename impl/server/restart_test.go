// Restarts and crashes: what comes back, and what the trace says of it.

package server_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/server"
	"synod/impl/storage"
	"synod/impl/transport"
	"synod/trace"
)

func TestTheStateOutlivesAllNodes(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.start("a1", "a2", "a3", "p1", "p2")
	satisfied(t, c.client("p1"), "k", register.Set(7))
	satisfied(t, c.client("p2"), "l", register.Set(8))
	everyone := func(steps uint64) { // one of the acceptors may be late, as nobody waited for it
		for _, a := range c.shape.Acceptors {
			c.await(a, func(s *transport.Status) bool { return s.Steps == steps })
		}
	}
	everyone(4)
	for _, id := range []string{"p1", "p2", "a1", "a2", "a3"} {
		c.crash(id)
	}
	c.start("a1", "a2", "a3", "p1", "p2")
	k := satisfied(t, c.client("p1"), "k", register.Add(1))
	require.Equal(t, int64(8), k.State)
	require.Equal(t, int64(8), satisfied(t, c.client("p2"), "l", register.Read()).State)
	require.Greater(t, k.Ballot, paxos.Ballot(server.ReserveAhead), "ballots that may have been used come again")
	everyone(6)
	c.stopAll()

	events := c.trace()
	for _, id := range c.all() {
		var restarts []trace.Event
		for _, e := range events {
			require.Equal(t, strings.HasPrefix(e.Action, "Restart"), e.Restart, e.ID)
			if e.Node == id && e.Restart {
				restarts = append(restarts, e)
			}
		}
		if id[0] == 'p' {
			require.Len(t, restarts, 1, "a proposer takes up the one key that it is asked for")
			require.Equal(t, trace.Fields{{Name: "phase[" + id + "]", JSON: `"idle"`}}, restarts[0].Vars)
			continue
		}
		require.Len(t, restarts, 2, "an acceptor takes up each of the two keys once")
		for _, e := range restarts {
			require.Equal(t, uint64(2), e.Run)
			state, _ := e.Vars.Get("acceptedState[" + id + "]")
			require.Equal(t, map[string]string{"k": "7", "l": "8"}[e.Instance], state)
			require.NotEmpty(t, e.Causes, "the accept, and where that was not a promise too the prepare, that the state on disk came from")
		}
	}
}

// An acceptor takes a register up that it has never heard of, in a later run, with nothing.
func TestARestartWithoutAState(t *testing.T) {
	c := newCluster(t, 1, 1)
	c.start("a1", "p1")
	c.stop("a1")
	c.start("a1")
	satisfied(t, c.client("p1"), "k", register.Set(1))
	c.stopAll()
	first := c.traceOf("a1")[0]
	require.Equal(t, "RestartAcceptor", first.Action)
	require.Equal(t, trace.Fields{
		{Name: "promised[a1]", JSON: "0"}, {Name: "acceptedBallot[a1]", JSON: "0"}, {Name: "acceptedState[a1]", JSON: "0"},
	}, first.Vars)
	require.Empty(t, first.Causes)
}

// failing is a disk in memory on whose log operations of some kinds fail once broken says so.
func failing(broken *atomic.Bool, kinds ...errorfs.OpKind) vfs.FS {
	return errorfs.Wrap(vfs.NewCrashableMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		if slices.Contains(kinds, op.Kind) && strings.HasSuffix(op.Path, ".log") && broken.Load() {
			return errors.New("the disk is gone")
		}
		return nil
	}))
}

// Persist, then record: what an acceptor was about to promise when its disk failed is in no trace and no answer, and
// the node stops. What is on the disk then is the next run's to find out.
func TestAFailedSyncStopsTheAcceptorBeforeItAnswers(t *testing.T) {
	var broken atomic.Bool
	c := newCluster(t, 1, 1)
	c.disks["a1"] = failing(&broken, errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo)
	c.start("a1")
	x := c.probe("a1")
	defer x.peer.Close()
	require.Equal(t, paxos.KindPromise, x.prepare("k", 1).Kind)
	broken.Store(true)
	x.peer.Send([]transport.Envelope{{Key: "k", Message: paxos.Message{Kind: paxos.KindPrepare, Ballot: 17}}})
	err := <-c.running["a1"].err
	delete(c.running, "a1")
	require.ErrorIs(t, err, storage.ErrFailed)
	require.ErrorContains(t, err, "the disk is gone")
	x.peer.Close()
	require.Empty(t, x.received)
	require.Len(t, c.traceOf("a1"), 1)
}

// The same for a proposer: no prepare leaves under a ballot whose reservation failed.
func TestAFailedSyncStopsTheProposerBeforeItPrepares(t *testing.T) {
	var broken atomic.Bool
	c := newCluster(t, 1, 1)
	c.disks["p1"] = failing(&broken, errorfs.OpFileWrite)
	puppets := c.puppets()
	c.start("p1")
	c.await("p1", func(s *transport.Status) bool { return len(s.Connected) == 1 }) // it has noted whom it met
	broken.Store(true)
	r, err := c.client("p1").Change(t.Context(), "k", register.Set(1))
	require.NoError(t, err)
	require.Equal(t, paxos.Unknown, r.Outcome, "the client cannot know how far its proposer came")
	require.ErrorIs(t, <-c.running["p1"].err, storage.ErrFailed)
	delete(c.running, "p1")
	require.Empty(t, puppets["a1"].heard)
	require.Empty(t, c.traceOf("p1"))
}

// A disk that fails while a proposer is restored is no fault of what the operator asked for, and the node ends. A
// configuration that it must not take is, and it goes on as before.
func TestWhyAProposerIsNotRestored(t *testing.T) {
	var broken atomic.Bool
	c := newCluster(t, 1, 1)
	c.disks["p1"] = failing(&broken, errorfs.OpFileWrite)
	c.start("a1", "p1")
	satisfied(t, c.client("p1"), "k", register.Set(1))
	conn, err := transport.Dial(c.addresses["p1"], nil)
	require.NoError(t, err)
	defer conn.Close()
	now, err := transport.AskMembership(t.Context(), conn)
	require.NoError(t, err)
	for _, address := range []string{"nowhere", "192.0.2.1:7001"} { // no address, and plaintext to another machine
		for _, restore := range []bool{false, true} {
			next := membership.Beginning([]string{"a1"})
			next.Plan.First++
			next.Plan.Stages[0].Members["a1"] = membership.Member{Address: address}
			_, err = transport.Adopt(t.Context(), conn, &transport.AdoptRequest{Configuration: next, Restore: restore})
			require.Equal(t, codes.FailedPrecondition, status.Code(err), err)
			require.ErrorContains(t, err, address)
		}
	}
	satisfied(t, c.client("p1"), "k", register.Set(2))
	broken.Store(true)
	_, err = transport.Adopt(t.Context(), conn, &transport.AdoptRequest{Configuration: now.Configuration, Restore: true})
	require.Equal(t, codes.Unavailable, status.Code(err), err)
	require.ErrorIs(t, <-c.running["p1"].err, storage.ErrFailed)
	delete(c.running, "p1")
}

// Registers that were dropped from memory come back as they were: an acceptor's from disk, a proposer's above the
// ballots that it may have used.
func TestMoreRegistersThanMemory(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.cache = 3 * server.RegisterBytes
	c.start("a1", "a2", "a3", "p1")
	x := c.client("p1")
	var last paxos.Ballot
	for round := range int64(3) {
		for k := range int64(10) {
			r := satisfied(t, x, string(rune('a'+k)), register.Add(k))
			require.Equal(t, k*(round+1), r.State)
			if k == 0 {
				require.Greater(t, r.Ballot, last)
				last = r.Ballot
			}
		}
	}
	c.stopAll()
	counters := map[string]string{}
	for _, e := range c.trace() {
		require.NotContains(t, []string{"RefusePrepare", "RefuseAccept", "RestartAcceptor"}, e.Action)
		counters[e.Instance] = e.Action
	}
	require.Len(t, counters, 10)
}

func TestAHeaderSaysWhatTheCheckerNeeds(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.start("a1", "a2", "a3", "p1")
	c.stopAll()
	head := func(id string) trace.Header {
		f, err := trace.ReadFile(filepath.Join(c.dir, id+".ndjson"))
		require.NoError(t, err)
		require.Len(t, f.Headers, 1)
		h := f.Headers[0]
		require.NotEmpty(t, h.Forms)
		h.Place, h.Forms = trace.Place{}, nil
		return h
	}
	constants := trace.Fields{
		{Name: "Acceptor", JSON: `{"#set":["a1","a2","a3"]}`}, {Name: "Id", JSON: `{"p1":1,"p2":2}`},
		{Name: "Scheme", JSON: `"pair"`}, {Name: "Stride", JSON: "16"},
	}
	require.Equal(t, trace.Header{
		Spec: "register/RegisterMembership.tla", Node: "a2", Run: 1, Constants: constants, Hidden: []string{"Promise", "Accept", "Erase"},
	}, head("a2"))
	require.Equal(t, trace.Header{Spec: "register/RegisterMembership.tla", Node: "p1", Run: 1, Constants: constants}, head("p1"))
}

func TestWithoutATraceNothingIsWritten(t *testing.T) {
	c := newCluster(t, 1, 1)
	c.untraced = true
	c.start("a1", "p1")
	c.stop("a1")
	c.start("a1")
	satisfied(t, c.client("p1"), "k", register.Set(1))
	c.stopAll()
	files, err := os.ReadDir(c.dir)
	require.NoError(t, err)
	require.Empty(t, files)
}

// A node that cannot start says why in one line, and leaves everything as it was.
func TestStartsThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	node := server.Node{
		ID: "a1", Listen: "127.0.0.1:0", DataDir: filepath.Join(dir, "data"), TracePath: filepath.Join(dir, "a1.ndjson"),
		Cluster: server.Cluster{
			Name: "test", Acceptors: []string{"a1", "a2"}, Proposers: map[string]uint32{"p1": 1, "p2": 2}, Scheme: "pair", Stride: 4,
		},
	}
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	first := node
	first.Ready = func(a string) { ready <- a }
	go func() { ended <- server.RunAcceptor(ctx, server.AcceptorConfig{Node: first}) }()
	address := <-ready
	refused := func(n server.Node, message string) {
		t.Helper()
		err := server.RunAcceptor(t.Context(), server.AcceptorConfig{Node: n})
		require.ErrorContains(t, err, message)
		require.NotContains(t, err.Error(), "\n")
	}
	refused(node, "is in use by another process")
	busy := node
	busy.Listen = address
	refused(busy, "address already in use")
	stop()
	require.NoError(t, <-ended)
	another := node
	another.ID = "a2"
	refused(another, "belongs to acceptor a1 of cluster test, not to acceptor a2 of cluster test")
	open := node
	open.Listen = "0.0.0.0:0"
	refused(open, "is not on loopback")
	untraceable := node
	untraceable.TracePath = dir
	refused(untraceable, "trace: ")
}

func TestConfigurationsThatMakeNoSense(t *testing.T) {
	good := func() server.ProposerConfig {
		return server.ProposerConfig{
			Node: server.Node{
				ID: "p1", Listen: "127.0.0.1:0", FS: vfs.NewMem(), DataDir: "data",
				Cluster: server.Cluster{
					Name: "test", Acceptors: []string{"a1"}, Proposers: map[string]uint32{"p1": 1, "p2": 2}, Scheme: "pair", Stride: 4,
				},
			},
			Addresses: map[string]string{"a1": "127.0.0.1:1"},
		}
	}
	for message, spoil := range map[string]func(*server.ProposerConfig){
		`the cluster has no proposer called "p3"`:                                      func(c *server.ProposerConfig) { c.ID = "p3" },
		`the cluster has no proposer called "a1"`:                                      func(c *server.ProposerConfig) { c.ID = "a1" },
		"the cluster's name is not 1 to 64 bytes long":                                 func(c *server.ProposerConfig) { c.Cluster.Name = "" },
		"a cluster has at least one acceptor and one proposer":                         func(c *server.ProposerConfig) { c.Cluster.Acceptors = nil },
		`node name "a 1" is not a word of letters, digits and _`:                       func(c *server.ProposerConfig) { c.Cluster.Acceptors[0] = "a 1" },
		"two nodes are called p1":                                                      func(c *server.ProposerConfig) { c.Cluster.Acceptors[0] = "p1" },
		"proposers p1 and p2 have the same id 1":                                       func(c *server.ProposerConfig) { c.Cluster.Proposers["p2"] = 1 },
		"scheme pair: id 5 is not between 1 and the stride 4":                          func(c *server.ProposerConfig) { c.Cluster.Proposers["p2"] = 5 },
		"scheme coprime: id 1 is not larger than 1":                                    func(c *server.ProposerConfig) { c.Cluster.Scheme = "coprime" },
		`ballot scheme "triple" is neither pair nor coprime`:                           func(c *server.ProposerConfig) { c.Cluster.Scheme = "triple" },
		"the address of acceptor a1 is missing":                                        func(c *server.ProposerConfig) { c.Addresses = nil },
		"there is an address for a2, which is no acceptor of the cluster":              func(c *server.ProposerConfig) { c.Addresses["a2"] = "127.0.0.1:2" },
		`acceptor a1: address "somewhere" is not host:port`:                            func(c *server.ProposerConfig) { c.Addresses["a1"] = "somewhere" },
		`address "192.0.2.1:1" is not on loopback: plaintext connections stay on this`: func(c *server.ProposerConfig) { c.Listen = "192.0.2.1:1" },
	} {
		c := good()
		spoil(&c)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorContains(t, server.RunProposer(ctx, c), message)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, server.RunProposer(ctx, good()))
}
