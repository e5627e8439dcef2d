// The peer etcd: one member of a cluster as a process, and clients by clientv3.

// Etcd runs a member of an etcd cluster, or puts load on one. tools/bench starts it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"synod/tools/bench/load"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "etcd:", err)
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

// serve runs a member with etcd's defaults: every entry is synced on a majority before the answer.
func serve(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	node := set.Int("node", 0, "this member's `number`, from 1")
	peers := set.String("peers", "", "where all members listen for each other")
	clients := set.String("clients", "", "where all members listen for clients")
	metrics := set.String("metrics", "", "where this member tells how often it has synced")
	data := set.String("data", "", "the `folder` of its data")
	if err := set.Parse(args); err != nil {
		return err
	}
	cfg := embed.NewConfig()
	cfg.Name, cfg.Dir, cfg.LogLevel = fmt.Sprintf("m%d", *node), *data, "error"
	var cluster []string
	for i, address := range strings.Split(*peers, ",") {
		cluster = append(cluster, fmt.Sprintf("m%d=http://%s", i+1, address))
	}
	cfg.InitialCluster = strings.Join(cluster, ",")
	at := func(list string) []url.URL {
		return []url.URL{{Scheme: "http", Host: strings.Split(list, ",")[*node-1]}}
	}
	cfg.ListenPeerUrls, cfg.AdvertisePeerUrls = at(*peers), at(*peers)
	cfg.ListenClientUrls, cfg.AdvertiseClientUrls = at(*clients), at(*clients)
	member, err := embed.StartEtcd(cfg)
	if err != nil {
		return err
	}
	defer member.Close()
	go http.ListenAndServe(*metrics, tally())
	select {
	case <-ctx.Done():
		return nil
	case err := <-member.Err():
		return err
	}
}

// tally serves etcd's own count of syncs, of its log and of its database, under the name that the bench asks for.
func tally() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		families, err := prometheus.DefaultGatherer.Gather()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		var syncs uint64
		for _, f := range families {
			switch f.GetName() {
			case "etcd_disk_wal_fsync_duration_seconds", "etcd_disk_backend_commit_duration_seconds":
				for _, m := range f.GetMetric() {
					syncs += m.GetHistogram().GetSampleCount()
				}
			}
		}
		fmt.Fprintf(w, "bench_syncs %d\n", syncs)
		promhttp.Handler().ServeHTTP(w, q)
	})
}

// connections is how many connections the clients share. More do not make etcd faster on two processors.
const connections = 8

// connect has clients share connections to the leader, which spares the others the forwarding.
func connect(addresses []string) load.Connect {
	var leader string
	var shared []*clientv3.Client
	return func(ctx context.Context, i int) (load.Store, error) {
		if leader == "" {
			if err := load.Wait(ctx, func() (err error) {
				leader, err = find(ctx, addresses)
				return err
			}); err != nil {
				return nil, err
			}
		}
		if len(shared) < connections {
			c, err := dial(leader)
			if err != nil {
				return nil, err
			}
			shared = append(shared, c)
		}
		return store{shared[i%len(shared)]}, nil
	}
}

func dial(address string) (*clientv3.Client, error) {
	return clientv3.New(clientv3.Config{Endpoints: []string{"http://" + address}, DialTimeout: 5 * time.Second})
}

// find asks the members who leads.
func find(ctx context.Context, addresses []string) (string, error) {
	for _, address := range addresses {
		c, err := dial(address)
		if err != nil {
			return "", err
		}
		defer c.Close()
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		s, err := c.Status(ctx, "http://"+address)
		cancel()
		if err == nil && s.Leader != 0 && s.Leader == s.Header.MemberId {
			return address, nil
		}
	}
	return "", errors.New("there is no leader")
}

// store is a client.
type store struct{ c *clientv3.Client }

// Put implements load.Store.
func (s store) Put(ctx context.Context, key string, value []byte) error {
	_, err := s.c.Put(ctx, key, string(value))
	return err
}

// Get implements load.Store. Etcd's reads are linearizable unless asked otherwise.
func (s store) Get(ctx context.Context, key string) ([]byte, error) {
	r, err := s.c.Get(ctx, key)
	if err != nil || len(r.Kvs) == 0 {
		return nil, err
	}
	return r.Kvs[0].Value, nil
}
