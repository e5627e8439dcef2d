// Floods: a thousand connections that send or take slowly, or announce more than they may, cost little memory.

package resp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// flat is how many bytes the memory may grow under a flood.
const flat = 64 << 20

// memory gives what the process has in use. The clients of these tests are in it, too, and hold little.
func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// flood opens a thousand connections that each send the parts of text one after the other, as far as the server
// takes them, and watches the memory. A flood's clients read nothing.
func flood(t *testing.T, s *Server, parts ...string) (most uint64) {
	runtime.GC()
	before := memory()
	conns := make([]net.Conn, 1000)
	for i := range conns {
		var err error
		conns[i], err = net.Dial("tcp", s.Addr().String())
		require.NoError(t, err)
		conns[i].(*net.TCPConn).SetReadBuffer(4096)
		conns[i].(*net.TCPConn).SetWriteBuffer(4096)
		defer conns[i].Close()
	}
	for _, part := range parts {
		bytes := []byte(part)
		for _, conn := range conns {
			conn.SetWriteDeadline(time.Now().Add(time.Millisecond))
			conn.Write(bytes) // that the server does not take it all is the point
		}
		most = max(most, memory())
	}
	for range 50 {
		time.Sleep(4 * time.Millisecond)
		most = max(most, memory())
	}
	grown := most - min(before, most)
	t.Logf("memory grew by %d KiB", grown>>10)
	require.Less(t, grown, uint64(flat))
	return grown
}

// mustServe checks that a client that behaves is served while the flood's connections are open.
func mustServe(t *testing.T, s *Server) {
	c := dial(t, s)
	_, err := c.Do("TRUST")
	require.NoError(t, err)
	r, err := c.Do("ECHO", "x")
	require.NoError(t, err)
	require.Equal(t, Text("x"), r)
}

func TestFloods(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand connections are not for a short run")
	}
	large := strings.Repeat("x", 256<<10)
	floods := []struct {
		name  string
		trust bool
		parts []string
	}{
		{"strangers that begin a request", false, []string{"*", "2", "\r\n", "$4\r", "\nEC"}},
		{"strangers that announce much", false, []string{"*1\r\n$536870912\r\n", large}},
		{"clients that announce too much", true, []string{"*1\r\n$536870912\r\n", large}},
		{"clients that announce many arguments", true, []string{"*16384\r\n", "$1\r\nx\r\n"}},
		{"clients that announce a large value and send a part", true, []string{"*2\r\n$4\r\nECHO\r\n$1048576\r\n", large, large}},
		{"clients with endless lines", true, []string{strings.Repeat("y", 3000), strings.Repeat("y", 3000)}},
		{"clients that pipeline and take no replies", true, []string{strings.Repeat("ECHO "+strings.Repeat("z", 200)+"\r\n", 1000), large}},
		{"clients that ask for large values and take none", true, []string{strings.Repeat("VALUE\r\n", 1000)}},
	}
	for _, f := range floods {
		t.Run(f.name, func(t *testing.T) {
			h := &echo{trust: f.trust, value: make([]byte, maxValue)}
			s := serve(t, h, Limits{})
			flood(t, s, f.parts...)
			mustServe(t, s)
		})
	}
}

// A thousand connections that begin a TLS handshake and leave it there cost no more.
func TestAFloodOfHandshakes(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand connections are not for a short run")
	}
	l, err := Listen("127.0.0.1:0", true)
	require.NoError(t, err)
	s := New(l, Config{Handler: &echo{}, TLS: selfSigned(t)})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	defer s.Stop(ctx)
	flood(t, s, "\x16\x03\x01\x40\x00", strings.Repeat("\x01", 16<<10))
	c, err := Dial(t.Context(), s.Addr().String(), &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, err)
	defer c.Close()
	r, err := c.Do("ECHO", "x")
	require.NoError(t, err)
	require.Equal(t, Text("x"), r)
}

func selfSigned(t *testing.T) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	}
}

// Without the budget the memory is not flat: the flood finds it out.
func TestAFloodWithoutABudgetIsNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand connections are not for a short run")
	}
	s := serve(t, &echo{trust: true}, Limits{Budget: 4 << 30})
	before := memory()
	for i := range 200 {
		conn, err := net.Dial("tcp", s.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
		_, err = fmt.Fprintf(conn, "*2\r\n$4\r\nECHO\r\n$%d\r\nx", maxValue-i)
		require.NoError(t, err)
	}
	for memory() < before+2*flat {
		runtime.Gosched()
	}
}
