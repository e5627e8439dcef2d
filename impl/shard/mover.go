// The mover and the router: how a shard gets from one group to another, and how clients find it.

package shard

import "synod/impl/step"

// Mover moves one shard, step by step. Ask gives the next command and the group that it is for; the caller has it
// performed, as often as it takes to get an answer, and hands the result to Answered. It keeps nothing that is not in the
// groups' logs: another mover with the same Shard and Map goes on where it stopped.
type Mover struct {
	Shard string
	To    string // the group that is to have the shard
	Map   string // the group that keeps the map
	From  string // the group that has it, where that is known; with "" the map is asked
	Bugs  Bugs

	next  Kind // the step that is to be taken
	from  string
	heir  string
	epoch uint64
	held  string
	cause step.Cause // the last step that was made
	moved bool
}

// Ask gives the next command. Once the move is done there is none, and the group is "".
func (v *Mover) Ask() (group string, c Command) {
	if v.next == "" && v.From != "" && !v.moved {
		v.from, v.From, v.next = v.From, "", Freeze
	}
	c = Command{Kind: v.next, Shard: v.Shard, Cause: v.cause}
	switch v.next {
	case "":
		if v.moved {
			return "", Command{}
		}
		c.Kind = Locate
		return v.Map, c
	case Freeze:
		c.Group = v.To
	case HandOver:
		c.Group = v.heir
	case Activate:
		c.Epoch, c.Body = v.epoch, v.held
		return v.heir, c
	case Publish:
		c.Group, c.Epoch = v.heir, v.epoch
		return v.Map, c
	case Drop:
		c.Epoch = v.epoch
	}
	return v.from, c
}

// Answered takes the result of the last command. Where a group has not what it should have, the mover looks at the map
// again. A move that somebody else has begun it ends first.
func (v *Mover) Answered(r Result) {
	was := v.next
	v.next = ""
	if r.Cause.Step != "" {
		v.cause = r.Cause
	}
	switch {
	case r.Outcome == Invalid || was != "" && r.Outcome == Elsewhere:
		return
	case was == "" && r.Group != v.To:
		v.from, v.next = r.Group, Freeze
	case was == "":
		v.moved = true
	case was == Freeze:
		v.heir, v.epoch, v.next = r.Group, r.Epoch, HandOver
		if v.Bugs.Has(PublishEarly) {
			v.next = Publish
		}
	case was == HandOver:
		v.epoch, v.held, v.next = r.Epoch, r.Body, Activate
	case was == Activate:
		v.next = Publish
	case was == Publish && v.Bugs.Has(PublishEarly) && v.held == "":
		v.next = HandOver
	case was == Publish:
		v.next, v.held = Drop, ""
	case was == Drop:
		v.moved = v.heir == v.To
	}
}

// Router is what a client knows of where shards are. Its zero value knows nothing.
type Router struct{ places map[string]Place }

// Place gives the group to ask about a shard, if it is known.
func (t *Router) Place(shard string) (group string, known bool) {
	p, known := t.places[shard]
	return p.Group, known
}

// Learn takes note of what the map says. What is older than what is known does not count.
func (t *Router) Learn(shard string, p Place) {
	if t.places == nil {
		t.places = map[string]Place{}
	}
	if p.Epoch >= t.places[shard].Epoch {
		t.places[shard] = p
	}
}

// Moved takes note of what a group says that does not serve the shard. Where it does not know who does, the map has to be
// asked.
func (t *Router) Moved(shard string, r Result) {
	before := t.places[shard]
	delete(t.places, shard)
	if r.Group != "" && r.Epoch+1 > before.Epoch {
		t.Learn(shard, Place{r.Group, r.Epoch + 1})
	}
}
