// Fail-over: for how long nothing is committed when the leader of a replicated log is killed.

package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"synod/impl/log"
	"synod/impl/replica"
	"synod/impl/resp"
)

// Failover starts three replicas with their default time-outs, kills the leader as often as it is told, and gives for
// each kill the time until a client of another replica has put a key. The killed one is started again, and has caught up
// before the next kill.
func Failover(ctx context.Context, synod string, kills int, say func(string)) (took []time.Duration, err error) {
	folder, err := os.MkdirTemp("", "synod-failover-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	c, err := startSynod(folder, synod, synod, "failover", variant{replicas: true})
	defer c.close()
	if err != nil {
		return nil, err
	}
	for n := range kills {
		leader, err := c.leader(ctx)
		if err != nil {
			return nil, err
		}
		// When in the time between two heartbeats a leader dies is up to chance.
		time.Sleep(200*time.Millisecond + rand.N(100*time.Millisecond))
		client, err := resp.Dial(ctx, c.addresses[(leader+1)%nodes], nil)
		if err != nil {
			return nil, err
		}
		client.SetDeadline(time.Now().Add(time.Minute))
		began := time.Now()
		c.servers[leader].kill()
		r, err := client.Do("SET", "key", fmt.Sprint(n))
		for err == nil && r.IsError() {
			r, err = client.Do("SET", "key", fmt.Sprint(n))
		}
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		client.Close()
		say(fmt.Sprintf("kill %d of %d", n+1, kills))
		name := fmt.Sprintf("node%d", leader+1)
		if c.servers[leader], err = start(folder, name, synod, "serve", "-config", filepath.Join(folder, name+".toml")); err != nil {
			return nil, err
		}
	}
	return took, nil
}

// leader waits until all replicas follow one that leads, and have applied the same, and gives its place.
func (c *cluster) leader(ctx context.Context) (place int, err error) {
	until := time.Now().Add(time.Minute)
	for ctx.Err() == nil && time.Now().Before(until) {
		if err := c.ended(); err != nil {
			return 0, err
		}
		place, agreed := -1, 0
		var name string
		var applied uint64
		for i, address := range c.replicas {
			s, err := replica.AskStatus(ctx, address, "", nil)
			if err != nil {
				break
			}
			if i == 0 {
				name, applied = s.Leader, s.Applied
			}
			if s.Leader != "" && s.Leader == name && s.Applied == applied {
				agreed++
			}
			if s.Standing == string(log.Leader) {
				place = i
			}
		}
		if agreed == nodes && place >= 0 {
			return place, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return 0, errors.Join(ctx.Err(), errors.New("no leader was found"))
}
