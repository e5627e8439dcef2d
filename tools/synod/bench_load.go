// The clients of the bench: Synod's as the Go client is, and as Redis clients are.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"synod/impl/resp"
	"synod/impl/transport"
	"synod/tools/bench/load"
	"synod/tools/synod/console"
)

const benchLoadHelp = `
Puts load on a cluster and prints what its clients saw, as a line of JSON. synod bench cluster runs it. With -store
synod the clients share a connection to each proposer and ask the one that a key prefers; with -store redis each has
a connection of its own, to the first proposer, and waits for each reply.

  synod bench load -store redis -addresses 127.0.0.1:6381 -clients 64 -kind put`

func benchLoadCommand() command {
	return command{
		name: "bench load", summary: "puts load on a running cluster", help: benchLoadHelp,
		flags: func(set *flag.FlagSet) runner {
			var o load.Options
			o.Register(set)
			store := set.String("store", "synod", "how the `clients` ask: synod or redis")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				connect, known := map[string]func([]string) load.Connect{"synod": connectShared, "redis": connectRedis}[*store]
				if !known || len(args) > 0 {
					return exitUsage, errors.New("-store is synod or redis, and there are no arguments")
				}
				if err := load.Print(ctx, &o, out.Stdout, connect(o.Addresses)); err != nil {
					return exitUsage, err
				}
				return 0, nil
			}
		},
	}
}

// dialPatiently connects, also to a node that is still being started.
func dialPatiently(ctx context.Context, address string) (c *resp.Client, err error) {
	err = load.Wait(ctx, func() (err error) {
		c, err = resp.Dial(ctx, address, nil)
		return err
	})
	return c, err
}

// answered turns what is no answer into an error.
func answered(r resp.Reply, err error) (resp.Reply, error) {
	if err == nil && r.IsError() {
		err = errors.New(r.Text)
	}
	return r, err
}

// redisStore is a client with a connection of its own.
type redisStore struct{ client *resp.Client }

// connectRedis connects clients to the first proposer.
func connectRedis(addresses []string) load.Connect {
	return func(ctx context.Context, _ int) (load.Store, error) {
		c, err := dialPatiently(ctx, addresses[0])
		return redisStore{c}, err
	}
}

// Put implements load.Store.
func (s redisStore) Put(_ context.Context, key string, value []byte) error {
	_, err := answered(s.client.Do("SET", key, string(value)))
	return err
}

// Get implements load.Store.
func (s redisStore) Get(_ context.Context, key string) ([]byte, error) {
	r, err := answered(s.client.Do("GET", key))
	return r.Bulk, err
}

// sharedStore is a client that shares connections with all others.
type sharedStore struct {
	names []string // of the proposers
	conns map[string]*resp.Mux
}

// connectShared connects to each proposer once.
func connectShared(addresses []string) load.Connect {
	s := &sharedStore{conns: map[string]*resp.Mux{}}
	return func(ctx context.Context, i int) (load.Store, error) {
		for i := len(s.names); i < len(addresses); i++ {
			c, err := dialPatiently(ctx, addresses[i])
			if err != nil {
				return nil, err
			}
			name := fmt.Sprintf("p%d", i+1)
			s.names, s.conns[name] = append(s.names, name), resp.NewMux(c)
		}
		return s, nil
	}
}

func (s *sharedStore) do(ctx context.Context, key string, args ...[]byte) (resp.Reply, error) {
	return answered(s.conns[transport.Preferred(s.names, key)].Do(ctx, args...))
}

var wordSet, wordGet = []byte("SET"), []byte("GET")

// Put implements load.Store.
func (s *sharedStore) Put(ctx context.Context, key string, value []byte) error {
	_, err := s.do(ctx, key, wordSet, []byte(key), value)
	return err
}

// Get implements load.Store.
func (s *sharedStore) Get(ctx context.Context, key string) ([]byte, error) {
	r, err := s.do(ctx, key, wordGet, []byte(key))
	return r.Bulk, err
}
