// The service on real processes: three acceptors and two proposers on loopback, spoken to with Redis's clients.

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"synod/impl/resp"
	"synod/trace"
)

// service is a cluster of processes.
type service struct {
	t         *testing.T
	dir       string
	addresses map[string]string // of nodes, of the fronts as "resp p1" and of the admin ports as "admin p1"
	processes map[string]*exec.Cmd
	flags     []string // of all nodes
	sweeps    string   // how often proposers do
}

func newService(t *testing.T, flags ...string) *service {
	return newServiceOf(t, []string{"a1", "a2", "a3", "p1", "p2"}, flags...)
}

// newServiceOf starts some of the nodes.
func newServiceOf(t *testing.T, names []string, flags ...string) *service {
	s := &service{t: t, dir: t.TempDir(), addresses: map[string]string{}, processes: map[string]*exec.Cmd{}, flags: flags, sweeps: "50ms"}
	t.Cleanup(func() {
		for name := range s.processes {
			s.kill(name)
		}
	})
	for _, name := range names {
		s.start(name)
	}
	return s
}

// start starts a node, at its old ports and on its old disk if it ran before, and waits until it listens.
func (s *service) start(name string) {
	s.t.Helper()
	at := func(what string) string {
		if s.addresses[what] == "" {
			s.addresses[what] = freePorts(s.t, 1)[0]
		}
		return s.addresses[what]
	}
	if name[0] == 'r' {
		s.startReplica(name)
		return
	}
	args := []string{"serve", "acceptor", "-id", name, "-data", filepath.Join(s.dir, name), "-listen", at(name), "-log-level", "warn",
		"-trace", s.trace(name)}
	args = append(args, s.flags...)
	lines := 1
	if name[0] == 'p' {
		var acceptors []string
		for _, a := range []string{"a1", "a2", "a3"} {
			acceptors = append(acceptors, a+"="+s.addresses[a])
		}
		args[1] = "proposer"
		args = append(args, "-acceptors", strings.Join(acceptors, ","), "-resp", at("resp "+name), "-admin", "127.0.0.1:0",
			"-sweep-interval", s.sweeps)
		lines = 3
	}
	s.run(name, lines, args...)
}

// trace is the file of what a node did.
func (s *service) trace(name string) string { return filepath.Join(s.dir, name+".ndjson") }

// run starts a process and reads the addresses on so many lines that it prints.
func (s *service) run(name string, lines int, args ...string) {
	s.t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), commandVariable+"=1")
	cmd.Stderr = s.t.Output()
	out, err := cmd.StdoutPipe()
	require.NoError(s.t, err)
	require.NoError(s.t, cmd.Start())
	s.processes[name] = cmd
	r := bufio.NewReader(out)
	for range lines {
		line, err := r.ReadString('\n')
		require.NoError(s.t, err, "%s did not start", name)
		words := strings.Fields(line) // synod ROLE ID listens on ADDRESS
		require.NotEmpty(s.t, words)
		what := words[2]
		switch words[1] {
		case "resp":
			what = "resp " + what
		case "admin": // its line has no ID
			what = "admin " + name
		}
		if address := words[len(words)-1]; s.addresses[what] != address { // others read what does not change
			s.addresses[what] = address
		}
	}
	go func() { // so that the process never waits for somebody to read
		for {
			if _, err := r.ReadString('\n'); err != nil {
				return
			}
		}
	}()
}

func (s *service) kill(name string) {
	s.processes[name].Process.Kill()
	s.processes[name].Wait()
}

// stop ends a node in good order.
func (s *service) stop(name string) {
	s.t.Helper()
	require.NoError(s.t, s.processes[name].Process.Signal(syscall.SIGTERM))
	require.NoError(s.t, s.processes[name].Wait())
	delete(s.processes, name)
}

func TestGoRedis(t *testing.T) {
	s := newService(t)
	for _, version := range []int{2, 3} {
		t.Run(fmt.Sprint("RESP", version), func(t *testing.T) {
			ctx := t.Context()
			one := redis.NewClient(&redis.Options{Addr: s.addresses["resp p1"], Protocol: version, ClientName: "test"})
			defer one.Close()
			other := redis.NewClient(&redis.Options{Addr: s.addresses["resp p2"], Protocol: version})
			defer other.Close()
			key := func(name string) string { return fmt.Sprintf("%s%d", name, version) }
			require.NoError(t, one.Ping(ctx).Err())
			require.NoError(t, one.Set(ctx, key("k"), "v", 0).Err())
			require.Equal(t, "v", other.Get(ctx, key("k")).Val(), "the other proposer finds it")
			require.ErrorIs(t, one.Get(ctx, key("none")).Err(), redis.Nil)
			require.False(t, other.SetNX(ctx, key("k"), "w", 0).Val())
			require.True(t, one.SetXX(ctx, key("k"), "w", time.Minute).Val())
			require.InDelta(t, 60, other.TTL(ctx, key("k")).Val().Seconds(), 30)
			require.True(t, one.Persist(ctx, key("k")).Val())
			require.Equal(t, time.Duration(-1), one.TTL(ctx, key("k")).Val())
			require.Equal(t, int64(5), one.IncrBy(ctx, key("n"), 5).Val())
			require.Equal(t, int64(4), other.Decr(ctx, key("n")).Val())
			require.ErrorContains(t, one.Incr(ctx, key("k")).Err(), "not an integer")
			require.Equal(t, int64(3), one.Append(ctx, key("k"), "xy").Val())
			require.NoError(t, one.MSet(ctx, key("a"), 1, key("b"), 2).Err())
			require.Equal(t, []any{"1", nil, "2"}, other.MGet(ctx, key("a"), key("none"), key("b")).Val())
			require.Equal(t, int64(4), one.DBSize(ctx).Val()-int64(version-2)*4)
			var found []string
			for it := one.Scan(ctx, 0, "*"+fmt.Sprint(version), 2).Iterator(); it.Next(ctx); {
				found = append(found, it.Val())
			}
			require.ElementsMatch(t, []string{key("a"), key("b"), key("k"), key("n")}, found)
			require.Equal(t, "string", one.Type(ctx, key("a")).Val())
			require.Equal(t, "1", one.GetDel(ctx, key("a")).Val())
			require.Equal(t, int64(1), one.Del(ctx, key("a"), key("b")).Val())
			require.NoError(t, one.Set(ctx, key("b"), "", 0).Err())
			require.NoError(t, one.Set(ctx, key("a"), "", 0).Err())
			pipe := one.Pipeline()
			for range 100 {
				pipe.Incr(ctx, key("n"))
			}
			last := pipe.Get(ctx, key("n"))
			_, err := pipe.Exec(ctx)
			require.NoError(t, err)
			require.Equal(t, "104", last.Val(), "a pipeline's requests on a key keep their order")
			require.ErrorContains(t, one.LPush(ctx, key("l"), 1).Err(), "unknown command")
			require.ErrorContains(t, one.ConfigSet(ctx, "save", "1").Err(), "unknown subcommand")
			require.NotEmpty(t, one.Info(ctx, "server").Val())
		})
	}
}

// tool finds one of Redis's programs, or skips the test.
func tool(t *testing.T, name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("there is no %s on this machine (Debian has it in the package redis-tools)", name)
	}
	return path
}

func TestRedisTools(t *testing.T) {
	cli, benchmark := tool(t, "redis-cli"), tool(t, "redis-benchmark")
	s := newService(t)
	_, port, _ := strings.Cut(s.addresses["resp p1"], ":")
	run := func(program string, args ...string) string {
		cmd := exec.Command(program, append([]string{"-p", port}, args...)...)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return strings.TrimSpace(string(out))
	}
	require.Equal(t, "OK", run(cli, "set", "k", "v", "ex", "100"))
	require.Equal(t, "v", run(cli, "-3", "get", "k"))
	require.Equal(t, "100", run(cli, "ttl", "k"))
	require.Equal(t, "k", run(cli, "--scan"))
	require.Contains(t, run(cli, "lpush", "l", "1"), "ERR unknown command")
	out := run(benchmark, "-t", "ping,set,get,incr,mset", "-n", "300", "-c", "10", "-P", "4", "-r", "100", "-q")
	for _, name := range []string{"PING_INLINE:", "PING_MBULK:", "SET:", "GET:", "INCR:", "MSET (10 keys):"} {
		require.Regexp(t, `(?m)`+strings.NewReplacer("(", `\(`, ")", `\)`).Replace(name)+` [\d.]+ requests per second`, out)
	}
	require.NotContains(t, out, "ERR")
}

// operation is what a client of the kill test asked, and was told.
type operation struct {
	key, name, value, expect string
}

type told struct {
	value   string // of get; absent is ""
	done    bool   // of cas
	unknown bool
}

// keyModel is what a key may answer: it holds a text, at first none.
var keyModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) (parts [][]porcupine.Operation) {
		keys := map[string][]porcupine.Operation{}
		for _, o := range history {
			k := o.Input.(operation).key
			keys[k] = append(keys[k], o)
		}
		for _, part := range keys {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(string), input.(operation), output.(told)
		switch in.name {
		case "get":
			return out.value == s, s
		case "set":
			return true, in.value
		}
		if s == in.expect {
			return out.unknown || out.done, in.value
		}
		return out.unknown || !out.done, s
	},
}

// asker is a client that goes on whatever becomes of servers, and writes down what it learns.
type asker struct {
	fronts  []string
	id      int
	random  *rand.Rand
	start   time.Time
	conn    *resp.Client
	history []porcupine.Operation
}

// ask asks one request of any proposer. It is recorded unless it is certain that it did nothing.
func (a *asker) ask(t *testing.T, n int) {
	in := operation{key: fmt.Sprint("k", a.random.IntN(4)), value: fmt.Sprintf("%d.%d", a.id, n)}
	words := []string{"GET", in.key}
	switch a.random.IntN(4) {
	case 0, 1:
		in.name = "get"
	case 2:
		in.name = "set"
		words = []string{"SET", in.key, in.value}
	case 3:
		in.name, in.expect = "cas", fmt.Sprintf("%d.%d", a.random.IntN(6), n-1)
		for i := len(a.history) - 1; i >= 0; i-- { // what it has read last has a chance
			if o := a.history[i].Input.(operation); o.key == in.key && o.name == "get" && a.history[i].Output.(told).value != "" {
				in.expect = a.history[i].Output.(told).value
				break
			}
		}
		words = []string{"SET", in.key, in.value, "IFEQ", in.expect}
	}
	if a.conn == nil {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		conn, err := resp.Dial(ctx, a.fronts[a.random.IntN(len(a.fronts))], nil)
		if err != nil {
			time.Sleep(5 * time.Millisecond)
			return
		}
		a.conn = conn
	}
	call := time.Since(a.start).Nanoseconds()
	r, err := a.conn.Do(words...)
	out := told{value: string(r.Bulk), done: r.Kind == resp.KindStatus}
	switch {
	case err != nil:
		a.conn.Close()
		a.conn = nil
		out.unknown = true
	case r.IsError() && strings.HasPrefix(r.Text, "TRYAGAIN "):
		return
	case r.IsError():
		require.True(t, strings.HasPrefix(r.Text, "UNKNOWN "), r.Text)
		out.unknown = true
	}
	if out.unknown && in.name == "get" {
		return
	}
	o := porcupine.Operation{ClientId: a.id, Input: in, Call: call, Output: out, Return: time.Since(a.start).Nanoseconds()}
	if out.unknown {
		o.Return = math.MaxInt64 // it may take effect at any later time
	}
	a.history = append(a.history, o)
}

// What Redis's clients are told while acceptors and proposers are killed is what one copy of the data could have told.
func TestHistoriesOfClientsAreLinearizableUnderKills(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.judge([]string{s.addresses["resp p1"], s.addresses["resp p2"]}, 1200, []string{"a3", "p2", "a1", "p1"})
	replay := s.replay("register/Register.tla")
	code, stdout, stderr := invoke(replay...)
	require.Zero(t, code, "what they did is what the specification says\n%s%s", stdout, stderr)
	a2, err := trace.ReadFile(s.trace("a2"))
	require.NoError(t, err)
	i := slices.IndexFunc(a2.Events, func(e trace.Event) bool { return e.Action == "Promise" })
	a2.Events[i].Vars[0].JSON = "9" + a2.Events[i].Vars[0].JSON // what it has promised
	altered, err := os.Create(s.trace("a2"))
	require.NoError(t, err)
	require.NoError(t, errors.Join(trace.Copy(altered, a2.Headers, a2.Events), altered.Close()))
	code, stdout, _ = invoke(replay...)
	require.Equal(t, 1, code, stdout)
}

// judge has clients ask so many operations of fronts while the victims are killed and started again, one after the other.
// What the clients are told must be linearizable.
func (s *service) judge(fronts []string, operations int64, victims []string) {
	t := s.t
	var count atomic.Int64
	var group sync.WaitGroup
	start := time.Now()
	askers := make([]*asker, 6)
	for i := range askers {
		a := &asker{fronts: fronts, id: i, random: rand.New(rand.NewPCG(7, uint64(i))), start: start}
		askers[i] = a
		group.Go(func() {
			for n := 0; count.Add(1) <= operations; n++ {
				a.ask(t, n)
			}
			if a.conn != nil {
				a.conn.Close()
			}
		})
	}
	for i, victim := range victims {
		for count.Load() < operations*int64(i+1)/int64(len(victims)+1) {
			time.Sleep(time.Millisecond)
		}
		s.kill(victim)
		s.start(victim)
	}
	group.Wait()
	var history []porcupine.Operation
	unknown, held := 0, 0
	for _, a := range askers {
		for _, o := range a.history {
			if o.Output.(told).unknown {
				unknown++
			}
			if o.Input.(operation).name == "cas" && o.Output.(told).done {
				held++
			}
		}
		history = append(history, a.history...)
	}
	t.Logf("%d operations, %d unknown, %d compare-and-sets that held", len(history), unknown, held)
	require.NotZero(t, held)
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(keyModel, history, time.Minute))
}

// replay stops all nodes, and gives the arguments that replay their traces on a specification.
func (s *service) replay(spec string) []string {
	args := []string{"replay", "-spec", "../../spec/" + spec}
	for _, name := range slices.Sorted(maps.Keys(s.processes)) {
		s.stop(name)
		args = append(args, s.trace(name))
	}
	return args
}

// A history in which an acknowledged write is lost is refused.
func TestALostWriteIsNoticed(t *testing.T) {
	history := []porcupine.Operation{
		{Input: operation{key: "k", name: "set", value: "1"}, Call: 0, Output: told{}, Return: 1},
		{Input: operation{key: "k", name: "cas", expect: "1", value: "2"}, Call: 2, Output: told{done: true}, Return: 3},
		{Input: operation{key: "k", name: "get"}, Call: 4, Output: told{value: "1"}, Return: 5},
	}
	require.False(t, porcupine.CheckOperations(keyModel, history))
	history[2].Output = told{value: "2"}
	require.True(t, porcupine.CheckOperations(keyModel, history))
}

// A proposer that is told to stop leaves in good order while clients ask.
func TestAServiceStops(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c, err := resp.Dial(t.Context(), s.addresses["resp p1"], nil)
	require.NoError(t, err)
	defer c.Close()
	r, err := c.Do("SET", "k", "v")
	require.NoError(t, err)
	require.Equal(t, resp.OK, r)
	for _, name := range []string{"p1", "p2", "a1", "a2", "a3"} {
		s.stop(name)
	}
	_, err = c.Receive()
	require.Error(t, err)
}

// subcommand runs the command in a process of its own.
func subcommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), commandVariable+"=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestKeysOnTheCommandLine(t *testing.T) {
	t.Parallel()
	s := newService(t)
	at := s.addresses["resp p1"] + "," + s.addresses["resp p2"]
	ask := func(code int, stdout, stderr, name string, args ...string) {
		t.Helper()
		args = slices.Concat([]string{name, "-at", at, "-timeout", "10s"}, args)
		gotCode, out, errs := subcommand(t, args...)
		require.Equal(t, code, gotCode, "%s: %s", args, errs)
		require.Equal(t, stdout, out, "%s", args)
		require.Contains(t, errs, stderr)
	}
	ask(4, "", `there is no key "k"`, "get", "k")
	ask(0, "OK\n", "", "set", "k", "5")
	ask(0, "5\n", "", "get", "k")
	ask(0, "OK\n", "", "cas", "k", "5", "6")
	ask(4, "", "another value", "cas", "k", "5", "7")
	ask(4, "", "the key exists", "cas", "-absent", "k", "", "7")
	ask(0, "OK\n", "", "cas", "-absent", "l", "", "7")
	ask(0, "4\n", "", "add", "k", "-2")
	ask(0, "OK\n", "", "set", "-ttl", "1h", "k", "text")
	ask(2, "", "not an integer", "add", "k", "1")
	ask(2, "", "not an integer of 64 bits", "add", "k", "x")
	ask(2, "", "-ttl", "set", "-ttl", "1us", "k", "v")
	ask(0, "2\n", "", "del", "k", "l", "m")
	s.kill("p1")
	ask(0, "OK\n", "", "set", "k", "8") // the other proposer serves
	s.kill("p2")
	gotCode, _, errs := subcommand(t, "set", "-at", at, "-timeout", "300ms", "k", "9")
	require.Equal(t, 1, gotCode, errs)
	require.Contains(t, errs, "nothing was changed")
}
