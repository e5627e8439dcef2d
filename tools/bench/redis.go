// redis-benchmark: what Redis's own benchmark measures of a cluster's proposer.

package bench

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"synod/impl/resp"
	"synod/tools/bench/load"
)

// RedisRun is one call of redis-benchmark.
type RedisRun struct {
	Tests    string // of redis-benchmark's -t
	Clients  int
	Pipeline int // requests that a client sends without waiting
	Requests int // in all, for each test
	Keys     int // that are drawn
	Value    int // bytes
}

// RedisRow is a line of what redis-benchmark prints; its times are in ms.
type RedisRow struct {
	Test              string
	Rate              string
	Median, Slow, Max string
}

// Redis is a cluster of three nodes, each an acceptor and a proposer in one process, for redis-benchmark, which speaks to
// the first one.
type Redis struct {
	folder  string
	cluster *cluster
}

// StartRedis starts the cluster. It has to be called on, and closed by, one goroutine.
func StartRedis(ctx context.Context, synod string) (*Redis, error) {
	runtime.LockOSThread() // children die with the thread that started them
	folder, err := os.MkdirTemp("", "synod-redis-")
	if err != nil {
		return nil, err
	}
	r := &Redis{folder: folder}
	if r.cluster, err = startSynod(folder, synod, synod, "redis", variant{}); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	for _, address := range r.cluster.addresses {
		err = errors.Join(err, load.Wait(ctx, func() error {
			c, err := resp.Dial(ctx, address, nil)
			if err != nil {
				return err
			}
			defer c.Close()
			reply, err := c.Do("SET", "ready", address)
			if err == nil && reply.IsError() {
				err = errors.New(reply.Text)
			}
			return err
		}))
	}
	if err != nil {
		return nil, errors.Join(err, r.cluster.ended(), r.Close())
	}
	return r, nil
}

// Close ends the cluster.
func (r *Redis) Close() error {
	if r.cluster != nil {
		r.cluster.close()
	}
	runtime.UnlockOSThread()
	return os.RemoveAll(r.folder)
}

// Run has redis-benchmark measure.
func (r *Redis) Run(ctx context.Context, q RedisRun) ([]RedisRow, error) {
	_, port, err := net.SplitHostPort(r.cluster.addresses[0])
	if err != nil {
		return nil, err
	}
	number := func(n int) string { return fmt.Sprint(n) }
	var said strings.Builder
	cmd := exec.CommandContext(ctx, "redis-benchmark", "-h", "127.0.0.1", "-p", port, "--csv", "-t", q.Tests, "-c", number(q.Clients),
		"-P", number(q.Pipeline), "-n", number(q.Requests), "-r", number(q.Keys), "-d", number(q.Value))
	cmd.Stderr = &said
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("redis-benchmark: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return parseRedis(string(text))
}

// redisColumns are those of redis-benchmark's table that are shown.
var redisColumns = []string{"test", "rps", "p50_latency_ms", "p99_latency_ms", "max_latency_ms"}

// parseRedis reads what redis-benchmark --csv prints.
func parseRedis(text string) (rows []RedisRow, err error) {
	start := strings.Index(text, `"test"`) // before it there may be warnings
	if start < 0 {
		return nil, fmt.Errorf("redis-benchmark prints no table: %q", text)
	}
	lines, err := csv.NewReader(strings.NewReader(text[start:])).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("what redis-benchmark prints cannot be read: %w", err)
	}
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	for _, name := range redisColumns {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("redis-benchmark's table has no column %q", name)
		}
	}
	for _, line := range lines[1:] {
		rows = append(rows, RedisRow{
			Test: line[at["test"]], Rate: line[at["rps"]],
			Median: line[at["p50_latency_ms"]], Slow: line[at["p99_latency_ms"]], Max: line[at["max_latency_ms"]],
		})
	}
	return rows, nil
}
