// Kills: an acceptor in a process of its own, killed in the middle of its work again and again.

package server_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/server"
	"synod/impl/transport"
	"synod/trace"
)

// childFolder is the environment variable that makes this test's program an acceptor instead.
const childFolder = "SYNOD_TEST_ACCEPTOR"

var childCluster = server.Cluster{
	Name: "test", Acceptors: []string{"a1"}, Proposers: map[string]uint32{"p1": 1}, Scheme: "pair", Stride: 1,
}

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		err := server.RunAcceptor(context.Background(), server.AcceptorConfig{Node: server.Node{
			ID: "a1", Cluster: childCluster, Listen: "127.0.0.1:0",
			DataDir: filepath.Join(dir, "data"), TracePath: filepath.Join(dir, "a1.ndjson"),
			Ready: func(address string) { fmt.Println(address) },
		}})
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child starts an acceptor that lives until it is killed, or until the test ends.
func child(t *testing.T, dir string) (address string, kill func()) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	kill = func() {
		if cmd.ProcessState == nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
	}
	t.Cleanup(kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(line), kill
}

// Whenever an acceptor is killed: every answer that anyone has got is in its trace, and every promise and state that
// it answered for is there when it comes back.
func TestAKilledAcceptorHasRecordedWhatItSentAndForgetsNothing(t *testing.T) {
	dir := t.ArtifactDir()
	random := rand.New(rand.NewPCG(rand.Uint64(), 0))
	promised := map[string]paxos.Ballot{} // what answers have told, by key
	accepted := map[string]paxos.Ballot{}
	answered := map[string]bool{} // ids of the events that sent answers
	ballot := paxos.Ballot(1)
	for range 8 {
		address, kill := child(t, dir)
		received := make(chan []transport.Envelope, 1)
		peer, err := transport.NewPeer(transport.PeerConfig{
			Address: address, Acceptor: "a1", Counters: &transport.Counters{}, Log: slog.New(slog.DiscardHandler),
			Self:    transport.Hello{Cluster: "test", Shape: childCluster.Shape(), Node: "p1", Role: transport.RoleProposer, Run: 1},
			Receive: func(batch []transport.Envelope) { received <- batch },
		})
		require.NoError(t, err)
		note := func(batch []transport.Envelope) {
			for _, e := range batch {
				answered[e.Message.Event] = true
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
			for range n {
				ballot++
				m := paxos.Message{Kind: paxos.KindPrepare, Ballot: ballot}
				if random.IntN(2) == 0 {
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
	hidden := verifyKilled(t, dir, promised, accepted, answered)
	t.Logf("registers that a restart found ahead of the trace: %d", hidden)
}

// verifyKilled reads the trace of the killed acceptor after one more start. It counts how often a restart found more
// on disk than the trace shows: steps that were persisted when the kill came, and neither recorded nor sent.
func verifyKilled(t *testing.T, dir string, promised, accepted map[string]paxos.Ballot, answered map[string]bool) (hidden int) {
	c := newCluster(t, 1, 1)
	c.addresses["a1"], _ = child(t, dir)
	c.shape = childCluster
	x := c.probe("a1")
	defer x.peer.Close()
	for key := range promised {
		r := x.prepare(key, 1) // refused with what the acceptor has promised
		require.Equal(t, paxos.KindRefusedPrepare, r.Kind)
		require.GreaterOrEqual(t, r.Promised, promised[key], "a promise on %s is forgotten", key)
	}
	file, err := trace.ReadFile(filepath.Join(dir, "a1.ndjson"))
	require.NoError(t, err)
	last := map[string]paxos.Ballot{}
	for _, e := range file.Events {
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
		if text, ok := e.Vars.Get("acceptedBallot[a1]"); ok && e.Restart && e.Run == file.Events[len(file.Events)-1].Run {
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
