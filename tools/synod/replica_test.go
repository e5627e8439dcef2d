// Replicas on real processes: three on loopback, spoken to with Redis's clients, and killed.

package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"synod/impl/replica"
	"synod/impl/transport"
	"synod/tools/synod/deployment"
)

var replicaNames = []string{"r1", "r2", "r3"}

// newReplicas starts three replicas, each with more flags.
func newReplicas(t *testing.T, flags ...string) *service {
	s := &service{t: t, dir: t.TempDir(), addresses: map[string]string{}, processes: map[string]*exec.Cmd{}, flags: flags}
	t.Cleanup(func() {
		for name := range s.processes {
			s.kill(name)
		}
	})
	for i, address := range freePorts(t, 2*len(replicaNames)) {
		name := replicaNames[i/2]
		if i%2 == 1 {
			name = "resp " + name
		}
		s.addresses[name] = address
	}
	for _, name := range replicaNames {
		s.start(name)
	}
	return s
}

func (s *service) startReplica(name string) {
	s.t.Helper()
	var replicas []string
	for _, r := range replicaNames {
		replicas = append(replicas, r+"="+s.addresses[r])
	}
	s.run(name, 2, append([]string{"serve", "replica", "-id", name, "-data", filepath.Join(s.dir, name), "-listen", s.addresses[name],
		"-resp", s.addresses["resp "+name], "-replicas", strings.Join(replicas, ","), "-log-level", "warn", "-trace", s.trace(name)}, s.flags...)...)
}

func (s *service) fronts() (addresses []string) {
	for _, name := range replicaNames {
		addresses = append(addresses, s.addresses["resp "+name])
	}
	return addresses
}

// An unmodified client works at every replica, leader or not, and transactions are atomic.
func TestGoRedisOnReplicas(t *testing.T) {
	s := newReplicas(t)
	ctx := t.Context()
	var clients []*redis.Client
	for i, address := range s.fronts() {
		c := redis.NewClient(&redis.Options{Addr: address, Protocol: 2 + i%2})
		defer c.Close()
		clients = append(clients, c)
	}
	for i, one := range clients {
		other := clients[(i+1)%3]
		key := func(name string) string { return fmt.Sprintf("%s%d", name, i) }
		require.NoError(t, one.MSet(ctx, key("a"), 1, key("b"), 2, key("c"), 3).Err())
		require.Equal(t, []any{"1", "2", nil}, other.MGet(ctx, key("a"), key("b"), key("none")).Val())
		require.Equal(t, int64(2), other.Del(ctx, key("b"), key("c"), key("none")).Val())
		cmds, err := one.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Incr(ctx, key("a"))
			p.Get(ctx, key("a"))
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, "2", cmds[1].(*redis.StringCmd).Val())
		move := func(c *redis.Client, meanwhile func()) error {
			return c.Watch(ctx, func(tx *redis.Tx) error {
				n, err := tx.Get(ctx, key("a")).Int()
				if err != nil {
					return err
				}
				meanwhile()
				_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error { return p.Set(ctx, key("a"), n+10, 0).Err() })
				return err
			}, key("a"))
		}
		require.NoError(t, move(one, func() {}))
		require.ErrorIs(t, move(one, func() { other.Incr(ctx, key("a")) }), redis.TxFailedErr)
		require.Equal(t, "13", other.Get(ctx, key("a")).Val())
		require.True(t, one.SetNX(ctx, key("t"), "v", time.Minute).Val())
		require.InDelta(t, 60, other.TTL(ctx, key("t")).Val().Seconds(), 30)
		pipe := one.Pipeline()
		for range 100 {
			pipe.Incr(ctx, key("n"))
		}
		last := pipe.Get(ctx, key("n"))
		_, err = pipe.Exec(ctx)
		require.NoError(t, err)
		require.Equal(t, "100", last.Val())
		require.Equal(t, int64(3*(i+1)), other.DBSize(ctx).Val())
	}
	var found []string
	for it := clients[0].Scan(ctx, 0, "a*", 2).Iterator(); it.Next(ctx); {
		found = append(found, it.Val())
	}
	require.ElementsMatch(t, []string{"a0", "a1", "a2"}, found)
}

func TestRedisToolsOnReplicas(t *testing.T) {
	t.Parallel()
	cli, benchmark := tool(t, "redis-cli"), tool(t, "redis-benchmark")
	s := newReplicas(t)
	for _, front := range s.fronts() {
		_, port, _ := strings.Cut(front, ":")
		run := func(program string, args ...string) string {
			out, err := exec.Command(program, append([]string{"-p", port}, args...)...).CombinedOutput()
			require.NoError(t, err, "%s", out)
			return strings.TrimSpace(string(out))
		}
		require.Equal(t, "OK", run(cli, "set", "k", "v", "ex", "100"))
		require.Equal(t, "v", run(cli, "-3", "get", "k"))
		out := run(benchmark, "-t", "ping,set,get,incr,mset", "-n", "300", "-c", "10", "-P", "4", "-r", "100", "-q")
		require.Contains(t, out, "MSET (10 keys):")
		require.NotContains(t, out, "ERR")
	}
	leader := ""
	for _, name := range replicaNames {
		code, out, errs := subcommand(t, "status", s.addresses[name])
		require.Zero(t, code, errs)
		require.Contains(t, out, `"role": "`+transport.RoleReplica+`"`)
		require.Regexp(t, `"applied": \d\d+`, out)
		if strings.Contains(out, `"standing": "leader"`) {
			leader = name
		}
	}
	require.NotEmpty(t, leader)
}

// killsVariable is how many replicas each soak kills; without it a few are.
const killsVariable = "SYNOD_KILLS"

func killsWanted(t *testing.T, otherwise int) int {
	text := os.Getenv(killsVariable)
	if text == "" {
		return otherwise
	}
	kills, err := strconv.Atoi(text)
	require.NoError(t, err)
	return kills
}

// A short soak of replicas, without leases and with; make soak has the long ones. An altered trace is refused, and so is a
// known bug.
func TestASoakOfReplicasConforms(t *testing.T) {
	for name, x := range map[string]struct {
		flags             []string
		spec, action, bug string
	}{
		"without leases": {nil, "log/LogRead.tla", "ReadConfirmed", "read-unconfirmed"},
		"with leases":    {[]string{"-lease", "200ms"}, "log/LeaderLease.tla", "Read", "hold-without-quorum"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "soak")
			args := append([]string{"soak", "-replicas", "-clients", "3", "-seed", "7", "-dir", folder}, x.flags...)
			cmd, stdout, stderr := synod(t, append(args, "-kills", "7")...)
			require.NoError(t, cmd.Run(), "%s%s", stdout, stderr)
			require.Regexp(t, `(?m)^verdict +conforms$`, stdout.String())
			require.Contains(t, stdout.String(), "0 illegal, 0 undecided")
			require.Empty(t, servers(t, folder))

			paths, err := filepath.Glob(filepath.Join(folder, "part1", "trace", "r?.ndjson"))
			require.NoError(t, err)
			require.Len(t, paths, 3)
			text, err := os.ReadFile(paths[1])
			require.NoError(t, err)
			require.Contains(t, string(text), `"action":"Restart"`)
			require.Contains(t, contents(t, paths), `"action":"`+x.action+`"`)
			altered := strings.Replace(string(text), `"promised[r2]":`, `"promised[r2]":9`, 1) // 9 before its digits
			require.NoError(t, os.WriteFile(paths[1], []byte(altered), 0o644))
			code, out, _ := invoke(append([]string{"replay", "-spec", "../../spec/" + x.spec}, paths...)...)
			require.Equal(t, 1, code, out)

			cmd, stdout, stderr = synod(t, append(args, "-kills", "2", "-break", x.bug)...)
			require.Error(t, cmd.Run())
			require.Equal(t, 1, cmd.ProcessState.ExitCode(), "%s%s", stdout, stderr)
			require.Regexp(t, `(?m)^verdict +violates$`, stdout.String())
		})
	}
}

// contents is what several files hold.
func contents(t *testing.T, paths []string) string {
	var all strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		all.Write(text)
	}
	return all.String()
}

// A cluster from files speaks TLS, and its certificates are nobody else's.
func TestReplicasFromFiles(t *testing.T) {
	for _, groups := range []string{"0", "2"} {
		t.Run(groups+" groups", func(t *testing.T) { replicasFromFiles(t, groups) })
	}
}

func replicasFromFiles(t *testing.T, groups string) {
	dir := filepath.Join(t.TempDir(), "cluster")
	code, _, errs := subcommand(t, "init", "-replicas", "-groups", groups, "-cluster", "test", dir)
	require.Zero(t, code, errs)
	s := &service{t: t, dir: dir, addresses: map[string]string{}, processes: map[string]*exec.Cmd{}}
	t.Cleanup(func() {
		for name := range s.processes {
			s.kill(name)
		}
	})
	ports := freePorts(t, 3)
	var moved []string
	for i, name := range replicaNames {
		moved = append(moved, "-set", fmt.Sprintf("cluster.replicas.%s.address=%s", name, ports[i]))
	}
	for i := range replicaNames {
		machine := fmt.Sprintf("node%d", i+1)
		s.run(machine, 3, append([]string{
			"serve", "-config", filepath.Join(dir, machine, "synod.toml"), "-set", "log.level=warn", "-set", "replica.listen=" + ports[i],
			"-set", "resp.listen=127.0.0.1:0", "-set", "admin.listen=127.0.0.1:0",
		}, moved...)...)
	}
	t.Setenv("SYNOD_CONFIG", filepath.Join(dir, "client", "synod.toml"))
	t.Setenv("SYNOD_CLIENT_SERVERS", fmt.Sprintf("['%s', '%s']", s.addresses["resp r1"], s.addresses["resp r2"]))
	code, out, errs := subcommand(t, "set", "-timeout", "10s", "k", "v")
	require.Zero(t, code, errs)
	require.Equal(t, "OK\n", out)
	if groups != "0" {
		code, out, errs = subcommand(t, "shard", "move", "0", "g2")
		require.Zero(t, code, errs)
		require.Equal(t, "0-255     g2\n", out)
	}
	t.Setenv("SYNOD_CLUSTER_REPLICAS", fmt.Sprintf(`{r1 = {id = 1, address = "%s"}, r2 = {id = 2, address = "%s"}, r3 = {id = 3, address = "%s"}}`, ports[0], ports[1], ports[2]))
	code, out, errs = subcommand(t, "status")
	require.Zero(t, code, errs)
	require.Regexp(t, `(?m)^r\d +127\.0\.0\.1:\d+ +leader, run 1, leader r\d, applied slot [1-9]\d*, reaches r`, out)
	for _, page := range []string{"readyz", "metrics"} {
		reply, err := http.Get("http://" + s.addresses["admin node1"] + "/" + page)
		require.NoError(t, err)
		require.NoError(t, reply.Body.Close())
		require.Equal(t, 200, reply.StatusCode)
	}
	strangers := filepath.Join(t.TempDir(), "strangers")
	code, _, errs = subcommand(t, "init", "-replicas", "-cluster", "test", strangers)
	require.Zero(t, code, errs)
	f, err := deployment.Read(filepath.Join(strangers, "client", "synod.toml"))
	require.NoError(t, err)
	theirs, err := f.ClientTLS()
	require.NoError(t, err)
	_, err = replica.AskStatus(t.Context(), ports[0], "", theirs)
	require.Error(t, err, "another authority's certificates open nothing")
	_, err = replica.AskStatus(t.Context(), ports[0], "", nil)
	require.Error(t, err, "plaintext does not get in")
	s.stop("node1")
	s.stop("node2")
	code, out, errs = subcommand(t, "status")
	require.Equal(t, 1, code, out)
	require.Contains(t, errs, "the cluster does not serve")
	s.stop("node3")
}
