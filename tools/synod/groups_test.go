// Groups on real processes: shards move under load while replicas and operators are killed, and each bug is caught.

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"synod/impl/groups"
	"synod/impl/keyvalue"
	"synod/impl/resp"
	"synod/impl/shard"
	"synod/tools/synod/deployment"
)

// shard runs a subcommand of "shard".
func (s *service) shard(words ...string) (code int, out, errs string) {
	return subcommand(s.t, append([]string{"shard", words[0], "-at", strings.Join(s.fronts(), ",")}, words[1:]...)...)
}

// mustShard is shard for what has to succeed.
func (s *service) mustShard(words ...string) string {
	s.t.Helper()
	code, out, errs := s.shard(words...)
	require.Zero(s.t, code, "shard %s: %s", words, errs)
	return out
}

// shardTraces are the files of what the groups did with their shards, as one server has come to it.
func (s *service) shardTraces(name string, n int) (files []string) {
	for _, g := range groupNames(n) {
		files = append(files, filepath.Join(s.dir, name+"."+g+".shards.ndjson"))
	}
	return files
}

// replayShards replays what a server's groups did. The servers must be down.
func (s *service) replayShards(name string, n int) (code int, out string) {
	code, out, errs := invoke(append([]string{"replay", "-spec", "../../spec/shard/Shard.tla"}, s.shardTraces(name, n)...)...)
	return code, out + errs
}

// What clients are told while shards move, and replicas and operators are killed, is what one copy of the data could have
// told; and what the groups did is a behaviour of the specification, as is what each group's log did.
func TestShardsAreLinearizableUnderKills(t *testing.T) {
	t.Parallel()
	kills := killsWanted(t, 3)
	random := rand.New(rand.NewPCG(3, 3))
	for kills > 0 {
		part := min(kills, 6)
		kills -= part
		s := newReplicas(t, "-groups", "3")
		var victims []string
		for range part {
			victims = append(victims, replicaNames[random.IntN(3)])
		}
		firsts, rest := s.cut()
		stop := make(chan struct{})
		moves := 0
		var movers sync.WaitGroup
		movers.Go(func() {
			for ; ; moves++ {
				select {
				case <-stop:
					return
				default:
					s.mustShard("move", firsts[moves%len(firsts)], fmt.Sprint("g", 1+(moves+1)%3))
				}
			}
		})
		movers.Go(func() { s.count(stop) })
		s.judge(s.fronts(), int64(600*(part+1)), victims)
		close(stop)
		movers.Wait()
		t.Logf("%d moves", moves)
		require.NotZero(t, moves)
		s.killOperators(random, rest)
		s.judgeTraces()
	}
}

// count is a Go client: each of its requests takes effect once, whatever happens to the shard and the servers.
func (s *service) count(stop <-chan struct{}) {
	client, err := groups.Dial(s.t.Context(), groupsOf(deployment.Access{Servers: s.fronts()}))
	require.NoError(s.t, err)
	session := client.Session()
	for n := int64(1); ; n++ {
		select {
		case <-stop:
			s.t.Logf("counted to %d", n-1)
			return
		default:
		}
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
		r, err := keyvalue.Ask(ctx, session, "INCR", "{k0}count")
		cancel()
		require.NoError(s.t, err)
		require.Equal(s.t, resp.Integer(n), r)
	}
}

// cut makes a range of each shard that has a key of the load, and gives them. rest begins the last range.
func (s *service) cut() (firsts []string, rest string) {
	last := 0
	for i := range 4 {
		of := shard.Of(fmt.Sprint("k", i))
		n, err := strconv.Atoi(of)
		require.NoError(s.t, err)
		firsts = append(firsts, of)
		s.mustShard("split", of)
		s.mustShard("split", strconv.Itoa(n+1))
		last = max(last, n+1)
	}
	return firsts, strconv.Itoa(last)
}

// killOperators kills operators in the middle of their moves, wherever that is, and has another one go on.
func (s *service) killOperators(random *rand.Rand, first string) {
	killed := 0
	for i := range 6 {
		cmd := exec.Command(os.Args[0], "shard", "move", "-at", s.fronts()[0], first, fmt.Sprint("g", 2+i%2))
		cmd.Env = append(os.Environ(), commandVariable+"=1")
		require.NoError(s.t, cmd.Start())
		time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
		cmd.Process.Kill()
		if cmd.Wait() != nil {
			killed++
		}
	}
	out := s.mustShard("resume")
	require.NotContains(s.t, out, "on its way")
	require.NotContains(s.t, out, "elsewhere")
	s.t.Logf("%d operators killed\n%s", killed, out)
}

// judgeTraces stops the servers and replays what they did. A trace that is altered is refused.
func (s *service) judgeTraces() {
	t := s.t
	for _, name := range replicaNames {
		s.stop(name)
		code, out := s.replayShards(name, 3)
		require.Zero(t, code, out)
	}
	words := []string{"replay", "-spec", "../../spec/log/LogRead.tla"}
	for _, name := range replicaNames { // one group's log: those of the others take longer, and are no different
		words = append(words, filepath.Join(s.dir, name+".g3.ndjson"))
	}
	code, out, errs := invoke(words...)
	require.Zero(t, code, out+errs)
	path := s.shardTraces("r2", 3)[0]
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	altered := strings.Replace(string(text), `"frozen"`, `"serving"`, 1)
	require.NoError(t, os.WriteFile(path, []byte(altered), 0o644))
	code, out = s.replayShards("r2", 3)
	require.Equal(t, 1, code, out)
}

// An unmodified client works at every server, whichever group has its keys. What is on disk is not taken for anything else.
func TestGoRedisOnGroups(t *testing.T) {
	t.Parallel()
	s := newReplicas(t, "-groups", "2")
	ctx := t.Context()
	require.Equal(t, "0-255     g1\n", s.mustShard("list"))
	require.Equal(t, "0-127     g1\n128-255   g1\n", s.mustShard("split", "128"))
	require.Equal(t, "0-127     g1\n128-255   g2\n", s.mustShard("move", "128", "g2"))
	for wrong, why := range map[string]string{
		"move 7 g2": "no range begins with 7", "move 0 g3": `no group "g3"`, "split x": "no shard",
	} {
		code, _, errs := s.shard(strings.Fields(wrong)...)
		require.Equal(t, 1, code, errs)
		require.Contains(t, errs, why)
	}
	large := redis.NewClient(&redis.Options{Addr: s.fronts()[0]})
	defer large.Close()
	for i := range 2 { // more in one shard than one request may have
		require.NoError(t, large.Set(ctx, fmt.Sprint("{0}", i), strings.Repeat(fmt.Sprint(i), 700_000), 0).Err())
	}
	s.mustShard("move", "0", "g2")
	s.mustShard("move", "128", "g1")
	for i := range 2 {
		require.Equal(t, strings.Repeat(fmt.Sprint(i), 700_000), large.GetDel(ctx, fmt.Sprint("{0}", i)).Val())
	}
	for i, address := range s.fronts() {
		c := redis.NewClient(&redis.Options{Addr: address, Protocol: 2 + i%2})
		defer c.Close()
		pipe := c.Pipeline()
		for n := range 40 {
			pipe.Incr(ctx, fmt.Sprint("n", n))
		}
		cmds, err := pipe.Exec(ctx)
		require.NoError(t, err)
		for _, cmd := range cmds {
			require.Equal(t, int64(i+1), cmd.(*redis.IntCmd).Val())
		}
		require.Equal(t, int64(40), c.DBSize(ctx).Val())
		require.NoError(t, c.Watch(ctx, func(tx *redis.Tx) error {
			_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
				p.Incr(ctx, "n0")
				p.Decr(ctx, "n0")
				return nil
			})
			return err
		}, "n0"))
		require.ErrorContains(t, c.MSet(ctx, "n0", 1, "n1", 2).Err(), "CROSSSLOT")
	}
	code, out, errs := s.lock("job", "--", "echo", "one")
	require.Zero(t, code, errs)
	require.Equal(t, "one\n", out)
	s.stop("r1")
	for _, n := range []string{"0", "1"} {
		code, _, errs = subcommand(t, "serve", "replica", "-id", "r1", "-data", filepath.Join(s.dir, "r1"), "-replicas", "r1=127.0.0.1:1", "-groups", n)
		require.Equal(t, exitUsage, code)
		require.Contains(t, errs, "was made by a server with")
	}
}

// askShard asks a group of a server for one step.
func askShard(t *testing.T, c *resp.Client, group string, q shard.Command) shard.Result {
	t.Helper()
	r, err := c.Do("SHARD", "ASK", group, q.String())
	require.NoError(t, err)
	require.False(t, r.IsError(), r.Text)
	result, err := shard.ParseResult(string(r.Bulk))
	require.NoError(t, err)
	return result
}

// servedWith tells what is noticed of a server that has a bug, while a shard moves, its operator asks for a step twice, and
// a client asks again, elsewhere, for what it has asked for before.
func servedWith(t *testing.T, bug shard.Bugs) (caught []string) {
	port := freePorts(t, 2)
	s := &service{t: t, dir: t.TempDir(), addresses: map[string]string{}, processes: map[string]*exec.Cmd{}}
	t.Cleanup(func() {
		for name := range s.processes {
			s.kill(name)
		}
	})
	s.run("r1", 2, "serve", "replica", "-id", "r1", "-data", filepath.Join(s.dir, "r1"), "-listen", port[0], "-resp", port[1], "-replicas", "r1="+port[0],
		"-log-level", "error", "-trace", s.trace("r1"), "-groups", "2", "-break", bug.String())
	ask := func(ctx context.Context, harmless bool, words ...string) (resp.Reply, error) {
		return deployment.Access{Servers: port[1:]}.Ask(ctx, harmless, words...)
	}
	client, err := groups.Dial(t.Context(), ask)
	require.NoError(t, err)
	reply, err := keyvalue.Ask(t.Context(), client.Session(), "INCR", "n")
	require.NoError(t, err)
	require.Equal(t, resp.Integer(1), reply)
	c, err := resp.Dial(t.Context(), port[1], nil)
	require.NoError(t, err)
	defer c.Close()
	of := shard.Of("n")
	read := "\x00\x01r\x02\x03GET\x01n"
	request := shard.Command{Kind: shard.Serve, Shard: of, Client: "c", Number: 1, Body: "\x00\x01r\x02\x04INCR\x01n"}
	first := askShard(t, c, "g1", request)
	v := &shard.Mover{Shard: of, To: "g2", Map: "g1", Bugs: bug}
	for group, q := v.Ask(); group != ""; group, q = v.Ask() {
		r := askShard(t, c, group, q)
		if q.Kind == shard.Freeze {
			for _, body := range []string{read, request.Body} {
				if askShard(t, c, "g1", shard.Command{Kind: shard.Serve, Shard: of, Body: body}).Outcome == shard.Done {
					caught = append(caught, "a frozen shard is served")
				}
			}
		}
		if q.Kind == shard.Activate {
			if again := askShard(t, c, "g2", request); again.Body != first.Body {
				caught = append(caught, "a request is performed twice")
			}
			require.Equal(t, shard.Done, askShard(t, c, "g2", shard.Command{Kind: shard.Serve, Shard: of, Body: request.Body}).Outcome)
			askShard(t, c, group, q)
		}
		if r.Outcome == shard.Elsewhere {
			caught = append(caught, "a step of the move is refused")
			break
		}
		v.Answered(r)
	}
	s.stop("r1")
	if code, out := s.replayShards("r1", 2); code != 0 {
		require.Equal(t, 1, code, out)
		caught = append(caught, "the trace is none of the specification's")
	}
	return caught
}

// Each bug of moves is caught where it is served, by the replay or by what clients are told; without one nothing is.
func TestEachBugOfShardsIsCaught(t *testing.T) {
	t.Parallel()
	require.Empty(t, servedWith(t, 0))
	for _, name := range shard.BugNames() {
		bug, err := shard.ParseBugs(name)
		require.NoError(t, err)
		t.Run(name, func(t *testing.T) {
			caught := servedWith(t, bug)
			t.Log(strings.Join(caught, "; "))
			require.NotEmpty(t, caught)
		})
	}
}
