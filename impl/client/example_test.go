// A change of which nobody says what became of it, and how its client finds out.

package client_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"synod/impl/client"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/server"
)

// A payment is asked for, and no answer comes. Resolve tells, by the number that the request had and that the register
// remembers, that it took effect: it must not be asked for again. Had it not, Resolve would have seen to it that it never will.
func ExampleSession_Resolve() {
	proposers, stop := start()
	defer stop()
	network := newNetwork(proposers["p1"])
	defer network.listener.Close()
	session := open(map[string]string{"p1": network.listener.Addr().String()})
	defer session.Close()
	other := open(proposers)
	defer other.Close()

	ctx, giveUp := context.WithCancel(context.Background())
	var once sync.Once
	paid := session.Change(ctx, "alice", func(e register.Entry) (register.Entry, error) {
		once.Do(func() {
			network.silent.Lock() // what the key holds has been read; from now on no answer arrives
			go func() {
				defer giveUp() // when another client sees the payment
				for e := (register.Entry{}); !e.Exists; {
					e, _ = other.Read(context.Background(), "alice")
				}
			}()
		})
		balance, _ := strconv.Atoi(string(e.Value))
		return register.Entry{Exists: true, Value: strconv.AppendInt(nil, int64(balance+30), 10)}, nil
	})
	fmt.Println("the payment is", paid.Outcome)

	network.silent.Unlock()
	if paid.Outcome == paxos.Unknown {
		outcome, err := session.Resolve(context.Background(), paid)
		fmt.Println("it was", outcome, err)
	}
	e, err := other.Read(context.Background(), "alice")
	fmt.Println("alice has", string(e.Value), err)
	// Output:
	// the payment is unknown
	// it was satisfied <nil>
	// alice has 30 <nil>
}

func open(proposers map[string]string) *client.Session {
	s, err := client.Open(client.SessionConfig{Proposers: proposers})
	if err != nil {
		panic(err)
	}
	return s
}

// network is the way to a proposer. While silent is locked, nothing comes back.
type network struct {
	listener net.Listener
	silent   sync.Mutex
}

func newNetwork(address string) *network {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	n := &network{listener: l}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", address)
			if err != nil {
				panic(err)
			}
			go io.Copy(far, near)
			go n.answer(near, far)
		}
	}()
	return n
}

func (n *network) answer(near, far net.Conn) {
	defer near.Close()
	defer far.Close()
	for b := make([]byte, 4096); ; {
		size, err := far.Read(b)
		if err != nil {
			return
		}
		n.silent.Lock()
		_, err = near.Write(b[:size])
		n.silent.Unlock()
		if err != nil {
			return
		}
	}
}

// start runs a cluster in this process, and gives the addresses of its proposers.
func start() (proposers map[string]string, stop func()) {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	cluster := server.Cluster{
		Name: "example", Acceptors: []string{"a1", "a2", "a3"}, Proposers: map[string]uint32{"p1": 1, "p2": 2}, Scheme: "pair", Stride: 16,
	}
	run := func(id string, serve func(server.Node) error) (address string) {
		ready := make(chan string)
		running.Go(func() {
			if err := serve(server.Node{
				ID: id, Cluster: cluster, Listen: "127.0.0.1:0", DataDir: filepath.Join(folder, id), Ready: func(a string) { ready <- a },
			}); err != nil {
				panic(err)
			}
		})
		return <-ready
	}
	acceptors := map[string]string{}
	for _, id := range cluster.Acceptors {
		acceptors[id] = run(id, func(n server.Node) error { return server.RunAcceptor(ctx, server.AcceptorConfig{Node: n}) })
	}
	proposers = map[string]string{}
	for id := range cluster.Proposers {
		proposers[id] = run(id, func(n server.Node) error {
			return server.RunProposer(ctx, server.ProposerConfig{Node: n, Addresses: acceptors})
		})
	}
	return proposers, func() {
		cancel()
		running.Wait()
		os.RemoveAll(folder)
	}
}
