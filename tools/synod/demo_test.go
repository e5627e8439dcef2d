// The demo on real processes: this test binary plays the command, servers included.

package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/tools/synod/console"
)

// commandVariable makes the test binary the command.
const commandVariable = "SYNOD_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(commandVariable) != "" {
		main()
	}
	os.Exit(m.Run())
}

// synod prepares a run of the command in the repository's top folder.
func synod(t *testing.T, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	cmd = exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), commandVariable+"=1")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

// freeze stops a process of this one's, and waits until it stands: for a moment after the signal it may go on.
func freeze(t *testing.T, c *exec.Cmd) {
	t.Helper()
	require.NoError(t, c.Process.Signal(syscall.SIGSTOP))
	var status syscall.WaitStatus
	err := error(syscall.EINTR)
	for err == syscall.EINTR {
		_, err = syscall.Wait4(c.Process.Pid, &status, syscall.WUNTRACED, nil)
	}
	require.NoError(t, err)
	require.True(t, status.Stopped())
}

// servers lists the processes that have a folder in their command line, by /proc.
func servers(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	var commands []string
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has just ended
		}
		command := string(bytes.ReplaceAll(text, []byte{0}, []byte{' '}))
		if strings.Contains(command, " serve ") && strings.Contains(command, folder) {
			commands = append(commands, command)
		}
	}
	return commands
}

func TestDemoConforms(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "demo")
	cmd, stdout, stderr := synod(t, "demo", "-duration", "3s", "-events", "0", "-seed", "5", "-dir", folder)
	require.NoError(t, cmd.Run(), "%s%s", stdout, stderr)
	for _, text := range []string{"seed 5", "SIGKILL", "the network splits", "satisfied", "linearizable", "6 to 14", "RestartAcceptor", folder} {
		require.Contains(t, stdout.String(), text)
	}
	require.Regexp(t, `(?m)^verdict +conforms$`, stdout.String())
	require.Empty(t, servers(t, folder))
	require.NoDirExists(t, filepath.Join(folder, "data"), "databases are kept on request only")

	traces, err := filepath.Glob(filepath.Join(folder, "trace", "*.ndjson"))
	require.NoError(t, err)
	require.Len(t, traces, 5)
	replay, stdout, stderr := synod(t, append([]string{"replay"}, traces...)...)
	require.NoError(t, replay.Run(), "%s%s", stdout, stderr)
	require.Contains(t, stdout.String(), "conforms")

	replay, stdout, _ = synod(t, append([]string{"replay"}, traces[:4]...)...)
	require.Error(t, replay.Run(), "a node's trace is missing")
	require.Equal(t, exitUsage, replay.ProcessState.ExitCode(), stdout)
}

// A short soak; make soak has the long one.
func TestASoakConforms(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "soak")
	cmd, stdout, stderr := synod(t, "soak", "-kills", "10", "-exchange", "4", "-clients", "4", "-seed", "7", "-dir", folder)
	require.NoError(t, cmd.Run(), "%s%s", stdout, stderr)
	require.Regexp(t, `(?m)^verdict +conforms$`, stdout.String())
	require.Contains(t, stdout.String(), "0 illegal, 0 undecided")
	require.Contains(t, stdout.String(), "RestartProposer")
	require.Regexp(t, `(?m)^exchanges +[1-3] of one`, stdout.String())
	require.Empty(t, servers(t, folder))

	cmd, stdout, stderr = synod(t, "soak", "-kills", "2", "-clients", "4", "-seed", "7", "-break", "ignore-reported-value", "-dir", folder)
	require.Error(t, cmd.Run())
	require.Equal(t, 1, cmd.ProcessState.ExitCode(), "%s%s", stdout, stderr)
}

func TestDemoCatchesEveryBug(t *testing.T) {
	t.Parallel()
	action := map[string]string{
		"accept-below-promise": "Accept", "promise-not-persisted": "RestartAcceptor", "ignore-reported-value": "Propose",
		"quorum-of-one": "Propose", "ballot-reused": "Prepare",
	}
	for _, bug := range paxos.BugNames() {
		t.Run(bug, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "demo")
			cmd, stdout, stderr := synod(t, "demo", "-duration", "3s", "-break", bug, "-dir", folder)
			require.Error(t, cmd.Run())
			require.Equal(t, 1, cmd.ProcessState.ExitCode(), "%s%s", stdout, stderr)
			require.Regexp(t, `(?m)^verdict +violates$`, stdout.String())
			require.Regexp(t, `(?m)^  logged +`+action[bug]+`\(`, stdout.String())
			require.Contains(t, stdout.String(), "Register.tla:")
			require.Empty(t, servers(t, folder))

			replay, stdout, stderr := synod(t, "replay", filepath.Join(folder, "violation.ndjson"))
			require.Error(t, replay.Run())
			require.Equal(t, 1, replay.ProcessState.ExitCode(), "the shrunk trace violates too: %s%s", stdout, stderr)
		})
	}
}

func TestNoProcessOutlivesTheDemo(t *testing.T) {
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("processes are looked up in /proc")
	}
	cases := []struct {
		name   string
		signal syscall.Signal
		code   int // -1: ended by the signal
	}{
		{"interrupted", syscall.SIGINT, interrupted},
		{"terminated", syscall.SIGTERM, interrupted},
		{"killed", syscall.SIGKILL, -1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "demo")
			cmd, stdout, stderr := synod(t, "demo", "-duration", "30s", "-dir", folder)
			require.NoError(t, cmd.Start())
			defer cmd.Process.Kill() // if a check below fails first
			require.Eventually(t, func() bool { return len(servers(t, folder)) == 5 }, 20*time.Second, 20*time.Millisecond)
			time.Sleep(300 * time.Millisecond) // in the middle of the load, wherever that is
			require.NoError(t, cmd.Process.Signal(c.signal))
			require.Error(t, cmd.Wait())
			require.Equal(t, c.code, cmd.ProcessState.ExitCode(), "%s%s", stdout, stderr)
			require.Eventually(t, func() bool { return len(servers(t, folder)) == 0 }, 5*time.Second, 20*time.Millisecond)
			require.NotContains(t, stdout.String(), "verdict")
		})
	}
}

func TestAServerThatCannotRunIsTold(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "data"), nil, 0o644))
	cmd, _, stderr := synod(t, "serve", "acceptor", "-id", "a1", "-data", filepath.Join(folder, "data"))
	require.Error(t, cmd.Run())
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	require.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr)
}

func TestAClientOnTheCommandLine(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var nodes []*exec.Cmd
	start := func(args ...string) string {
		cmd, stdout, stderr := synod(t, append(args, "-data", filepath.Join(folder, args[3]))...)
		nodes = append(nodes, cmd)
		output := &announced{lines: make(chan string, 1)}
		cmd.Stdout = output
		require.NoError(t, cmd.Start())
		t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
		select {
		case line := <-output.lines:
			words := strings.Fields(line)
			return words[len(words)-1]
		case <-time.After(20 * time.Second):
			t.Fatalf("%v does not listen: %s%s", args, stdout, stderr)
			return ""
		}
	}
	var reach []string
	for _, name := range []string{"a1", "a2", "a3"} {
		reach = append(reach, name+"="+start("serve", "acceptor", "-id", name))
	}
	proposer := start("serve", "proposer", "-id", "p1", "-acceptors", strings.Join(reach, ","))

	ask := func(words ...string) (int, string) {
		var out, err bytes.Buffer
		c := &console.Console{Stdout: &out, Stderr: &err}
		code := dispatch(context.Background(), c, append([]string{"change", "-proposer", proposer}, words...))
		return code, out.String() + err.String()
	}
	for _, c := range []struct {
		words string
		code  int
		says  string
	}{
		{"stock set 5", 0, "0 -> 5\n"},
		{"stock add -1", 0, "5 -> 4\n"},
		{"stock cas 5 9", 0, "4 -> 4\n"},
		{"stock cas 4 9", 0, "4 -> 9\n"},
		{"stock read", 0, "9 -> 9\n"},
		{"other read", 0, "0 -> 0\n"},
		{"stock double", exitUsage, "double"},
		{"stock", exitUsage, "CHANGE"},
	} {
		code, output := ask(strings.Fields(c.words)...)
		require.Equal(t, c.code, code, "%s: %s", c.words, output)
		require.Contains(t, output, c.says)
	}
	var out bytes.Buffer
	require.Zero(t, dispatch(context.Background(), &console.Console{Stdout: &out, Stderr: &out}, []string{"status", proposer}))
	require.Contains(t, out.String(), `"satisfied": 6`)

	// Without a majority nobody knows what becomes of a change, and the client is told how to find out.
	for _, a := range nodes[1:3] {
		freeze(t, a)
	}
	code, output := ask("-timeout", "1s", "stock", "add", "1")
	for _, a := range nodes[1:3] {
		require.NoError(t, a.Process.Signal(syscall.SIGCONT))
	}
	require.Equal(t, exitUnknown, code, output)
	ballot := regexp.MustCompile(`-resolve ([0-9]+) stock tells`).FindStringSubmatch(output)
	require.NotNil(t, ballot, output)
	code, output = ask("-resolve", ballot[1], "stock")
	want := map[int]string{0: "satisfied; the state is 10\n", 1: "rejected: it had no effect and never will; the state is 9"}[code]
	require.NotEmpty(t, want, "%d: %s", code, output)
	require.Contains(t, output, want)
	code, output = ask("-resolve", ballot[1])
	require.Equal(t, exitUsage, code, output)
}

// A server that ends with a request in its hands leaves it unknown, and each command says what can be done about it. A read
// is asked of the next server.
func TestUnknownOutcomesOnTheCommandLine(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Read(make([]byte, 100))
			conn.Close()
		}
	}()
	for _, c := range []struct {
		words string
		code  int
		says  string
	}{
		{"set k v", exitUnknown, "to set it again is right if"},
		{"cas k v w", exitUnknown, "if the key has the new value now"},
		{"add k 1", exitUnknown, "asked again it may be added twice"},
		{"del k", exitUnknown, "to delete it again is right if"},
		{"get k", 1, "nothing was changed"},
	} {
		var out bytes.Buffer
		words := strings.Fields(c.words)
		words = append([]string{words[0], "-timeout", "300ms", "-at", l.Addr().String()}, words[1:]...)
		code := dispatch(t.Context(), &console.Console{Stdout: &out, Stderr: &out}, words)
		require.Equal(t, c.code, code, "%s: %s", c.words, out.String())
		require.Contains(t, out.String(), c.says)
	}
}

// announced hands on the first line that is written to it.
type announced struct {
	lines chan string
	text  []byte
	told  bool
}

func (a *announced) Write(b []byte) (int, error) {
	a.text = append(a.text, b...)
	if line, _, ok := bytes.Cut(a.text, []byte("\n")); ok && !a.told {
		a.told = true
		a.lines <- string(line)
	}
	return len(b), nil
}

func TestRedisBenchmarkMeasures(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("redis-benchmark"); err != nil {
		t.Skip("redis-benchmark (Debian's redis-tools) is not installed")
	}
	cmd, stdout, stderr := synod(t, "bench", "redis", "-tests", "set,get", "-requests", "200", "-keys", "20")
	require.NoError(t, cmd.Run(), "%s%s", stdout, stderr)
	for _, load := range []string{"1 | 1", "50 | 1", "50 | 16"} {
		require.Regexp(t, `(?m)^\| SET \| `+strings.ReplaceAll(load, "|", `\|`)+` \| [1-9]`, stdout.String())
	}
}

func TestMeasurementsMeasure(t *testing.T) {
	t.Parallel()
	measured := func(systems, kinds, duration string) {
		cmd, stdout, stderr := synod(t, "bench", "cluster", "-systems", systems, "-kinds", kinds, "-duration", duration, "-warm", "100ms",
			"-clients", "4", "-rounds", "1", "-keys", "100")
		require.NoError(t, cmd.Run(), "%s%s", stdout, stderr)
		for system := range strings.SplitSeq(systems, ",") {
			for kind := range strings.SplitSeq(kinds, ",") {
				require.Regexp(t, `(?m)^\| `+kind+` \| 4 \| `+system+` \| [1-9]`, stdout.String())
			}
		}
	}
	measured("synod,synod-redis,synod-traced", "put,get", "500ms")
	measured("synod", "hot,stop", "2s") // a put may be under way when a node stops

	cmd, stdout, stderr := synod(t, "bench", "replay", "-events", "300,500", "-repeat", "1")
	require.NoError(t, cmd.Run(), "%s%s", stdout, stderr)
	require.Regexp(t, `(?m)^ +3\d\d +`, stdout.String())
	require.Regexp(t, `(?m)^ +5\d\d +`, stdout.String())
}
