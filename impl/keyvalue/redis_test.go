// Requests at random, which redis-server and this server must answer alike.

package keyvalue

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// redisServer runs redis-server for as long as the test, and gives its socket.
func redisServer(t *testing.T) (socket string) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("there is no redis-server on this machine (Debian has it in the package redis-server)")
	}
	dir, err := os.MkdirTemp("", "redis") // a socket's path must be short
	require.NoError(t, err)
	socket = filepath.Join(dir, "s")
	cmd := exec.Command(program, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", dir)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		os.RemoveAll(dir)
	})
	for {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			return socket
		}
		time.Sleep(time.Millisecond)
	}
}

// draw gives a request of the supported ones, with any of their options, among which are wrong ones.
func draw(r *rand.Rand) string {
	one := func(words ...string) string { return words[r.IntN(len(words))] }
	key := func() string { return one("k1", "k2", "k3") }
	value := func() string {
		return one("v", "10", "-3", "007", "1.5", `""`, `"a b"`, "9223372036854775807", "-9223372036854775808", "9223372036854775808", " 1", `"\x00\xff"`)
	}
	// No two are equal, whose order would be that of clocks.
	later := func() string { return fmt.Sprint(100_000 + r.Int64N(1_000_000_000)) }
	seconds := func() string {
		return one(later(), later(), later(), "0", "-1", "x", "9223372036854775807", "-9223372036854775808")
	}
	// None in the past: redis-server counts such keys in DBSIZE until it comes across them.
	at := func(future string) string { return one(future, future, "0", "-5", "x", "9223372036854775807") }
	set := func() string {
		q := "SET " + key() + " " + value()
		for range r.IntN(4) {
			q += " " + one("NX", "XX", "GET", "KEEPTTL", "nx", "EX "+seconds(), "PX "+seconds(), "EXAT "+at("4000000000"), "PXAT "+at("4100000000000"), "EX", "BOGUS")
		}
		return q
	}
	switch r.IntN(24) {
	case 0, 1, 2, 3, 4:
		return set()
	case 5:
		return one("GET ", "GETDEL ", "STRLEN ", "TYPE ", "PERSIST ", "TTL ", "PTTL ") + key()
	case 6:
		return "SETNX " + key() + " " + value()
	case 7:
		return "GETSET " + key() + " " + value()
	case 8:
		return "APPEND " + key() + " " + value()
	case 9:
		return one("INCR ", "DECR ") + key()
	case 10, 11:
		return one("INCRBY ", "DECRBY ") + key() + " " + value()
	case 12:
		return "MGET " + key() + " " + key()
	case 13:
		return "MSET " + key() + " " + value() + one("", " "+key(), " "+key()+" "+value())
	case 14:
		return one("DEL ", "EXISTS ") + key() + one("", " "+key())
	case 15, 16, 17:
		return one("EXPIRE ", "PEXPIRE ") + key() + " " + seconds() + one("", "", " NX", " XX", " GT", " LT", " NX XX", " GT LT", " gt", " BOGUS", " XX GT")
	case 18, 19:
		return one("TTL ", "PTTL ") + key()
	case 20:
		return "DBSIZE"
	case 21: // too few or too many
		return one("GET", "SET", "SET k1", "INCR", "INCRBY k1", "EXPIRE k1", "TTL", "MSET", "DEL", "GETSET k1", "APPEND k1", "TYPE k1 k2", "DBSIZE x", "PERSIST",
			"GET k1 k2", "SETNX k1", "EXISTS", "MGET", "STRLEN", "GETDEL", "PTTL k1 k2", "DECRBY k1 1 2")
	case 22:
		return one("PING", "PING x", "ECHO x", "SELECT 0", "SELECT x", "SCAN x", "SCAN 0 COUNT 0", "SCAN 0 COUNT x", "SCAN 0 MATCH", "SCAN 0 BOGUS x", "SCAN 0 COUNT 1000 MATCH zz*")
	default:
		return one("GET ", "GETDEL ") + key()
	}
}

// alike reports whether two replies are, but for the time between two servers' looking at their clocks.
func alike(request, a, b string) bool {
	if !strings.HasPrefix(request, "TTL") && !strings.HasPrefix(request, "PTTL") {
		return a == b
	}
	number := func(s string) (int64, bool) {
		n, err := strconv.ParseInt(strings.TrimPrefix(s, "(integer) "), 10, 64)
		return n, err == nil && n > 0
	}
	x, ok1 := number(a)
	y, ok2 := number(b)
	return a == b || ok1 && ok2 && max(x-y, y-x) <= 60_000
}

func TestRequestsAtRandomAreAnsweredAsByRedis(t *testing.T) {
	socket := redisServer(t)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0))
		var steps []step
		for range 300 {
			steps = append(steps, step{request: draw(r)})
		}
		inline(t, socket, []step{{request: "FLUSHALL"}})
		theirs := inline(t, socket, steps)
		ours := inline(t, newServer(t, func(c *Config) { c.Now = nil }).front.Addr().String(), steps)
		for i := range steps {
			if !alike(steps[i].request, theirs[i], ours[i]) {
				var before []string
				for j := range i {
					before = append(before, fmt.Sprintf("%s -> %s", steps[j].request, ours[j]))
				}
				t.Fatalf("seed %d, request %d, %s: redis-server answers\n%s\nand this server\n%s\nafter\n%s",
					seed, i, steps[i].request, theirs[i], ours[i], strings.Join(before[max(0, len(before)-12):], "\n"))
			}
		}
	}
}
