// Abstract states: how far a run has come, in the specification's terms.

package main

import (
	"hash/fnv"

	"synod/impl/paxos"
)

// observer turns the steps of a run into abstract states of its registers.
//
// The specification's actions ask how a ballot compares with what acceptors have promised and accepted, and whether a
// message with it was sent. So an abstract state is the action, whether its ballot was prepared or proposed before, how
// many acceptors have promised and accepted the same ballot or a larger one (none, one, or more), and whether the node
// has restarted since its last step. Names and distances do not count. With finer states nearly every run would have a
// new one, and then nothing guides.
type observer struct {
	registers map[int]*known
	seen      map[uint64]bool
}

// known is what the steps have told of one register.
type known struct {
	acceptors map[string]paxos.AcceptorState
	prepared  map[paxos.Ballot]bool
	proposed  map[paxos.Ballot]bool
	restarted map[string]bool
}

func newObserver() *observer { return &observer{map[int]*known{}, map[uint64]bool{}} }

// watch takes a step.
func (o *observer) watch(key int, s *paxos.Step) {
	r := o.registers[key]
	if r == nil {
		r = &known{map[string]paxos.AcceptorState{}, map[paxos.Ballot]bool{}, map[paxos.Ballot]bool{}, map[string]bool{}}
		o.registers[key] = r
	}
	o.seen[r.fingerprint(s)] = true
	r.restarted[s.Node] = false
	switch s.Action {
	case "Promise", "Accept", "Erase", "Raise":
		r.acceptors[s.Node] = s.Acceptor
	case "RestartAcceptor":
		r.acceptors[s.Node] = s.Acceptor
		r.restarted[s.Node] = true
	case "RestartProposer":
		r.restarted[s.Node] = true
	case "Prepare":
		r.prepared[s.Ballot] = true
	case "Propose":
		r.proposed[s.Ballot] = true
	}
}

// fingerprint is the abstract state in which a step is taken.
func (r *known) fingerprint(s *paxos.Step) uint64 {
	var counts [4]byte // promised the same, a larger one; accepted the same, a larger one
	for _, a := range r.acceptors {
		count(counts[:2], a.Promised, s.Ballot)
		count(counts[2:], a.AcceptedBallot, s.Ballot)
	}
	h := fnv.New64a()
	h.Write([]byte(s.Action))
	h.Write(counts[:])
	for _, yes := range []bool{r.prepared[s.Ballot], r.proposed[s.Ballot], r.restarted[s.Node]} {
		if yes {
			h.Write([]byte{1})
		} else {
			h.Write([]byte{0})
		}
	}
	return h.Sum64()
}

// count adds one more to the first of the two counts if b is c, to the second if it is larger; many are two.
func count(counts []byte, b, c paxos.Ballot) {
	switch {
	case b == c:
		counts[0] = min(counts[0]+1, 2)
	case b > c:
		counts[1] = min(counts[1]+1, 2)
	}
}
