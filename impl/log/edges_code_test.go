// The core in a state of the specification: what it can do there, and where that leads.

package log

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"synod/conformance/tla"
	"synod/impl/paxos"
	"synod/tools/edges"
)

// cluster is the cores of a model.
type cluster struct {
	spec    string   // the module's file; "" is that of MCLog
	gather  []string // definitions there that only gather actions
	ids     []string
	batches []Batch  // what clients ask for at once
	ballots Ballot   // no replica wants to lead under a larger one
	slots   Slot     // no leader proposes in a later one
	never   []string // actions that the model leaves out
	long    bool     // the model takes minutes
	bugs    Bugs

	term              time.Duration // of leases; 0 is none
	leased, proposing []Ballot      // under which leaders ask for leases, and propose what nobody has before
	prepareSize       int           // of a quorum that promises; 0 is 2
}

func (c *cluster) config(id string) Config {
	return Config{
		ID: id, Replicas: c.ids, Scheme: paxos.Pair{ID: uint32(slices.Index(c.ids, id) + 1), Stride: uint32(len(c.ids))},
		PrepareSize: cmp.Or(c.prepareSize, 2), AcceptSize: 2, Window: 100, BatchSize: 2, ElectionTicks: 1, HeartbeatTicks: 1, Patience: 1,
		LeaseTerm: c.term, Timed: c.term > 0, Traced: true, Run: 1, Bugs: c.bugs,
	}
}

// code is a message as a replica receives it.
func (c *cluster) code(m messageView, to string) Message {
	out := Message{From: m.Replica, To: to}
	for k := KindPrepare; k <= KindSnapshot; k++ {
		if k.String() == m.Type {
			out.Kind = k
		}
	}
	if m.Ballot != nil {
		out.Ballot = *m.Ballot
		if out.From == "" {
			out.From = c.owner(out.Ballot)
		}
	}
	for _, slot := range []*Slot{m.First, m.Snapshot, m.Slot} {
		if slot != nil {
			out.Slot = *slot
		}
	}
	if m.Value != nil {
		out.Value = m.Value.code()
	}
	if m.Accepted != nil {
		votes := votesOf(*m.Accepted)
		for _, slot := range sortedSlots(votes) {
			out.Votes = append(out.Votes, votes[slot])
		}
	}
	if m.Machine != nil {
		out.Data = snapshotView{*m.Slot, *m.Machine}.code().Data
	}
	return out
}

// replica is a core that is in the state of v and has heard no answer but its own promise.
func (c *cluster) replica(v view, id string) *replica {
	config := c.config(id)
	r := &replica{
		Config: config, state: v.Machine[id].code(), promised: v.Promised[id], accepted: votesOf(v.Accepted[id]),
		taken: v.Snapshot[id].code(), saved: v.Disk[id].Snapshot.Slot, learned: entriesOf(v.Learned[id]),
		applied: v.Applied[id], role: v.Role[id], next: v.Next[id], first: v.firstSlot(id), patience: 1,
	}
	if v.Lost[id] {
		r.lost, r.bounds = true, map[string]Message{}
	}
	r.Folder = v.Losses[id]
	switch r.role {
	case Candidate:
		r.promises = map[string]Message{}
		for _, m := range v.Messages.Elements {
			if m.Type == "promise" && *m.Ballot == r.promised && m.Replica == id {
				r.promises[id] = c.code(m, id)
			}
		}
	case Leader:
		r.inherited, r.proposed, r.waiting = entriesOf(v.Inherited[id]), map[Slot]*proposal{}, map[request]bool{}
		for _, m := range v.Messages.Elements {
			if m.Type != "accept" || *m.Ballot != r.promised {
				continue
			}
			if *m.Slot > r.applied {
				r.proposed[*m.Slot] = &proposal{message: c.code(m, id), accepted: map[string]Message{}}
			}
		}
		r.settled = v.settledSlot(id, r.first)
		v.inquiries(r)
	}
	v.leases(r)
	return r
}

// steps are all that the cores can do, whatever their inputs are.
func (c *cluster) steps(v view) []edges.Step[view] {
	var all []edges.Step[view]
	for _, id := range c.ids {
		for _, input := range c.inputs(v, id) {
			all = append(all, c.taken(v, id, input)...)
		}
		starts := []edges.Step[view]{c.restart(v, id)}
		if v.Lost != nil {
			starts = append(starts, c.lose(v, id))
		}
		for _, s := range starts {
			if s.After.lossView = v.lossView.after(&s, id, nil); !c.beyond(v, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// beyond reports whether a step out of a state is out of the model's bounds.
func (c *cluster) beyond(v view, s edges.Step[view]) bool {
	if v.Lost != nil && beyondLosses(v, s) || v.Now != nil && c.beyondLeases(v, s) {
		return true
	}
	switch s.Action {
	case "Prepare":
		return slices.Max(slices.Collect(maps.Values(s.After.Promised))) > c.ballots
	case "Propose":
		return slices.Max(slices.Collect(maps.Values(s.After.Next))) > c.slots+1
	case "Inquire":
		return s.Args["n"] > "1" || slices.Contains(c.never, s.Action)
	}
	return slices.Contains(c.never, s.Action)
}

// inputs are all that can happen to a replica: messages that were sent, answers in every order, the time, clients, the
// disk, and others that have fallen behind.
func (c *cluster) inputs(v view, id string) []func(*Replica) Effects {
	var all []func(*Replica) Effects
	add := func(input func(*Replica) Effects) { all = append(all, input) }
	var answers []Message
	for _, m := range v.Messages.Elements {
		if got := c.code(m, id); got.Kind == KindPromise || got.Kind == KindAccepted {
			answers = append(answers, got)
		} else {
			add(func(x *Replica) Effects { return x.Receive(got) })
		}
	}
	all = append(append(all, c.losing(v, id)...), c.leasing(v, id)...)
	for _, m := range v.asked(id) {
		add(func(x *Replica) Effects { return x.Receive(m) })
	}
	if v.Inquiries != nil {
		add(func(x *Replica) Effects { return x.Inquire(1) })
	}
	if v.Role[id] != Follower {
		hear(append(append(answers, v.confirmed(id)...), v.granted(id)...), add)
	}
	for refused := range c.ballots {
		add(func(x *Replica) Effects { x.core.refused = refused; return x.Tick(0) })
	}
	add(func(x *Replica) Effects { return x.Submit() })
	for _, b := range c.batches {
		add(func(x *Replica) Effects { return x.Submit(b...) })
	}
	for slot := Slot(1); slot <= c.slots; slot++ {
		add(func(x *Replica) Effects {
			return x.Receive(Message{Kind: KindNeed, From: c.ids[0], To: id, Slot: slot})
		})
		add(func(x *Replica) Effects { x.core.Keep = int(slot) - 1; x.core.truncate(); return x.core.effects() })
	}
	add(func(x *Replica) Effects { return x.Snapshot() })
	add(func(x *Replica) Effects { return x.SnapshotSaved(x.core.taken) })
	return all
}

// hear lets one answer arrive, after any choice of the others.
func hear(answers []Message, add func(func(*Replica) Effects)) {
	for i, last := range answers {
		var others []Message
		for j, m := range answers {
			if j != i && m.Kind == last.Kind && m.Sent == last.Sent && (m.Slot == last.Slot || m.Kind == KindPromise) {
				others = append(others, m)
			}
		}
		for chosen := range 1 << len(others) {
			add(func(x *Replica) Effects {
				for j, m := range others {
					if chosen>>j&1 == 1 {
						x.core.counts(m)
					}
				}
				return x.Receive(last)
			})
		}
	}
}

// counts counts an answer, whatever it answers.
func (r *replica) counts(m Message) {
	switch m.Kind {
	case KindPromise:
		r.promisedBy(m)
	case KindAccepted:
		r.acceptedBy(m)
	case KindConfirmed:
		r.confirmedBy(m)
	case KindGrantLease:
		r.grantedBy(m)
	}
}

// taken are the steps that an input leads to, one after the other, as far as the model reaches.
func (c *cluster) taken(v view, id string, input func(*Replica) Effects) (steps []edges.Step[view]) {
	r := c.replica(v, id)
	var events []string
	r.watch = func() {
		steps = append(steps, c.shown(v, r, r.out))
		events = append(events, fmt.Sprintf("%s/%d/%d", id, r.Run, r.seq))
	}
	sent := input(&Replica{r}).Send
	if len(steps) > 0 && steps[0].Action == "Prepare" {
		sent = append(sent, r.promises[id])
	}
	messages, reads, losses, grants := slices.Clone(v.Messages.Elements), v.readView, v.lossView, v.leaseView
	for i := range steps {
		s := &steps[i]
		before := v
		if i > 0 {
			before = steps[i-1].After
		}
		if c.beyond(before, *s) {
			return steps[:i]
		}
		var own []Message
		for _, m := range sent {
			if m.Event != events[i] {
				continue
			}
			own = append(own, m)
			if shown, known := showMessage(m); known {
				messages = with(messages, shown)
			}
		}
		s.After.Messages.Elements = slices.Clone(messages)
		reads, losses = reads.after(s, id, own), losses.after(s, id, own)
		s.After.readView, s.After.lossView = reads, losses
		grants.Grants = grants.asking(own)
		s.After.Grants = grants.Grants
		if i > 0 {
			s.Before = &before
		}
	}
	return steps
}

// restart starts a replica with what is on its disk.
func (c *cluster) restart(v view, id string) edges.Step[view] {
	config := c.config(id)
	config.Run = 2
	d := v.Disk[id]
	x, effects, err := New(config, &register{}, Disk{
		Promised: d.Promised, Accepted: votesOf(d.Accepted), Snapshot: d.Snapshot.code(), Lost: v.Lost[id],
	})
	if err != nil {
		panic(err)
	}
	return c.shown(v, x.core, effects)
}

// shown is the step that a replica has just taken, without what it sent.
func (c *cluster) shown(v view, r *replica, out Effects) edges.Step[view] {
	last := out.Steps[len(out.Steps)-1]
	s := edges.Step[view]{Action: last.Action, Args: map[string]string{}, After: v.copied()}
	for _, f := range last.Args {
		s.Args[f.Name] = f.JSON
	}
	id, after := r.ID, s.After
	disk := Disk{
		Promised: v.Disk[id].Promised, Accepted: votesOf(v.Disk[id].Accepted), Snapshot: v.Disk[id].Snapshot.code(),
	}
	if s.Action == "Lose" {
		disk = Disk{}
	}
	for _, record := range out.Persist {
		disk.Write(record)
	}
	if out.Steps[0].Action == "SaveSnapshot" {
		disk.Save(r.taken)
	}
	if s.Action == "Restart" {
		disk.Write(Record{Truncate: disk.Snapshot.Slot}) // what a snapshot covers is never read again
	}
	after.Promised[id], after.Accepted[id], after.Snapshot[id] = r.promised, showVotes(r.accepted), showSnapshot(r.taken)
	after.Disk[id] = diskView{disk.Promised, showVotes(disk.Accepted), showSnapshot(disk.Snapshot)}
	after.Learned[id], after.Applied[id], after.Machine[id] = showEntries(r.learned), r.applied, showMachine(&r.state)
	after.Role[id], after.Next[id], after.Inherited[id] = r.role, r.next, showEntries(r.inherited)
	if v.Lost != nil {
		after.Lost[id] = r.lost
	}
	s.After.leaseView = v.leaseShown(s.Action, r)
	for _, entry := range out.Applied {
		s.After.Executed.Elements = with(s.After.Executed.Elements, entryView{entry.Slot, showBatch(entry.Value)})
	}
	for _, a := range out.Answers {
		if !a.Unknown {
			s.After.Answered.Elements = with(s.After.Answered.Elements, answerView{showCommand(a.Command), json.Number(a.Result)})
		}
	}
	return s
}

// copied is a view that can be changed without changing v.
func (v view) copied() view {
	v.Promised, v.Accepted, v.Snapshot, v.Disk = maps.Clone(v.Promised), maps.Clone(v.Accepted), maps.Clone(v.Snapshot), maps.Clone(v.Disk)
	v.Learned, v.Applied, v.Machine = maps.Clone(v.Learned), maps.Clone(v.Applied), maps.Clone(v.Machine)
	v.Lost = maps.Clone(v.Lost)
	v.Role, v.Next, v.Inherited = maps.Clone(v.Role), maps.Clone(v.Next), maps.Clone(v.Inherited)
	v.Messages.Elements = slices.Clone(v.Messages.Elements)
	v.Executed.Elements, v.Answered.Elements = slices.Clone(v.Executed.Elements), slices.Clone(v.Answered.Elements)
	return v
}

// with is a set with one more element, if it is not there.
func with[T any](set []T, x T) []T {
	if slices.ContainsFunc(set, func(y T) bool { return reflect.DeepEqual(x, y) }) {
		return set
	}
	return append(set, x)
}

// refuses tells why the code does not take a step that the specification allows.
func (c *cluster) refuses(v view, s tla.Successor) string {
	id, _ := s.Args[0].AsStr()
	slot := func(i int) Slot { return Slot(s.Args[i].Num()) }
	applies := holds(v.Learned[id], v.Applied[id]+1)
	inherits := holds(v.Inherited[id], v.Next[id])
	if v.Now != nil {
		if reason := c.refusesLease(v, id, s); reason != "" {
			return reason
		}
	}
	switch s.Action {
	case "Prepare":
		if v.Role[id] == Leader {
			return "who leads does not ask to lead"
		}
	case "Apply":
		if v.Role[id] == Candidate && c.quorum("Lead") == 1 {
			return "a candidate that has a quorum leads before all else"
		}
	case "Lead", "Learn":
		if quorum := s.Args[len(s.Args)-1]; quorum.Len() > c.quorum(s.Action) {
			return s.Action + " waits for no more replicas than a quorum needs"
		} else if own, _ := quorum.Contains(s.Args[0]); s.Action == "Lead" && !own {
			return "a candidate counts its own promise"
		}
	case "Propose":
		switch batch := s.Args[2].Values(); {
		case applies:
			return "Propose comes after all is applied that can be"
		case len(batch) == 0 && !inherits:
			return "an empty batch only fills holes"
		case !inherits && c.performed(v, id, batch):
			return "a command that was performed is not proposed again"
		}
	case "Heartbeat", "Inquire", "ReadConfirmed":
		if applies || inherits {
			return s.Action + " comes after all is applied and proposed that can be"
		}
		if s.Action != "Heartbeat" {
			return c.refusesRead(v, id, s)
		}
	case "RefuseAccept":
		if vote := votesOf(v.Accepted[id])[slot(2)]; vote.Ballot == Ballot(s.Args[1].Num()) {
			return "what is accepted already is not refused"
		}
	case "Follow":
		if !c.follows(v, id, Ballot(s.Args[1].Num()), slot(2)) {
			return "Follow learns something"
		}
	case "Hear":
		if holds(v.Learned[id], slot(1)) {
			return "Hear learns something"
		}
	case "Tell":
		if slot(1) > v.Applied[id] {
			return "Tell speaks of what is applied"
		}
	case "TakeSnapshot":
		if v.Snapshot[id].Slot > v.Disk[id].Snapshot.Slot {
			return "no snapshot is taken while one is being saved"
		}
	case "Truncate":
		if slot(1) == 0 {
			return "Truncate forgets something"
		}
	case "SendSnapshot":
		if !c.forgotten(v, id) {
			return "a snapshot is sent in the place of slots that are forgotten"
		}
	}
	return ""
}

// quorum is how many replicas an action needs.
func (c *cluster) quorum(action string) int {
	if action == "Lead" {
		return c.config(c.ids[0]).PrepareSize
	}
	return c.config(c.ids[0]).AcceptSize
}

// performed reports whether a replica has performed one of the commands of a batch.
func (c *cluster) performed(v view, id string, batch []tla.Value) bool {
	m := v.Machine[id].code()
	return slices.ContainsFunc(batch, func(command tla.Value) bool {
		client, _ := command.Field("client")
		name, _ := client.AsStr()
		number, _ := command.Field("number")
		return m.sessions[name].Number >= uint64(number.Num())
	})
}

// follows reports whether a replica learns something from the leader of ballot b, which has applied all up to k.
func (c *cluster) follows(v view, id string, b Ballot, k Slot) bool {
	return slices.ContainsFunc(v.Accepted[id].Elements, func(x voteView) bool {
		return x.Slot > v.Applied[id] && x.Slot <= k && x.Ballot == b && !holds(v.Learned[id], x.Slot)
	})
}

// forgotten reports whether a slot of a replica's snapshot is not among what it has learned.
func (c *cluster) forgotten(v view, id string) bool {
	for slot := Slot(1); slot <= v.Snapshot[id].Slot; slot++ {
		if !holds(v.Learned[id], slot) {
			return true
		}
	}
	return false
}

func holds(entries setOf[entryView], slot Slot) bool {
	return slices.ContainsFunc(entries.Elements, func(x entryView) bool { return x.Slot == slot })
}
