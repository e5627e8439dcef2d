// Status: what a replica says of itself.

package replica

import (
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
	return &transport.Status{
		Cluster: r.cfg.Cluster.Name, Node: r.cfg.ID, Role: Role, Run: r.store.Run(),
		Sent: r.network.sent.Load(), Received: r.network.received.Load(), Lost: r.network.lost.Load(),
		Steps: r.steps.Load(), Batches: r.store.Batches(), Connected: r.network.connected(),
	}
}
