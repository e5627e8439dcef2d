// Leases: their part of the specification's state, and what the core does about them.

package log

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"synod/conformance/tla"
	"synod/tools/edges"
)

// leaseView is what spec/log/LeaderLease.tla adds to a state. It is nil where a model has no leases.
type leaseView struct {
	Now        *time.Duration           `json:"now,omitempty"`
	Began      map[string]time.Duration `json:"began,omitempty"`
	Clock      map[string]time.Duration `json:"clock,omitempty"`
	BoundUntil map[string]time.Duration `json:"boundUntil,omitempty"`
	Settled    map[string]Slot          `json:"settled,omitempty"`
	Lease      map[string]heldView      `json:"lease,omitempty"`
	Grants     *setOf[grantView]        `json:"grants,omitempty"`
}

type heldView struct {
	Ballot Ballot        `json:"ballot"`
	Sent   time.Duration `json:"sent"`
}

// grantView has the fields of its type alone.
type grantView struct {
	Type    string        `json:"type"`
	Ballot  Ballot        `json:"ballot"`
	Sent    time.Duration `json:"sent"`
	Replica string        `json:"replica,omitempty"`
}

// leases sets what a replica has granted and holds, and what its clock shows.
func (v *leaseView) leases(r *replica) {
	if v.Now == nil {
		return
	}
	r.now, r.boundUntil, r.settled = v.Clock[r.ID], v.BoundUntil[r.ID], v.Settled[r.ID]
	if r.role != Leader {
		return
	}
	if l := v.Lease[r.ID]; l.Ballot == r.promised {
		r.held = l.Sent
	}
	for _, x := range v.Grants.Elements {
		if x.Type == "ask" && x.Ballot == r.promised && x.Sent > r.held {
			r.grants = append(r.grants, round{x.Sent, map[string]Message{}})
		}
		if x.Type == "ask" && x.Ballot == r.promised {
			r.lastAsk = max(r.lastAsk, x.Sent)
		}
	}
	slices.SortFunc(r.grants, func(a, b round) int { return int(a.sent - b.sent) })
}

// leasing are what happens to a replica where there are leases: what was asked for, a time to ask, and a read.
func (c *cluster) leasing(v view, id string) (all []func(*Replica) Effects) {
	if v.Now == nil {
		return nil
	}
	for _, x := range v.Grants.Elements {
		if x.Type == "ask" {
			m := Message{Kind: KindAskLease, From: c.owner(x.Ballot), To: id, Ballot: x.Ballot, Sent: x.Sent}
			all = append(all, func(x *Replica) Effects { return x.Receive(m) })
		}
	}
	ask := func(x *Replica) Effects {
		if x.core.role == Leader {
			x.core.renewLease()
		}
		return x.core.effects()
	}
	read := func(x *Replica) Effects {
		effects, _ := x.Read()
		return effects
	}
	return append(all, ask, read)
}

// granted are the grants as a replica receives them.
func (v *leaseView) granted(to string) (all []Message) {
	if v.Grants == nil {
		return nil
	}
	for _, x := range v.Grants.Elements {
		if x.Type == "grant" {
			all = append(all, Message{Kind: KindGrantLease, From: x.Replica, To: to, Ballot: x.Ballot, Sent: x.Sent})
		}
	}
	return all
}

// leaseShown is the part after a replica has taken a step.
func (v leaseView) leaseShown(action string, r *replica) leaseView {
	if v.Now == nil {
		return v
	}
	v.Began, v.Clock, v.BoundUntil = maps.Clone(v.Began), maps.Clone(v.Clock), maps.Clone(v.BoundUntil)
	v.Settled, v.Lease = maps.Clone(v.Settled), maps.Clone(v.Lease)
	v.BoundUntil[r.ID], v.Settled[r.ID] = r.boundUntil, r.settled
	if action == "Restart" {
		v.Began[r.ID], v.Clock[r.ID], v.Lease[r.ID] = *v.Now, r.now, heldView{}
	}
	if r.role == Leader && r.held > 0 {
		v.Lease[r.ID] = heldView{r.promised, r.held}
	}
	return v
}

// asking is the set of what was asked for and granted, after a step that has sent these messages.
func (v leaseView) asking(sent []Message) *setOf[grantView] {
	for _, m := range sent {
		switch m.Kind {
		case KindAskLease:
			v.Grants = plus(v.Grants, grantView{Type: "ask", Ballot: m.Ballot, Sent: m.Sent})
		case KindGrantLease:
			v.Grants = plus(v.Grants, grantView{Type: "grant", Ballot: m.Ballot, Sent: m.Sent, Replica: m.From})
		}
	}
	return v.Grants
}

// beyondLeases reports whether a step out of a state is none of SmallLease's.
func (c *cluster) beyondLeases(v view, s edges.Step[view]) bool {
	id, _ := strconv.Unquote(s.Args["r"]) // "" for acceptors' steps, which are none of these
	ballot := v.Promised[id]
	switch s.Action {
	case "AskForLease":
		return !slices.Contains(c.leased, ballot)
	case "Propose":
		return !holds(v.Inherited[id], 1) && !slices.Contains(c.proposing, ballot)
	case "Restart":
		return v.BoundUntil[id] == 0
	}
	return false
}

// refusesLease tells why the code does not take a step of leases that the specification allows.
func (c *cluster) refusesLease(v view, id string, s tla.Successor) string {
	const never = "time 0 stands for never"
	time := func(i int) time.Duration { return time.Duration(s.Args[i].Num()) }
	held := v.Lease[id]
	switch s.Action {
	case "Tick":
		return "time passes by itself"
	case "AskForLease":
		if v.Clock[id] == 0 {
			return never
		}
	case "Grant":
		if time(2) == 0 {
			return never
		}
	case "Hold":
		if time(1) == 0 {
			return never
		}
		if held.Ballot == v.Promised[id] && time(1) <= held.Sent {
			return "who holds a lease takes no older one"
		}
	case "Read":
		if held.Sent == 0 {
			return never
		}
	}
	return ""
}
