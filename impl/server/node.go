// Nodes: what acceptors and proposers have in common, from opening their files to closing them.

package server

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	"synod/impl/storage"
	"synod/impl/transport"
	"synod/trace"
)

// node is a running node's files, port and figures.
type node struct {
	Node
	role     string
	store    *storage.Store
	journal  *journal
	listener *transport.Port
	grpc     *grpc.Server
	counters transport.Counters
	steps    atomic.Uint64
	clock    atomic.Uint64 // the Lamport time of the last turn's trace
}

// open takes the port before it touches the data folder, so that a second start with the same flags changes
// nothing.
func open(n Node, role string, hidden []string) (_ *node, err error) {
	listener, err := transport.Listen(n.Listen, n.Credentials)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			listener.Close()
		}
	}()
	var last uint64
	if n.TracePath != "" {
		if last, _, err = trace.LastRun(n.TracePath); err != nil {
			return nil, fmt.Errorf("trace: %w", err)
		}
	}
	store, err := storage.Open(storage.Options{
		LastRun: last,
		Dir:     n.DataDir, FS: n.FS, Log: n.Log, Synced: n.Metrics.Synced,
		Identity: storage.Identity{Cluster: n.Cluster.Name, Shape: n.Cluster.shape(), Node: n.ID, Role: role},
	})
	if err != nil {
		return nil, err
	}
	journal, err := openJournal(&n, store.Run(), hidden)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	opened := &node{
		Node: n, role: role, store: store, journal: journal, listener: listener,
		grpc: transport.NewServer(),
	}
	opened.clock.Store(journal.time())
	return opened, nil
}

// hello is how this node greets its peers.
func (n *node) hello() transport.Hello {
	return transport.Hello{
		Cluster: n.Cluster.Name, Shape: n.Cluster.shape(), Node: n.ID, Role: n.role, Run: n.store.Run(),
	}
}

// run serves until ctx ends or something fails, and closes what open opened. loop is the node's work; it returns
// soon after its context ends, and finish then ends what the network is still busy with.
func (n *node) run(ctx context.Context, loop func(context.Context) error, finish func()) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() {
		err := n.grpc.Serve(n.listener) // nil after Stop
		if errors.Is(err, grpc.ErrServerStopped) {
			err = nil // Stop came first
		}
		served <- err
		stop()
	}()
	looped := make(chan error, 1)
	go func() { looped <- loop(ctx) }()
	address := n.listener.Addr().String()
	n.Log.Info("serving", "role", n.role, "address", address, "run", n.store.Run())
	n.Ready(address)
	select {
	case err := <-looped:
		finish()
		n.grpc.Stop()
		closed := errors.Join(<-served, n.close())
		if err != nil {
			return err // what ended the node; that closing fails as well follows from it
		}
		return closed
	case <-n.store.Failed():
		// The loop may stand still in the failed disk. The process is to end, so nothing is tidied up.
		n.grpc.Stop()
		return n.store.Err()
	}
}

// close closes the node's files.
func (n *node) close() error { return errors.Join(n.journal.close(), n.store.Close()) }

// drain lets the calls under way have their answers, which the loop has given, but waits for no slow client.
func (n *node) drain() {
	done := make(chan struct{})
	go func() {
		n.grpc.GracefulStop()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
}

// status gives the figures that all nodes have.
func (n *node) status() *transport.Status {
	return &transport.Status{
		Cluster: n.Cluster.Name, Node: n.ID, Role: n.role, Run: n.store.Run(),
		Sent: n.counters.Sent.Load(), Received: n.counters.Received.Load(), Lost: n.counters.Lost.Load(),
		Steps: n.steps.Load(), Batches: n.store.Batches(), Clock: n.clock.Load(),
	}
}

// warnOfBugs makes sure that nobody runs a broken node unawares.
func (n *Node) warnOfBugs() {
	if n.Bugs != 0 {
		n.Log.Warn("this node runs a known bug and breaks its promises", "bugs", fmt.Sprint(n.Bugs))
	}
}
