// A cluster from files: what synod init writes, three processes serve, over TLS, to those who may.

package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"synod/tools/loopback"
	"synod/tools/synod/deployment"
)

// freePorts finds ports that nobody listens on.
func freePorts(t *testing.T, n int) (ports []string) {
	ports, err := loopback.Addresses(n)
	require.NoError(t, err)
	return ports
}

// fileService runs synod init and the three machines that it describes, at ports that are free here.
func fileService(t *testing.T) (s *service, dir string) {
	dir = filepath.Join(t.TempDir(), "cluster")
	code, out, errs := subcommand(t, "init", "-cluster", "test", dir)
	require.Zero(t, code, errs)
	require.Contains(t, out, "cluster test is in "+dir)
	s = &service{t: t, dir: dir, addresses: map[string]string{}, processes: map[string]*exec.Cmd{}}
	t.Cleanup(func() {
		for name := range s.processes {
			s.kill(name)
		}
	})
	ports := freePorts(t, 6)
	for i := range 3 {
		machine := fmt.Sprintf("node%d", i+1)
		args := []string{
			"serve", "-config", filepath.Join(dir, machine, "synod.toml"), "-set", "log.level=warn",
			"-set", "acceptor.listen=" + ports[i], "-set", "proposer.listen=" + ports[3+i],
			"-set", "resp.listen=127.0.0.1:0", "-set", "admin.listen=127.0.0.1:0",
		}
		for j := range 3 {
			args = append(args, "-set", fmt.Sprintf("cluster.acceptors.a%d=%s", j+1, ports[j]))
		}
		s.run(machine, 4, args...)
	}
	return s, dir
}

func TestAClusterFromFiles(t *testing.T) {
	s, dir := fileService(t)
	config := filepath.Join(dir, "client", "synod.toml")
	at := fmt.Sprintf("client.servers=['%s', '%s']", s.addresses["resp p1"], s.addresses["resp p2"])
	t.Setenv("SYNOD_CLIENT_SERVERS", strings.TrimPrefix(at, "client.servers="))
	t.Setenv("SYNOD_CONFIG", config)
	code, out, errs := subcommand(t, "set", "-timeout", "10s", "k", "v")
	require.Zero(t, code, errs)
	require.Equal(t, "OK\n", out)

	f, err := deployment.Read(config)
	require.NoError(t, err)
	mine, err := f.ClientTLS()
	require.NoError(t, err)
	get := func(cfg *tls.Config, password string) (string, error) {
		c := redis.NewClient(&redis.Options{Addr: s.addresses["resp p3"], TLSConfig: cfg, Password: password})
		defer c.Close()
		return c.Get(t.Context(), "k").Result()
	}
	value, err := get(mine, "")
	require.NoError(t, err)
	require.Equal(t, "v", value)
	nobody := mine.Clone()
	nobody.Certificates = nil
	_, err = get(nobody, "")
	require.ErrorContains(t, err, "NOAUTH")
	_, err = get(nobody, "wrong")
	require.ErrorContains(t, err, "WRONGPASS")
	password, err := os.ReadFile(filepath.Join(dir, "client", "password"))
	require.NoError(t, err)
	value, err = get(nobody, strings.TrimSpace(string(password)))
	require.NoError(t, err)
	require.Equal(t, "v", value)
	_, err = get(nil, "")
	require.Error(t, err, "plaintext does not get in")

	// Another cluster's certificates are nobody's here.
	strangers := filepath.Join(t.TempDir(), "strangers")
	code, _, errs = subcommand(t, "init", "-cluster", "test", strangers)
	require.Zero(t, code, errs)
	code, _, errs = subcommand(t, "get", "-config", filepath.Join(strangers, "client", "synod.toml"), "-timeout", "3s", "k")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "certificate")

	t.Setenv("SYNOD_CLUSTER_ACCEPTORS", fmt.Sprintf(`{a1 = "%s", a2 = "%s", a3 = "%s"}`, s.addresses["a1"], s.addresses["a2"], s.addresses["a3"]))
	t.Setenv("SYNOD_CLUSTER_PROPOSERS", fmt.Sprintf(`{p1 = {id = 1, address = "%s"}, p3 = {id = 3, address = "%s"}}`, s.addresses["p1"], s.addresses["p3"]))
	code, out, errs = subcommand(t, "status")
	require.Zero(t, code, errs)
	require.Regexp(t, `(?m)^a2 +127\.0\.0\.1:\d+ +acceptor, run 1, `, out)
	require.Regexp(t, `(?m)^p1 +127\.0\.0\.1:\d+ +proposer, run 1, reaches a`, out)
	require.Equal(t, 5, strings.Count(out, "\n"))
	for _, page := range []string{"healthz", "readyz", "metrics"} {
		reply, err := http.Get("http://" + s.addresses["admin node1"] + "/" + page)
		require.NoError(t, err)
		text, err := io.ReadAll(reply.Body)
		require.NoError(t, err)
		reply.Body.Close()
		require.Equal(t, 200, reply.StatusCode, "%s: %s", page, text)
		if page == "metrics" {
			require.Contains(t, string(text), `synod_storage_sync_seconds_count{node="a1",role="acceptor"}`)
		}
	}
	for _, machine := range []string{"node1", "node2"} {
		s.stop(machine)
	}
	code, out, errs = subcommand(t, "status")
	require.Equal(t, 1, code)
	require.Contains(t, out, "does not answer")
	require.Contains(t, errs, "1 of 3 acceptors answer, and a quorum is 2")
	s.stop("node3")
}

func TestFilesThatCannotBeServed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cluster")
	code, _, errs := subcommand(t, "init", dir)
	require.Zero(t, code, errs)
	config := filepath.Join(dir, "node1", "synod.toml")
	cases := []struct {
		name string
		args []string
		says string
	}{
		{"a folder in use", []string{"init", dir}, "not empty"},
		{"hosts that are too few", []string{"init", "-hosts", "a,b", filepath.Join(dir, "x")}, "2 hosts"},
		{"no file", []string{"serve"}, "which -config"},
		{"a file that is nowhere", []string{"serve", "-config", "nowhere.toml"}, "nowhere.toml"},
		{"an unknown setting", []string{"serve", "-config", config, "-set", "acceptor.nosuch=1"}, "acceptor.nosuch"},
		{"certificates and -insecure", []string{"serve", "-config", config, "-insecure"}, "which is meant"},
		{"another's certificate", []string{"serve", "-config", config, "-set", "acceptor.id=a2"}, "the certificate does not name"},
		{"an admin port for everybody", []string{"serve", "-config", config, "-set", "admin.listen=0.0.0.0:0"}, "not on loopback"},
		{"a cache of less than nothing", []string{"serve", "-config", config, "-set", "acceptor.cache_mb=-1"}, "[acceptor] cache_mb -1"},
		{"a log level that is none", []string{"serve", "-config", config, "-set", "log.level=loud"}, "loud"},
		{"an authority that is nowhere", []string{"serve", "-config", config, "-set", "tls.ca=nowhere"}, "nowhere"},
		{"nowhere to ask", []string{"get", "k"}, "which -config"},
		{"no node to ask", []string{"status"}, "which HOST:PORT"},
		{"two nodes to ask", []string{"status", "a:1", "b:1"}, "takes one HOST:PORT"},
		{"the status of a file without a client", []string{"status", "-config", config}, "no [client]"},
		{"a file without a client", []string{"get", "-config", config, "k"}, "no [client]"},
		{"an argument too many", []string{"get", "-at", "127.0.0.1:1", "k", "l"}, "KEY"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := invoke(c.args...)
			require.Equal(t, exitUsage, code, stderr)
			require.Contains(t, stderr, c.says)
			require.Equal(t, 1, strings.Count(stderr, "\n"), "one line: %q", stderr)
			require.Empty(t, stdout)
		})
	}
}

// Plaintext stays on this machine, whatever the flags say.
func TestInsecureIsForLoopback(t *testing.T) {
	for _, args := range [][]string{
		{"serve", "acceptor", "-id", "a1", "-data", t.TempDir(), "-listen", "0.0.0.0:0"},
		{"serve", "proposer", "-id", "p1", "-data", t.TempDir(), "-resp", "0.0.0.0:0", "-acceptors", "a1=127.0.0.1:1,a2=127.0.0.1:2,a3=127.0.0.1:3"},
	} {
		code, _, stderr := invoke(args...)
		require.Equal(t, exitUsage, code, stderr)
		require.Contains(t, stderr, "not on loopback")
	}
}
