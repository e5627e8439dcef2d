// The closed loop: so many clients, each asking again as soon as it is answered, and what they saw.

// Package load puts load on a key/value store and measures how the clients fare. Every store that is measured has a
// program of its own that calls Print with a way to connect; tools/bench starts it and reads its Result. It needs
// nothing but the standard library, so that programs outside of this module can have it.
package load

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Store is one client's way to a store. It is for one goroutine.
type Store interface {
	// Put is answered when the value is durable on a quorum.
	Put(ctx context.Context, key string, value []byte) error
	// Get is linearizable. It gives nil if the key does not exist.
	Get(ctx context.Context, key string) ([]byte, error)
}

// Connect gives the client of a number, from 0, its Store. Clients may share connections if that is how the store's
// clients are meant to be used.
type Connect func(ctx context.Context, client int) (Store, error)

// The kinds of load.
const (
	Fill = "fill" // puts every key once, and ends
	Put  = "put"  // puts random keys
	Get  = "get"  // reads random keys
	Hot  = "hot"  // all clients put one key
)

// Options say what to do.
type Options struct {
	Addresses []string      // of the store's nodes
	Kind      string        // of load
	Clients   int           // at once
	Keys      int           // how many there are
	Value     int           // bytes of a value
	Warm      time.Duration // load without measuring, at first
	For       time.Duration // how long to measure
}

// Register declares the options as flags.
func (o *Options) Register(set *flag.FlagSet) {
	set.Func("addresses", "the nodes' `addresses`, separated by commas", func(s string) error {
		o.Addresses = strings.Split(s, ",")
		return nil
	})
	set.StringVar(&o.Kind, "kind", Put, "`what` to ask: fill, put, get or hot")
	set.IntVar(&o.Clients, "clients", 16, "how many `clients` ask at once")
	set.IntVar(&o.Keys, "keys", 100_000, "over how many `keys`")
	set.IntVar(&o.Value, "value", 256, "a value's size in `bytes`, at least 8")
	set.DurationVar(&o.Warm, "warm", time.Second, "how `long` to load before measuring")
	set.DurationVar(&o.For, "for", 3*time.Second, "how `long` to measure")
}

func (o *Options) validate() error {
	if !slices.Contains([]string{Fill, Put, Get, Hot}, o.Kind) {
		return fmt.Errorf("-kind %q is none of fill, put, get and hot", o.Kind)
	}
	if o.Clients < 1 || o.Keys < 1 || o.Value < 8 || o.For <= 0 || o.Warm < 0 || len(o.Addresses) == 0 {
		return errors.New("-clients, -keys and -for are positive, -value is at least 8, and there are -addresses")
	}
	return nil
}

// Result is what the clients saw. Times are in seconds.
type Result struct {
	Ops     int     `json:"ops"`     // answered while measuring
	Total   int     `json:"total"`   // answered in all, warming up included
	Errors  int     `json:"errors"`  // not satisfied, in all
	Error   string  `json:"error"`   // one of them
	Seconds float64 `json:"seconds"` // how long was measured
	Median  float64 `json:"median"`  // of an answer's time
	Slow    float64 `json:"slow"`    // that 99 of 100 answers do not exceed
	Least   float64 `json:"least"`   // answers a second in the worst tenth of the time
}

// Print runs and prints the Result as a line of JSON.
func Print(ctx context.Context, o *Options, out io.Writer, connect Connect) error {
	r, err := Run(ctx, o, connect)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

// Wait is for clients that connect: it tries again, for a while, what fails because a node has just been started.
func Wait(ctx context.Context, try func() error) error {
	until := time.Now().Add(20 * time.Second)
	for {
		err := try()
		if err == nil || ctx.Err() != nil || time.Now().After(until) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// tenths are the parts of the measured time that are counted one by one, to see the worst.
const tenths = 10

// client is one client of a run, and what it saw.
type client struct {
	store  Store
	random *rand.Rand
	value  []byte
	times  []time.Duration
	tenths [tenths]int
	total  int
	errors int
	err    error
}

// Run has all clients connect, and then loads the store until the time is over or ctx ends.
func Run(ctx context.Context, o *Options, connect Connect) (*Result, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	clients := make([]*client, o.Clients)
	for i := range clients {
		store, err := connect(ctx, i)
		if err != nil {
			return nil, err
		}
		random := rand.New(rand.NewPCG(uint64(i), uint64(time.Now().UnixNano())))
		c := &client{store: store, random: random, value: make([]byte, o.Value)}
		for j := range c.value {
			c.value[j] = byte(random.Uint32())
		}
		clients[i] = c
	}
	keys := make([]string, o.Keys)
	for i := range keys {
		keys[i] = fmt.Sprintf("key%07d", i)
	}
	if o.Kind == Fill {
		return fill(ctx, clients, keys)
	}
	return measure(ctx, o, clients, keys)
}

// fill has the clients put all keys once. A put that fails is tried again: the store may still be finding its leader.
func fill(ctx context.Context, clients []*client, keys []string) (*Result, error) {
	var next atomic.Int64
	each(clients, func(c *client) {
		for i := next.Add(1) - 1; i < int64(len(keys)) && ctx.Err() == nil; i = next.Add(1) - 1 {
			for c.ask(ctx, Put, keys[i]) != nil && ctx.Err() == nil {
				time.Sleep(50 * time.Millisecond)
			}
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return collect(clients, 0), nil
}

func measure(ctx context.Context, o *Options, clients []*client, keys []string) (*Result, error) {
	begin := time.Now().Add(o.Warm)
	end := begin.Add(o.For)
	kind := o.Kind
	if kind == Hot {
		keys, kind = keys[:1], Put
	}
	each(clients, func(c *client) {
		for ctx.Err() == nil {
			asked := time.Now()
			if asked.After(end) {
				return
			}
			if c.ask(ctx, kind, keys[c.random.IntN(len(keys))]) != nil {
				continue
			}
			now := time.Now()
			if asked.After(begin) && now.Before(end) {
				c.times = append(c.times, now.Sub(asked))
				c.tenths[int(tenths*now.Sub(begin)/o.For)]++
			}
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return collect(clients, o.For), nil
}

// each runs f for all clients at once.
func each(clients []*client, f func(*client)) {
	var running sync.WaitGroup
	for _, c := range clients {
		running.Go(func() { f(c) })
	}
	running.Wait()
}

// ask asks once. Every value that is put differs from the one before.
func (c *client) ask(ctx context.Context, kind, key string) (err error) {
	c.total++
	if kind == Get {
		var v []byte
		if v, err = c.store.Get(ctx, key); err == nil && v == nil {
			err = fmt.Errorf("key %s, which was put, does not exist", key)
		}
	} else {
		binary.BigEndian.PutUint64(c.value, c.random.Uint64())
		err = c.store.Put(ctx, key, c.value)
	}
	if err != nil {
		c.total--
		c.errors++
		c.err = err
	}
	return err
}

// collect sums up what the clients saw.
func collect(clients []*client, took time.Duration) *Result {
	r := &Result{Seconds: took.Seconds()}
	var times []time.Duration
	var sums [tenths]int
	for _, c := range clients {
		times = append(times, c.times...)
		r.Total += c.total
		r.Errors += c.errors
		if c.err != nil {
			r.Error = c.err.Error()
		}
		for i, n := range c.tenths {
			sums[i] += n
		}
	}
	slices.Sort(times)
	r.Ops = len(times)
	if r.Ops > 0 {
		r.Median, r.Slow = times[r.Ops/2].Seconds(), times[r.Ops*99/100].Seconds()
		r.Least = float64(slices.Min(sums[:])) * tenths / r.Seconds
	}
	return r
}
