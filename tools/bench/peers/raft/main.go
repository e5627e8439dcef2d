// The peer hashicorp/raft with raft-wal: a key/value store of one map, as a process, and its clients.

// Raft runs a node of a key/value store on hashicorp/raft, or puts load on one. tools/bench starts it. Clients speak
// Synod's front for Redis clients to it, and share connections, as Synod's do.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	wal "github.com/hashicorp/raft-wal"

	"synod/impl/resp"
	"synod/tools/bench/load"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "raft:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("serve or load?")
	}
	switch args[0] {
	case "serve":
		return serve(ctx, args[1:])
	case "load":
		var o load.Options
		set := flag.NewFlagSet("load", flag.ContinueOnError)
		o.Register(set)
		if err := set.Parse(args[1:]); err != nil {
			return err
		}
		return load.Print(ctx, &o, os.Stdout, connect(o.Addresses))
	}
	return fmt.Errorf("%q is neither serve nor load", args[0])
}

// counted counts the log's appends, each of which raft-wal syncs once.
type counted struct {
	*wal.WAL
	syncs atomic.Uint64
}

// StoreLog implements raft.LogStore.
func (c *counted) StoreLog(l *raft.Log) error {
	c.syncs.Add(1)
	return c.WAL.StoreLog(l)
}

// StoreLogs implements raft.LogStore.
func (c *counted) StoreLogs(l []*raft.Log) error {
	c.syncs.Add(1)
	return c.WAL.StoreLogs(l)
}

// serve runs a node.
func serve(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	node := set.Int("node", 0, "this node's `number`, from 1")
	peers := set.String("peers", "", "where all nodes listen for each other")
	clients := set.String("clients", "", "where all nodes listen for clients")
	metrics := set.String("metrics", "", "where this node tells how often it has synced")
	data := set.String("data", "", "the `folder` of its data")
	if err := set.Parse(args); err != nil {
		return err
	}
	if err := os.MkdirAll(*data, 0o755); err != nil {
		return err
	}
	store, err := wal.Open(*data)
	if err != nil {
		return err
	}
	logs := &counted{WAL: store}
	m := &machine{values: map[string][]byte{}}
	r, err := newRaft(*node, strings.Split(*peers, ","), logs, m)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", strings.Split(*clients, ",")[*node-1])
	if err != nil {
		return err
	}
	h := &handler{raft: r, machine: m, reads: make(chan *resp.Request, 1<<14)}
	go h.verify()
	front := resp.New(l, resp.Config{Handler: h})
	go http.ListenAndServe(*metrics, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "bench_syncs %d\n", logs.syncs.Load())
	}))
	<-ctx.Done()
	front.Stop(ctx)
	return r.Shutdown().Error()
}

// newRaft starts a node with the library's defaults, but for larger batches.
func newRaft(node int, peers []string, logs *counted, m *machine) (*raft.Raft, error) {
	cfg := raft.DefaultConfig()
	cfg.LocalID = raft.ServerID(peers[node-1])
	cfg.MaxAppendEntries = 512
	cfg.BatchApplyCh = true
	cfg.Logger = hclog.New(&hclog.LoggerOptions{Level: hclog.Error})
	transport, err := raft.NewTCPTransport(peers[node-1], nil, 3, 10*time.Second, io.Discard)
	if err != nil {
		return nil, err
	}
	var members raft.Configuration
	for _, p := range peers {
		members.Servers = append(members.Servers, raft.Server{ID: raft.ServerID(p), Address: raft.ServerAddress(p)})
	}
	snapshots := raft.NewDiscardSnapshotStore()
	if err := raft.BootstrapCluster(cfg, logs, logs, snapshots, transport, members); err != nil {
		return nil, err
	}
	return raft.NewRaft(cfg, m, logs, logs, snapshots, transport)
}

// machine is the state that the log makes: a map.
type machine struct {
	mu     sync.RWMutex
	values map[string][]byte
}

// Apply implements raft.FSM. A command is a key behind its length, and the value.
func (m *machine) Apply(l *raft.Log) any {
	n := int(l.Data[0])
	m.mu.Lock()
	m.values[string(l.Data[1:1+n])] = l.Data[1+n:]
	m.mu.Unlock()
	return nil
}

// Snapshot implements raft.FSM. Snapshots are not kept: the bench is over before there are any.
func (m *machine) Snapshot() (raft.FSMSnapshot, error) { return nothing{}, nil }

// Restore implements raft.FSM.
func (m *machine) Restore(r io.ReadCloser) error { return r.Close() }

type nothing struct{}

// Persist implements raft.FSMSnapshot.
func (nothing) Persist(s raft.SnapshotSink) error { return s.Close() }

// Release implements raft.FSMSnapshot.
func (nothing) Release() {}

// handler serves SET and GET.
type handler struct {
	raft    *raft.Raft
	machine *machine
	reads   chan *resp.Request
}

// Open implements resp.Handler.
func (h *handler) Open(c *resp.Conn) { c.Trust() }

// Serve implements resp.Handler.
func (h *handler) Serve(q *resp.Request) {
	switch {
	case h.raft.State() != raft.Leader:
		q.Reply(resp.Error("ERR this node does not lead"))
	case len(q.Args) == 3 && string(q.Args[0]) == "SET":
		key := q.Args[1]
		command := append(append(append(make([]byte, 0, 1+len(key)+len(q.Args[2])), byte(len(key))), key...), q.Args[2]...)
		future := h.raft.Apply(command, 10*time.Second)
		go func() {
			if err := future.Error(); err != nil {
				q.Reply(resp.Error("ERR " + err.Error()))
				return
			}
			q.Reply(resp.OK)
		}()
	case len(q.Args) == 2 && string(q.Args[0]) == "GET":
		h.reads <- q
	case len(q.Args) == 1 && string(q.Args[0]) == "PING":
		q.Reply(resp.Status("PONG"))
	default:
		q.Reply(resp.Error("ERR SET or GET?"))
	}
}

// verify answers reads: once the others have confirmed that this node leads, for all that waited before it asked.
// Whoever leads has applied what it acknowledged.
func (h *handler) verify() {
	for first := range h.reads {
		all := []*resp.Request{first}
		for more := true; more; {
			select {
			case q := <-h.reads:
				all = append(all, q)
			default:
				more = false
			}
		}
		err := h.raft.VerifyLeader().Error()
		for _, q := range all {
			if err != nil {
				q.Reply(resp.Error("ERR " + err.Error()))
				continue
			}
			h.machine.mu.RLock()
			v, ok := h.machine.values[string(q.Args[1])]
			h.machine.mu.RUnlock()
			if ok {
				q.Reply(resp.Bulk(v))
			} else {
				q.Reply(resp.Null())
			}
		}
	}
}

// connections is how many connections to the leader the clients share.
const connections = 3

func connect(addresses []string) load.Connect {
	var shared []*resp.Mux
	return func(ctx context.Context, i int) (load.Store, error) {
		for len(shared) < connections {
			if err := load.Wait(ctx, func() error {
				m, err := find(ctx, addresses)
				if err == nil {
					shared = append(shared, m)
				}
				return err
			}); err != nil {
				return nil, err
			}
		}
		return store{shared[i%connections]}, nil
	}
}

// find connects to the leader.
func find(ctx context.Context, addresses []string) (*resp.Mux, error) {
	for _, a := range addresses {
		m, err := resp.DialMux(ctx, a, nil)
		if err != nil {
			return nil, err
		}
		if r, err := m.Do(ctx, []byte("PING")); err == nil && !r.IsError() {
			return m, nil
		}
		m.Close()
	}
	return nil, errors.New("there is no leader")
}

// store is a client.
type store struct{ m *resp.Mux }

func (s store) do(ctx context.Context, args ...[]byte) (resp.Reply, error) {
	r, err := s.m.Do(ctx, args...)
	if err == nil && r.IsError() {
		err = errors.New(r.Text)
	}
	return r, err
}

// Put implements load.Store.
func (s store) Put(ctx context.Context, key string, value []byte) error {
	_, err := s.do(ctx, []byte("SET"), []byte(key), value)
	return err
}

// Get implements load.Store.
func (s store) Get(ctx context.Context, key string) ([]byte, error) {
	r, err := s.do(ctx, []byte("GET"), []byte(key))
	return r.Bulk, err
}
