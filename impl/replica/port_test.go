// Several groups in the same processes: each has its log, and they share the ports.

package replica_test

import (
	"fmt"
	"net"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/log/sim"
	"synod/impl/replica"
)

func TestGroupsShareTheirProcesses(t *testing.T) {
	folder := t.TempDir()
	addresses, ports := map[string]string{}, map[string]*replica.Port{}
	for _, id := range ids {
		p, err := replica.Listen("127.0.0.1:0", nil, nil)
		require.NoError(t, err)
		defer p.Close()
		addresses[id], ports[id] = p.Address(), p
	}
	config := func(id, group string) replica.Config {
		return replica.Config{
			ID: id, Cluster: replica.Cluster{Name: "test", Replicas: map[string]uint32{"r1": 1, "r2": 2, "r3": 3}}, Group: group,
			Port: ports[id], Addresses: addresses, DataDir: filepath.Join(folder, id, group), Machine: &sim.Counter{},
		}
	}
	clusters := map[string]*cluster{}
	for _, group := range []string{"g1", "g2"} {
		c := &cluster{t: t, folder: folder, addresses: addresses, running: map[string]*replica.Replica{}}
		clusters[group] = c
		for _, id := range ids {
			r, err := replica.Start(config(id, group))
			require.NoError(t, err)
			c.running[id] = r
		}
	}
	for n := 1; n <= 5; n++ {
		for i, id := range ids {
			require.Equal(t, fmt.Sprint(3*(n-1)+i+1), clusters["g1"].submit(id, "add 1"))
			require.Equal(t, fmt.Sprint(10*(3*(n-1)+i+1)), clusters["g2"].submit(id, "add 10"))
		}
	}
	_, err := replica.Start(config("r1", "g2"))
	require.Error(t, err, "a port has one replica of a group")
	other := config("r1", "g3")
	other.DataDir = filepath.Join(folder, "r1", "g1")
	clusters["g1"].stop("r1")
	_, err = replica.Start(other)
	require.ErrorContains(t, err, "belongs to replica r1 of cluster test/g1", "a group's folder is no other's")
	require.Equal(t, "160", clusters["g2"].submit("r1", "add 10"), "the end of one group's replica is not the other's")
	s, err := replica.AskStatus(t.Context(), addresses["r1"], "g2", nil)
	require.NoError(t, err)
	require.Equal(t, "r1", s.Node)
	_, err = replica.AskStatus(t.Context(), addresses["r1"], "g1", nil)
	require.Error(t, err, "it was stopped")
	for _, c := range clusters {
		for _, id := range ids {
			c.stop(id)
		}
	}
}

// Strangers who are slow to say who they are, or announce a long greeting, are given little memory, and keep nobody out.
func TestStrangersCostAPortLittleMemory(t *testing.T) {
	p, err := replica.Listen("127.0.0.1:0", nil, nil)
	require.NoError(t, err)
	defer p.Close()
	used := func() int {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapInuse + m.StackInuse)
	}
	before := used()
	most := before
	floods := []string{"", "\x00\x00", "\x00\x00\x40\x00Hhalf of a greeting", "\xff\xff\xff\xffH"}
	for i := range 1000 {
		conn, err := net.Dial("tcp", p.Address())
		require.NoError(t, err)
		defer conn.Close()
		conn.Write([]byte(floods[i%len(floods)]))
		if i%20 == 0 {
			most = max(most, used())
		}
	}
	t.Logf("memory grew from %d to %d KiB", before>>10, most>>10)
	require.Less(t, most-before, 32<<20)
	_, err = replica.AskStatus(t.Context(), p.Address(), "", nil)
	require.Error(t, err, "there is no replica, and the port says so")
}
