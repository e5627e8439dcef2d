// Kills: an acceptor in a process of its own, killed in the middle of its work again and again.

package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/server"
	"synod/impl/transport"
)

// childConfig is the environment variable that makes this test's program an acceptor instead.
const childConfig = "SYNOD_TEST_ACCEPTOR"

func TestMain(m *testing.M) {
	text := os.Getenv(childConfig)
	if text == "" {
		os.Exit(m.Run())
	}
	var x childNode
	err := json.Unmarshal([]byte(text), &x)
	if err == nil {
		err = server.RunAcceptor(context.Background(), server.AcceptorConfig{Node: server.Node{
			ID: x.ID, Cluster: x.Cluster, Listen: x.Listen, DataDir: x.DataDir, TracePath: x.TracePath, TraceSample: x.TraceSample,
			Ready: func(address string) { fmt.Println(address) },
		}})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// childNode is the part of a node's configuration that can be handed to another process.
type childNode struct {
	ID, Listen, DataDir, TracePath string
	TraceSample                    int
	Cluster                        server.Cluster
}

// child starts an acceptor in a process of its own, which lives until it is killed or the test ends. Started again,
// it has the same port, disk and trace.
func (c *cluster) child(id string) (kill func()) {
	c.t.Helper()
	n := c.node(id)
	config, err := json.Marshal(childNode{
		ID: id, Cluster: n.Cluster, Listen: n.Listen, DataDir: filepath.Join(c.dir, id), TracePath: n.TracePath, TraceSample: n.TraceSample,
	})
	require.NoError(c.t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childConfig+"="+string(config))
	cmd.Stderr = c.t.Output()
	out, err := cmd.StdoutPipe()
	require.NoError(c.t, err)
	require.NoError(c.t, cmd.Start())
	kill = func() {
		if cmd.ProcessState == nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
	}
	c.t.Cleanup(kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(c.t, err)
	c.addresses[id] = strings.TrimSpace(line)
	return kill
}

// The cluster goes on while one of its acceptors is killed again and again. Whatever steps that one had on its disk
// and not in its trace, the messages that led to them are in the others' traces: the merge finds every cause.
func TestTheTracesOfAClusterWithAKilledAcceptorBelongTogether(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.timeout = 100 * time.Millisecond
	c.start("a1", "a2")
	kill := c.child("a3")
	c.start("p1", "p2")
	r := drive(t, c, 6, 80, func(r *recorder) {
		for range 12 {
			r.await(20)
			kill()
			r.await(5)
			kill = c.child("a3")
		}
	})
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(model, r.history, time.Minute))
	kill()
	c.stopAll()
	last := map[string]string{}
	hidden := 0
	for _, e := range c.trace() {
		if promised, ok := e.Vars.Get("promised[a3]"); ok {
			if before, known := last[e.Instance]; e.Restart && known && before != promised {
				hidden++
			}
			last[e.Instance] = promised
		}
	}
	t.Logf("registers that a restart found ahead of the trace: %d", hidden)
}

// Whenever an acceptor is killed: every answer that anyone has got is in its trace, and every promise and state that
// it answered for is there when it comes back.
func TestAKilledAcceptorHasRecordedWhatItSentAndForgetsNothing(t *testing.T) {
	for _, sample := range []int{1, 2} {
		t.Run(fmt.Sprintf("one key in %d", sample), func(t *testing.T) { killAcceptor(t, sample) })
	}
}

func killAcceptor(t *testing.T, sample int) {
	c := newCluster(t, 1, 1)
	c.sample = sample
	random := rand.New(rand.NewPCG(rand.Uint64(), 0))
	promised := map[string]paxos.Ballot{} // what answers have told, by key
	accepted := map[string]paxos.Ballot{}
	answered := map[string]bool{} // ids of the events that sent answers
	ballot := paxos.Ballot(1)
	for range 8 {
		kill := c.child("a1")
		received := make(chan []transport.Envelope, 1)
		peer := c.peer("a1", func(batch []transport.Envelope) { received <- batch })
		note := func(batch []transport.Envelope) {
			for _, e := range batch {
				if e.Message.Event != "" {
					answered[e.Message.Event] = true
				}
				switch e.Message.Kind {
				case paxos.KindAccepted:
					accepted[e.Key] = max(accepted[e.Key], e.Message.Ballot)
					fallthrough
				case paxos.KindPromise:
					promised[e.Key] = max(promised[e.Key], e.Message.Ballot)
				}
			}
		}
		// Some hundred questions are always under way, so that the kill finds a batch at any stage.
		ask := func(n int) {
			var batch []transport.Envelope
			reads := random.IntN(2) == 0
			for range n {
				ballot++
				m := paxos.Message{Kind: paxos.KindPrepare, Ballot: ballot}
				if reads {
					m.Kind = paxos.KindAsk
				} else if random.IntN(2) == 0 {
					m = paxos.Message{Kind: paxos.KindAccept, Ballot: ballot, State: fmt.Sprint(ballot)}
				}
				batch = append(batch, transport.Envelope{Key: fmt.Sprintf("k%d", random.IntN(10)), Message: m})
			}
			peer.Send(batch)
		}
		ask(300)
		for left := 200 + random.IntN(2000); left > 0; {
			batch := <-received
			note(batch)
			ask(len(batch))
			left -= len(batch)
		}
		kill()
		closed := make(chan struct{})
		go func() {
			peer.Close()
			close(closed)
		}()
		for open := true; open; {
			select {
			case batch := <-received:
				note(batch)
			case <-closed:
				open = false
			}
		}
		for len(received) > 0 {
			note(<-received)
		}
	}
	t.Logf("%d answers", len(answered))
	hidden := c.verifyKilled(promised, accepted, answered)
	t.Logf("registers that a restart found ahead of the trace: %d", hidden)
}

// verifyKilled reads the trace of the killed acceptor after one more start. It counts how often a restart found more
// on disk than the trace shows: steps that were persisted when the kill came, and neither recorded nor sent.
func (c *cluster) verifyKilled(promised, accepted map[string]paxos.Ballot, answered map[string]bool) (hidden int) {
	t := c.t
	c.child("a1")
	x := c.probe("a1")
	defer x.peer.Close()
	for key := range promised {
		r := x.prepare(key, 1) // refused with what the acceptor has promised
		require.Equal(t, paxos.KindRefusedPrepare, r.Kind)
		require.GreaterOrEqual(t, r.Promised, promised[key], "a promise on %s is forgotten", key)
	}
	events := c.traceOf("a1")
	last := map[string]paxos.Ballot{}
	for _, e := range events {
		delete(answered, e.ID.String())
		text, ok := e.Vars.Get("promised[a1]")
		if !ok {
			continue
		}
		n, err := strconv.Atoi(text)
		require.NoError(t, err)
		now := paxos.Ballot(n)
		require.GreaterOrEqual(t, now, last[e.Instance], "%s: the promise went back", e.ID)
		if e.Restart && now > last[e.Instance] {
			hidden++
		}
		last[e.Instance] = now
		if text, ok := e.Vars.Get("acceptedBallot[a1]"); ok && e.Restart && e.Run == events[len(events)-1].Run {
			n, err := strconv.Atoi(text)
			require.NoError(t, err)
			require.GreaterOrEqual(t, paxos.Ballot(n), accepted[e.Instance], "%s: an accepted state is forgotten", e.ID)
		}
	}
	for id := range answered {
		t.Fatalf("%d answers were sent that the trace does not show, such as that of %s", len(answered), id)
	}
	return hidden
}
