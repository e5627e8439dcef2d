// How fast the cluster is when nothing goes wrong.

package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"synod/tools/synod/console"
)

// Speed is what a cluster did in a while.
type Speed struct {
	Puts     int
	Elapsed  time.Duration
	Median   time.Duration // of a put, as its client sees it
	Slow     time.Duration // that 99 of 100 puts do not exceed
	Failures int           // puts that were not satisfied
}

// PerSecond is the number of satisfied puts in a second.
func (s Speed) PerSecond() float64 { return float64(s.Puts) / max(s.Elapsed.Seconds(), 1e-9) }

// Measure runs a healthy cluster of the demo's shape for a while, every client putting values under a key of its own
// as fast as it is answered, with or without traces. It needs Program, Duration and Clients of the options.
func Measure(ctx context.Context, out *console.Console, o Options, traced bool) (Speed, error) {
	folder, err := os.MkdirTemp("", "synod-bench-")
	if err != nil {
		return Speed{}, err
	}
	defer os.RemoveAll(folder)
	c := &cluster{program: o.Program, folder: folder, traced: traced}
	defer c.close()
	if err := c.start(ctx); err != nil {
		return Speed{}, err
	}
	if err := warmUp(ctx, c); err != nil {
		return Speed{}, err
	}
	out.Progress("measuring puts for %v", o.Duration)
	loading, done := context.WithTimeout(ctx, o.Duration)
	defer done()
	var mu sync.Mutex
	var speed Speed
	var times []time.Duration
	var failed error
	var clients sync.WaitGroup
	start := time.Now()
	for id := range o.Clients {
		clients.Go(func() {
			mine, failures, err := putUntil(loading, c, id)
			mu.Lock()
			defer mu.Unlock()
			times = append(times, mine...)
			speed.Failures += failures
			failed = errors.Join(failed, err)
		})
	}
	clients.Wait()
	speed.Elapsed = time.Since(start)
	out.Settle()
	if ctx.Err() != nil {
		return Speed{}, ctx.Err()
	}
	if err := errors.Join(failed, c.nursery.crashed(), c.stop()); err != nil {
		return Speed{}, err
	}
	if len(times) == 0 {
		return Speed{}, errors.New("no put was satisfied")
	}
	slices.Sort(times)
	speed.Puts, speed.Median, speed.Slow = len(times), times[len(times)/2], times[len(times)*99/100]
	return speed, nil
}

// warmUp has every proposer satisfy one put, so that all connections stand.
func warmUp(ctx context.Context, c *cluster) error {
	for p := range proposers {
		conn, err := c.connect(p)
		if err != nil {
			return err
		}
		_, how, err := conn.Change(ctx, "warm", change{name: "set", value: 1})
		if err = errors.Join(err, conn.Close()); err != nil {
			return err
		}
		if how != satisfied {
			return fmt.Errorf("the first put by %s is %v", proposerName(p), how)
		}
	}
	return nil
}

// putUntil puts values under one client's own key until ctx ends, and returns how long each took.
func putUntil(ctx context.Context, c *cluster, id int) (times []time.Duration, failures int, err error) {
	conn, err := c.connect(id % proposers)
	if err != nil {
		return nil, 0, err
	}
	defer conn.Close()
	key := fmt.Sprintf("client%d", id)
	for n := int64(1); ctx.Err() == nil; n++ {
		call := time.Now()
		_, how, err := conn.Change(context.WithoutCancel(ctx), key, change{name: "set", value: n})
		if err != nil {
			return nil, 0, err
		}
		if how != satisfied {
			failures++
			continue
		}
		times = append(times, time.Since(call))
	}
	return times, failures, nil
}
