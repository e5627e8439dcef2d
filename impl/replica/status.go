// Status: what a replica says of itself.

package replica

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"synod/impl/certificate"
	"synod/impl/log"
	"synod/impl/transport"
)

// Status is how a replica is.
type Status struct {
	Node    string
	Run     uint64
	Role    log.Role
	Leader  string // as far as it knows; "" is nobody
	Ballot  log.Ballot
	Applied log.Slot
}

// Status tells how the replica is.
func (r *Replica) Status() Status { return *r.status.Load() }

// tell publishes the status, and takes note of who leads. It reports whether that is another.
func (r *Replica) tell() bool {
	s := r.core.Status()
	before := r.status.Load()
	now := Status{r.cfg.ID, r.store.Run(), s.Role, s.Leader, s.Promised, s.Applied}
	if before != nil && *before == now {
		return false
	}
	r.status.Store(&now)
	if r.folders.lost.Swap(s.Role == log.Lost) && s.Role != log.Lost {
		r.cfg.Log.Info("the replica takes part again", "ballot", uint32(s.Promised), "slot", uint64(s.Applied))
	}
	leader := s.Leader
	if leader == r.cfg.ID && s.Role != log.Leader {
		leader = ""
	}
	if leader == r.leader {
		return false
	}
	r.cfg.Log.Info("the leader is another", "leader", leader, "ballot", uint32(s.Promised))
	r.leader = leader
	return true
}

// figures gives the counts that all nodes have.
func (r *Replica) figures() *transport.Status {
	s := r.Status()
	return &transport.Status{
		Cluster: r.cfg.Cluster.Name, Node: r.cfg.ID, Role: Role, Run: r.store.Run(),
		Sent: r.network.sent.Load(), Received: r.network.received.Load(), Lost: r.network.lost.Load(),
		Steps: r.steps.Load(), Batches: r.store.Batches(), Connected: r.network.connected(),
		Standing: string(s.Role), Leader: s.Leader, Applied: uint64(s.Applied),
	}
}

// statusProtocol is how one greets a replica to learn how it is, and nothing else.
const statusProtocol = "synod status 1"

// ErrNoReplica says that something else than a replica answers.
var ErrNoReplica = errors.New("no replica answers")

// AskStatus asks the replica of a group at an address how it is; "" is the only one, or the first. config is that of a client's certificate, nil for plaintext.
func AskStatus(ctx context.Context, address, group string, config *tls.Config) (*transport.Status, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.SetDeadline(time.Now().Add(greetTimeout))
	if config != nil {
		config = config.Clone()
		config.ServerName, _, _ = net.SplitHostPort(address)
		conn = tls.Client(conn, config)
	}
	if err := writeJSON(conn, frameHello, hello{Protocol: statusProtocol, Group: group}); err != nil {
		return nil, err
	}
	r := &frameReader{r: bufio.NewReader(conn)}
	if h, err := r.greeting(); err != nil || h.Protocol != protocol {
		return nil, fmt.Errorf("%w at %s", ErrNoReplica, address)
	}
	kind, body, err := r.next(maxHello)
	if err != nil {
		return nil, err
	}
	s := new(transport.Status)
	if kind != frameStatus || json.Unmarshal(body, s) != nil {
		return nil, errMalformed
	}
	return s, nil
}

// answerStatus tells one who has greeted for it how the replica is. With certificates he needs one of the cluster.
func (n *network) answerStatus(conn net.Conn) error {
	if t, ok := conn.(*tls.Conn); ok {
		found, err := certificate.Of(t.ConnectionState().PeerCertificates[0])
		if err != nil || found.Cluster != n.self.Cluster {
			return fmt.Errorf("%s is not of cluster %s: %w", found, n.self.Cluster, err)
		}
	}
	conn.SetDeadline(time.Now().Add(greetTimeout))
	return writeJSON(conn, frameStatus, n.figures())
}

func writeJSON(conn net.Conn, kind byte, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = conn.Write(appendFrame(nil, kind, func(b []byte) []byte { return append(b, text...) }))
	return err
}
