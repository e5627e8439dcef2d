// A flood of clients on a real proposer: its memory, as the operating system counts it, stays flat.

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/resp"
)

// resident gives how many bytes of memory a process has.
func resident(t *testing.T, pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	require.NoError(t, err)
	var size, pages int
	_, err = fmt.Sscan(string(text), &size, &pages)
	require.NoError(t, err)
	return pages * os.Getpagesize()
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
	pid := s.processes["p1"].Process.Pid
	before := resident(t, pid)
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
		most = max(most, resident(t, pid))
	}
	for range 200 {
		time.Sleep(5 * time.Millisecond)
		most = max(most, resident(t, pid))
	}
	t.Logf("memory grew from %d to %d MiB", before>>20, most>>20)
	require.Less(t, most-before, 64<<20)
	r, err = c.Do("SET", "small", "v") // who behaves is served
	require.NoError(t, err)
	require.Equal(t, resp.OK, r)
	r, err = c.Do("STRLEN", "large")
	require.NoError(t, err)
	require.True(t, r.Integer == value || bytes.HasPrefix([]byte(r.Text), []byte("TRYAGAIN ")), r.String())
}
