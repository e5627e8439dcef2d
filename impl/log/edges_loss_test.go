// Lost disks: their part of the specification's state, and what the core does about them.

package log

import (
	"maps"

	"synod/tools/edges"
)

// lossView is what spec/log/Readmission.tla adds to a state. It is nil where a model has no losses.
type lossView struct {
	Lost      map[string]bool      `json:"lost,omitempty"`
	Losses    map[string]uint64    `json:"losses,omitempty"`
	Entrances *setOf[entranceView] `json:"entrances,omitempty"`
}

// entranceView has the fields of its type alone.
type entranceView struct {
	Type     string  `json:"type"`
	Replica  string  `json:"replica,omitempty"`
	Lost     string  `json:"lost,omitempty"`
	Loss     *uint64 `json:"loss,omitempty"`
	Promised *Ballot `json:"promised,omitempty"`
	Ballot   *Ballot `json:"ballot,omitempty"`
	Slot     *Slot   `json:"slot,omitempty"`
}

// code is what the lost replica receives.
func (x entranceView) code(to string, leader string) Message {
	if x.Type == "admit" {
		return Message{Kind: KindAdmit, From: leader, To: to, Ballot: *x.Ballot, Slot: *x.Slot}
	}
	return Message{Kind: KindBound, From: x.Replica, To: to, Slot: Slot(*x.Loss), Promised: *x.Promised}
}

// losing are what happens to a replica where disks are lost. Who is lost has been told some of what was said, and a tick passes;
// and others are asked, by one who is lost or was.
func (c *cluster) losing(v view, id string) (all []func(*Replica) Effects) {
	if v.Entrances == nil {
		return nil
	}
	if !v.Lost[id] {
		for _, other := range c.ids {
			for ballot := range c.ballots + 1 {
				if other != id {
					all = append(all, func(x *Replica) Effects {
						return x.Receive(Message{Kind: KindRejoin, From: other, To: id, Slot: Slot(v.Losses[other]), Ballot: ballot})
					})
				}
			}
		}
		return all
	}
	for _, bound := range v.Entrances.Elements {
		for _, admit := range v.Entrances.Elements {
			if bound.Type == "bound" && bound.Lost == id && admit.Type == "admit" {
				all = append(all, func(x *Replica) Effects {
					x.core.receive(bound.code(id, ""))
					x.core.receive(admit.code(id, c.owner(*admit.Ballot)))
					return x.Tick(0)
				})
			}
		}
	}
	return all
}

// owner is the replica that a ballot belongs to.
func (c *cluster) owner(b Ballot) string { return c.ids[int(b-1)%len(c.ids)] }

// lose starts a replica on an empty disk.
func (c *cluster) lose(v view, id string) edges.Step[view] {
	config := c.config(id)
	config.Run = 2
	x, effects, err := New(config, &register{}, Disk{Lost: true})
	if err != nil {
		panic(err)
	}
	return c.shown(v, x.core, effects)
}

// after is the part after a step of a replica that has sent these messages.
func (v lossView) after(s *edges.Step[view], id string, sent []Message) lossView {
	if v.Lost == nil {
		return v
	}
	v.Lost, v.Losses = maps.Clone(v.Lost), maps.Clone(v.Losses)
	v.Lost[id] = s.After.Lost[id]
	switch s.Action {
	case "Lose":
		v.Losses[id]++
	case "Bound":
		for _, m := range sent {
			loss := uint64(m.Slot)
			v.Entrances = plus(v.Entrances, entranceView{Type: "bound", Replica: m.From, Lost: m.To, Loss: &loss, Promised: &m.Promised})
		}
	case "Admit":
		for _, m := range sent {
			v.Entrances = plus(v.Entrances, entranceView{Type: "admit", Ballot: &m.Ballot, Slot: &m.Slot})
		}
	}
	return v
}

// beyondLosses reports whether a step out of a state is none of SmallReadmission's.
func beyondLosses(v view, s edges.Step[view]) bool {
	first, said := s.Args["r"] == `"r1"`, false
	for _, x := range v.Entrances.Elements {
		said = said || x.Type == "bound"
	}
	switch s.Action {
	case "Prepare":
		return !first || s.Args["b"] != "1" && v.Losses["r2"] == 0
	case "Hear":
		return first
	case "Tell", "Admit":
		return !first || !v.Lost["r2"]
	case "Bound":
		return !first || !v.Lost["r2"] || said
	case "Lose":
		return s.After.Losses["r2"] != 1 || s.After.Losses["r1"] > 0 || v.Promised["r2"] == 0
	}
	return false
}
