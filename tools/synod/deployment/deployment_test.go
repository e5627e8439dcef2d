// Files: a new cluster's are complete and fit each other, and what is wrong in one is told with its place.

package deployment

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/replica"
	"synod/impl/resp"
)

func initialised(t *testing.T, p Plan) string {
	dir := filepath.Join(t.TempDir(), "cluster")
	_, err := Init(dir, p)
	require.NoError(t, err)
	return dir
}

func TestInitWritesWhatServeReads(t *testing.T) {
	dir := initialised(t, Plan{Name: "test"})
	listened := map[string]bool{}
	for _, machine := range []string{"node1", "node2", "node3"} {
		f, err := Read(filepath.Join(dir, machine, "synod.toml"))
		require.NoError(t, err)
		require.NoError(t, f.Validate())
		a, err := f.AcceptorConfig()
		require.NoError(t, err)
		require.NoError(t, a.Cluster.Validate())
		require.NotNil(t, a.Credentials)
		p, err := f.ProposerConfig()
		require.NoError(t, err)
		require.Len(t, p.Addresses, 3)
		require.Equal(t, a.Cluster, p.Cluster)
		front, err := f.Front()
		require.NoError(t, err)
		require.Len(t, front.Password, 32)
		require.True(t, front.Closed)
		require.NotNil(t, front.TLS)
		for _, address := range []string{a.Listen, p.Listen, front.Listen, f.Admin.Listen} {
			require.False(t, listened[address], address)
			listened[address] = true
		}
		entries, err := os.ReadDir(filepath.Join(dir, machine))
		require.NoError(t, err)
		keys := 0
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".key") || e.Name() == "password" {
				info, err := e.Info()
				require.NoError(t, err)
				require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), e.Name())
				keys++
			}
		}
		require.Equal(t, 3, keys, "a machine has no keys but its own")
	}
	f, err := Read(filepath.Join(dir, "client", "synod.toml"))
	require.NoError(t, err)
	access, err := f.Access()
	require.NoError(t, err)
	require.Len(t, access.Servers, 3)
	require.NotNil(t, access.TLS)
}

func TestInitKeepsWhatIsThere(t *testing.T) {
	dir := initialised(t, Plan{})
	_, err := Init(dir, Plan{})
	require.ErrorContains(t, err, "not empty")
	for _, p := range []Plan{{Name: "A b"}, {Hosts: []string{"a", "b"}}, {Hosts: []string{"a", "", "c"}}} {
		_, err := Init(filepath.Join(t.TempDir(), "x"), p)
		require.Error(t, err, "%v", p)
	}
}

func TestMachinesOnHostsOfTheirOwnHaveTheSamePorts(t *testing.T) {
	dir := initialised(t, Plan{Hosts: []string{"one.example", "two.example", "one.example"}})
	f, err := Read(filepath.Join(dir, "node2", "synod.toml"))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a1": "one.example:7001", "a2": "two.example:7001", "a3": "one.example:7002"}, f.Cluster.Acceptors)
	require.Equal(t, "two.example:6381", f.RESP.Listen)
}

const good = `
insecure = true
[cluster]
name = "test"
[cluster.acceptors]
a1 = "127.0.0.1:1"
[cluster.proposers.p1]
id = 1
[proposer]
id = "p1"
listen = "127.0.0.1:0"
data = "data"
[resp]
listen = "127.0.0.1:0"
`

func written(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "synod.toml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestFilesThatAreWrong(t *testing.T) {
	f, err := Read(written(t, good))
	require.NoError(t, err)
	require.NoError(t, f.Validate())
	front, err := f.Front()
	require.NoError(t, err)
	require.False(t, front.Closed)
	cases := []struct{ name, from, to, says string }{
		{"no TOML", "[cluster]", "[cluster", ":3:"},
		{"an unknown setting", "[proposer]", "[proposer]\ncolour = 1", ":10:1: there is no setting proposer.colour"},
		{"an unknown section", "[resp]", "[raft]", ":13:2: there is no setting raft"},
		{"a number for a text", `data = "data"`, "data = 1", ":12:8:"},
		{"nobody to serve", "[proposer]", "[admin]", "there is no setting"},
		{"no folder", `data = "data"`, "", "[proposer] has no data"},
		{"no name", `id = "p1"`, "", "[proposer] has no id"},
		{"no certificates", "insecure = true", "", "insecure = true"},
		{"certificates that are not used", `data = "data"`, "data = \"data\"\ncertificate = \"x\"", "which is meant"},
		{"an id of no proposer", "id = 1", "id = 0", "id 0"},
		{"a timeout that is none", `data = "data"`, "data = \"data\"\nphase_timeout = \"soon\"", "soon"},
		{"a timeout of nothing", `data = "data"`, "data = \"data\"\nphase_timeout = \"0s\"", "not positive"},
		{"a pause of no length", `data = "data"`, "data = \"data\"\nsweep_interval = \"-1s\"", ":13: [proposer] sweep_interval \"-1s\": it is not positive"},
		{"a front without a port", "[resp]\nlisten = \"127.0.0.1:0\"", "[resp]\nlisten = \"\"", "[resp] has no listen"},
		{"a password file that is not there", "[resp]", "[resp]\npassword_file = \"none\"", "none"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(good, c.from, c.to, 1)
			require.NotEqual(t, good, text)
			require.ErrorContains(t, complaint(written(t, text)), c.says)
		})
	}
}

// complaint gives the first error on the way from a file to a proposer with a front.
func complaint(path string, overrides ...string) error {
	f, err := Read(path, overrides...)
	if err == nil {
		err = f.Validate()
	}
	if err == nil {
		_, err = f.ProposerConfig()
	}
	if err == nil {
		_, err = f.Front()
	}
	return err
}

const replicated = `
insecure = true
[cluster]
name = "c"
[cluster.replicas.r1]
id = 1
[replica]
id = "r1"
listen = "127.0.0.1:0"
data = "data"
`

func TestTimesOfReplicas(t *testing.T) {
	read := func(settings string, overrides ...string) (replica.Config, error) {
		f, err := Read(written(t, replicated+settings), overrides...)
		require.NoError(t, err)
		require.NoError(t, f.Validate())
		return f.ReplicaConfig()
	}
	c, err := read("")
	require.NoError(t, err)
	require.Zero(t, c.LeaseTerm, "without a term nobody grants leases")
	c, err = read("lease = \"200ms\"\n")
	require.NoError(t, err)
	require.Equal(t, 200*time.Millisecond, c.LeaseTerm)
	require.Equal(t, 20*time.Millisecond, c.ClockError, "a tenth")
	c, err = read("lease = \"200ms\"\nclock_error = \"5ms\"\nelection_timeout = \"600ms\"\n")
	require.NoError(t, err)
	require.Equal(t, 5*time.Millisecond, c.ClockError)
	require.Equal(t, 50*time.Millisecond, c.Tick)
	for settings, says := range map[string]string{
		"lease = \"long\"":                        `synod.toml:11: [replica] lease "long": time: invalid duration`,
		"lease = \"0s\"":                          ":11: [replica] lease \"0s\": it is not positive",
		"lease = \"10ms\"\nclock_error = \"5ms\"": ":12: [replica] clock_error: a lease of 10ms is not longer than twice",
		"clock_error = \"5ms\"":                   ":11: [replica] clock_error: clocks that differ by 5ms are of use with a lease only",
		"lease = \"1s\"\nclock_error = \"-5ms\"":  ":12: [replica] clock_error \"-5ms\": it is not positive",
		"election_timeout = \"1ms\"":              ":11: [replica] election_timeout 1ms is less than 12 ms",
	} {
		_, err := read(settings)
		require.ErrorContains(t, err, says)
	}
	_, err = read("", "replica.lease=never")
	require.ErrorContains(t, err, `synod.toml: [replica] lease "never"`)
}

func TestQuorumsOfReplicas(t *testing.T) {
	f, err := Read(written(t, replicated), "cluster.accept_quorum=1")
	require.NoError(t, err)
	require.NoError(t, f.Validate())
	c, err := f.ReplicaConfig()
	require.NoError(t, err)
	require.Equal(t, 1, c.Cluster.AcceptSize)
	f, err = Read(written(t, replicated), "cluster.prepare_quorum=2")
	require.NoError(t, err)
	require.ErrorContains(t, f.Validate(), "need not meet among 1 replicas")
}

func TestSettingsCanBeOverridden(t *testing.T) {
	path := written(t, good)
	f, err := Read(path, "proposer.data=/var/x y", "log.level=debug", "cluster.stride=32", "resp.max_connections=7", "proposer.data=last")
	require.NoError(t, err)
	require.Equal(t, "last", f.Proposer.Data)
	require.Equal(t, "debug", f.Log.Level)
	require.Equal(t, uint32(32), f.Cluster.Stride)
	require.Equal(t, 7, f.RESP.MaxConnections)
	for o, says := range map[string]string{
		"proposer.data": "not section.name=value", "=x": "not section.name=value", "proposer.nosuch=x": "no setting proposer.nosuch",
		"proposer.data.x=1": "data is no section", "cluster.stride=many": "cluster.stride=many", "nosuch=1": "no setting nosuch",
	} {
		require.ErrorContains(t, complaint(path, o), says, o)
	}
	require.Equal(t, []string{"insecure=true", "proposer.phase_timeout=1s"}, Overrides([]string{
		"SYNOD_PROPOSER_PHASE_TIMEOUT=1s", "PATH=/bin", "SYNOD_INSECURE=true", "SYNOD_CONFIG=x", "SYNOD_OTHER_X=1",
	}))
}

func TestLogs(t *testing.T) {
	for _, l := range []Log{{}, {Level: "warn"}, {Level: "debug", Format: "json"}} {
		_, err := l.Logger(t.Output())
		require.NoError(t, err)
	}
	for _, l := range []Log{{Level: "loud"}, {Format: "xml"}} {
		_, err := l.Logger(t.Output())
		require.Error(t, err)
	}
}

func TestAPasswordIsASecret(t *testing.T) {
	path := written(t, "secret\n")
	p, err := readPassword(path)
	require.NoError(t, err)
	require.Equal(t, "secret", p)
	require.NoError(t, os.Chmod(path, 0o644))
	_, err = readPassword(path)
	require.ErrorContains(t, err, "chmod 600")
	_, err = readPassword(written(t, "\n"))
	require.ErrorContains(t, err, "no password")
}

// whoami answers with the certificate's verdict.
type whoami struct{ front *Front }

func (w whoami) Open(c *resp.Conn) {}
func (w whoami) Serve(q *resp.Request) {
	cert := q.Conn.Certificate()
	q.Reply(resp.Integer(map[bool]int64{true: 1}[cert != nil && w.front.Trust(cert)]))
}

// A client's certificate lets it in over TLS, a node's does not, and without one the password is asked for.
func TestTheFrontTrustsClientsAlone(t *testing.T) {
	dir := initialised(t, Plan{Name: "test"})
	f, err := Read(filepath.Join(dir, "node1", "synod.toml"))
	require.NoError(t, err)
	front, err := f.Front()
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := resp.New(l, resp.Config{Handler: whoami{front}, TLS: front.TLS})
	defer s.Stop(t.Context())
	client, err := Read(filepath.Join(dir, "client", "synod.toml"))
	require.NoError(t, err)
	mine, err := client.ClientTLS()
	require.NoError(t, err)
	_, node, err := f.node(f.Proposer, "proposer")
	require.NoError(t, err)
	nobody := mine.Clone()
	nobody.Certificates = nil
	for name, c := range map[string]struct {
		cfg  *tls.Config
		want int64
	}{"client": {mine, 1}, "node": {node, 0}, "nobody": {nobody, 0}} {
		x, err := resp.Dial(t.Context(), l.Addr().String(), c.cfg)
		require.NoError(t, err, name)
		r, err := x.Do("X")
		require.NoError(t, err, name)
		require.Equal(t, c.want, r.Integer, name)
		x.Close()
	}
	_, err = resp.Dial(t.Context(), l.Addr().String(), &tls.Config{RootCAs: x509.NewCertPool()})
	require.Error(t, err)
	old := mine.Clone()
	old.MaxVersion, old.MinVersion = tls.VersionTLS12, tls.VersionTLS12
	_, err = resp.Dial(t.Context(), l.Addr().String(), old)
	require.Error(t, err, "TLS 1.2 is too old")
	// Nor does a client take anybody for a server.
	require.Error(t, mine.VerifyConnection(tls.ConnectionState{PeerCertificates: []*x509.Certificate{mine.Certificates[0].Leaf}}))
}
