// The admin port: what it tells of nodes that run, of those that do not, and to whom.

package admin

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/transport"
)

func TestThePortTellsHowTheNodesAre(t *testing.T) {
	r := NewRegistry("v1")
	a, p := r.Node("a1", "acceptor", 3), r.Node("p1", "proposer", 3)
	l, err := Listen("127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- r.Serve(ctx, l) }()
	get := func(path string) (int, string) {
		reply, err := http.Get("http://" + l.Addr().String() + path)
		require.NoError(t, err)
		defer reply.Body.Close()
		text, err := io.ReadAll(reply.Body)
		require.NoError(t, err)
		return reply.StatusCode, string(text)
	}
	code, _ := get("/healthz")
	require.Equal(t, 200, code)
	code, text := get("/readyz")
	require.Equal(t, 503, code)
	require.Contains(t, text, "not running")
	connected := []string{"a1"}
	a.Attach(func() *transport.Status { return &transport.Status{Node: "a1", Sent: 7} })
	p.Attach(func() *transport.Status { return &transport.Status{Node: "p1", Connected: connected, Unknown: 3} })
	code, text = get("/readyz")
	require.Equal(t, 503, code)
	require.Contains(t, text, "proposer p1 reaches 1 of 3 acceptors")
	connected = []string{"a1", "a3"}
	code, _ = get("/readyz")
	require.Equal(t, 200, code)
	a.Synced(time.Millisecond, 5)
	p.Round(false)
	p.Round(true)
	p.Collided()
	p.Prepared(time.Millisecond)
	p.Accepted(time.Millisecond)
	p.Accepted(time.Millisecond)
	p.Command("get", time.Millisecond, "")
	p.Command("incr", time.Millisecond, "ERR")
	code, text = get("/metrics")
	require.Equal(t, 200, code)
	for _, line := range []string{
		`synod_build_info{version="v1"} 1`,
		`synod_messages_sent_total{node="a1",role="acceptor"} 7`,
		`synod_storage_sync_seconds_count{node="a1",role="acceptor"} 1`,
		`synod_storage_batch_records_sum{node="a1",role="acceptor"} 5`,
		`synod_outcomes_total{node="p1",outcome="unknown",role="proposer"} 3`,
		`synod_rounds_total{node="p1",role="proposer"} 2`,
		`synod_one_round_trip_total{node="p1",role="proposer"} 1`,
		`synod_collisions_total{node="p1",role="proposer"} 1`,
		`synod_phase_seconds_count{node="p1",phase="accept",role="proposer"} 2`,
		`synod_resp_command_seconds_count{command="get",node="p1",role="proposer"} 1`,
		`synod_resp_errors_total{code="ERR",node="p1",role="proposer"} 1`,
	} {
		require.Contains(t, text, line+"\n")
	}
	code, _ = get("/debug/pprof/goroutine?debug=1")
	require.Equal(t, 200, code)
	code, _ = get("/nosuch")
	require.Equal(t, 404, code)
	stop()
	require.NoError(t, <-ended)
}

func TestThePortStaysOnLoopback(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "example.org:0", "192.0.2.1:0", "x"} {
		_, err := Listen(address)
		require.Error(t, err, address)
	}
}

func TestNoMetricsAreFine(t *testing.T) {
	var m *Metrics
	m.Attach(nil)
	m.Synced(time.Second, 1)
	m.Round(true)
	m.Collided()
	m.Prepared(time.Second)
	m.Accepted(time.Second)
	m.Command("get", time.Second, "ERR")
}
