// A flood of clients on a real proposer: its memory stays flat.

package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/resp"
)

// inUse matches the metrics of a Go process that tell what memory it has in use.
var inUse = regexp.MustCompile(`(?m)^go_memstats_(?:heap|stack)_inuse_bytes (\S+)$`)

// memory asks a process's admin port what memory it has in use, in bytes.
func memory(t *testing.T, admin string) int {
	reply, err := http.Get("http://" + admin + "/metrics")
	require.NoError(t, err)
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	require.NoError(t, err)
	found := inUse.FindAllSubmatch(text, -1)
	require.Len(t, found, 2)
	sum := 0.0
	for _, f := range found {
		n, err := strconv.ParseFloat(string(f[1]), 64)
		require.NoError(t, err)
		sum += n
	}
	return int(sum)
}

// A thousand connections begin requests, announce more than they may, send parts of large values, and ask for
// values that they do not take.
func TestAThousandSlowClientsCostLittleMemory(t *testing.T) {
	s := newService(t)
	c, err := resp.Dial(t.Context(), s.addresses["resp p1"], nil)
	require.NoError(t, err)
	defer c.Close()
	const value = 100 << 10
	r, err := c.Do("SET", "large", strings.Repeat("v", value))
	require.NoError(t, err)
	require.Equal(t, resp.OK, r)
	admin := s.addresses["admin p1"]
	before := memory(t, admin)
	floods := []string{
		"*3\r\n$3\r\nSE",
		"*1\r\n$536870912\r\n" + strings.Repeat("x", 1<<16),
		"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1048576\r\n" + strings.Repeat("x", 1<<18),
		strings.Repeat("GET large\r\n", 100),
	}
	most := before
	for i := range 1000 {
		conn, err := net.Dial("tcp", s.addresses["resp p1"])
		require.NoError(t, err)
		defer conn.Close()
		conn.(*net.TCPConn).SetReadBuffer(4096)
		conn.SetWriteDeadline(time.Now().Add(2 * time.Millisecond))
		conn.Write([]byte(floods[i%len(floods)])) // that not all is taken is the point
		if i%20 == 0 {
			most = max(most, memory(t, admin))
		}
	}
	for range 100 {
		time.Sleep(5 * time.Millisecond)
		most = max(most, memory(t, admin))
	}
	t.Logf("memory grew from %d to %d MiB", before>>20, most>>20)
	require.Less(t, most-before, memoryFactor*64<<20)
	r, err = c.Do("SET", "small", "v") // who behaves is served
	require.NoError(t, err)
	require.Equal(t, resp.OK, r)
	r, err = c.Do("STRLEN", "large")
	require.NoError(t, err)
	require.True(t, r.Integer == value || bytes.HasPrefix([]byte(r.Text), []byte("TRYAGAIN ")), r.String())
}
