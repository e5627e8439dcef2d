// The replica: its inputs, and what it has in memory.

package log

import (
	"errors"
	"slices"
	"time"

	"synod/impl/paxos"
)

// Config says who a replica is and how it goes about its work. Times are counted in ticks, whose length the caller
// chooses.
type Config struct {
	ID       string
	Replicas []string     // all of them, itself included
	Scheme   paxos.Scheme // its ballots

	PrepareSize, AcceptSize int // of the quorums; 0 is a majority. Their sum exceeds the number of replicas
	Window                  int // slots that a leader has under way at most
	BatchSize               int // commands in a slot at most
	SnapshotEvery           int // slots from one snapshot to the next; 0 is never
	Keep                    int // slots that are kept behind a snapshot, for those who are a little late
	ElectionTicks           int // without a leader's word before a replica wants to lead; up to twice as many
	HeartbeatTicks          int // from one word of the leader to the next
	Patience                int // ticks of the first silence that it bears; 0 is ElectionTicks

	Folder uint64 // a number that no other disk of this replica had: others are told it when the disk before was lost

	LeaseTerm  time.Duration // for how long replicas grant a leader to read from its own copy; 0 is not at all
	ClockError time.Duration // what two replicas' clocks may differ by, over a term
	Now        time.Duration // what the clock shows at the start

	Traced bool   // Effects.Steps are wanted
	Timed  bool   // those of leases too: the trace is one of LeaseSpecPath
	Looks  bool   // with Timed: what the replica's own clock shows is among the steps; else somebody records all clocks
	Run    uint64 // counts the starts of this replica, from 1; above 1 the first step is its restart
	Clock  uint64 // the Lamport clock of the last step before

	Bugs Bugs
}

// Check completes a configuration, or says what is wrong with it.
func (c *Config) Check() error {
	n := len(c.Replicas)
	for _, size := range []*int{&c.PrepareSize, &c.AcceptSize} {
		if *size == 0 {
			*size = n/2 + 1
		}
	}
	if c.Patience == 0 {
		c.Patience = c.ElectionTicks
	}
	switch {
	case !slices.Contains(c.Replicas, c.ID):
		return errors.New("log: the replica is not one of the replicas")
	case c.Scheme == nil:
		return errors.New("log: the replica has no ballots")
	case c.PrepareSize < 1 || c.AcceptSize < 1 || c.PrepareSize > n || c.AcceptSize > n || c.PrepareSize+c.AcceptSize <= n:
		return errors.New("log: the quorums of the two phases need not meet")
	case c.Window < 1 || c.BatchSize < 1 || c.ElectionTicks < 1 || c.HeartbeatTicks < 1:
		return errors.New("log: window, batch size and ticks are at least 1")
	case c.LeaseTerm < 0 || c.ClockError < 0 || c.LeaseTerm > 0 && c.LeaseTerm <= 2*c.ClockError:
		return errors.New("log: a lease is longer than twice the error of the clocks")
	case c.SnapshotEvery < 0 || c.Keep < 0 || c.Patience < 0 || c.Run < 1:
		return errors.New("log: a number in the configuration is too small")
	}
	return nil
}

// Role is what a replica is to the others.
type Role string

// The roles of the specification.
const (
	Follower  Role = "follower"
	Candidate Role = "candidate"
	Leader    Role = "leader"
	Lost      Role = "lost" // it has lost its disk, and takes no part
)

// Replica is one copy of the machine with its share in the protocol. It is not safe for concurrent use.
type Replica struct{ core *replica }

// replica has the specification's actions as its methods. Each appends to out what it leads to.
type replica struct {
	Config
	state
	lease
	loss
	out Effects

	// The acceptor.
	promised Ballot
	accepted map[Slot]Vote
	taken    Snapshot // the last snapshot, in memory
	saved    Slot     // the last slot of the snapshot on disk

	// The learner.
	learned map[Slot]Batch
	applied Slot

	// The candidate and leader. Under a ballot the leader has what it proposed and is not applied yet.
	role      Role
	next      Slot
	first     Slot // the first that it proposed for; those before are chosen
	inherited map[Slot]Batch
	promises  map[string]Message
	proposed  map[Slot]*proposal

	queue   []Command
	waiting map[request]bool

	// Reads: those that wait, the inquiry under way, and how many there were.
	readers   []uint64
	inquiry   *inquiry
	inquiries uint64

	// Time and others: ticks without a leader's word, how many are too many, ticks since the leader's own word, the
	// largest ballot that somebody refused it for, who leads as far as is known, whether it has asked this tick for
	// what it lacks.
	silence, patience, quiet int
	refused                  Ballot
	leader                   string
	asked                    bool

	beat  Message // the last heartbeat: repeated while nothing is new in it
	seq   uint64
	watch func() // if it is not nil it sees the replica after each step, before the step's messages are among the effects
}

type proposal struct {
	message  Message // the accept
	accepted map[string]Message
	learned  bool
}

type request struct {
	client string
	number uint64
}

// New makes a replica of a machine that is at its start, with what is on the disk. The effects are those of its
// restart. An error is a configuration that is wrong, or a *DamagedError.
func New(c Config, m Machine, d Disk) (*Replica, Effects, error) {
	if err := c.Check(); err != nil {
		return nil, Effects{}, err
	}
	r := &replica{
		Config: c, state: state{machine: m, sessions: map[string]session{}},
		promised: d.Promised, accepted: map[Slot]Vote{}, taken: d.Snapshot, saved: d.Snapshot.Slot,
		learned: map[Slot]Batch{}, applied: d.Snapshot.Slot, patience: c.Patience,
	}
	r.now = c.Now
	r.witness(d.Clock)
	for slot, v := range d.Accepted {
		if slot > d.Snapshot.Slot {
			r.accepted[slot] = v
		}
	}
	if d.Snapshot.Slot > 0 {
		if err := r.restore(d.Snapshot.Data); err != nil {
			return nil, Effects{}, err
		}
	}
	r.follow()
	if r.lost = d.Lost && !c.Bugs.Has(StartEmpty); r.lost {
		r.bounds = map[string]Message{}
	}
	switch {
	case d.Lost && d.isEmpty():
		r.Lose()
	case c.Run > 1:
		r.Restart()
	}
	return &Replica{r}, r.effects(), nil
}

// effects hands out what the actions since the last time have led to.
func (r *replica) effects() Effects {
	e := r.out
	r.out = Effects{}
	return e
}

// Receive takes a message that another replica, or this one, has sent.
func (x *Replica) Receive(m Message) Effects {
	r := x.core
	r.witness(m.Clock)
	if !r.lost || m.Kind.reachesLost() {
		r.receive(m)
	}
	r.settle()
	return r.effects()
}

func (r *replica) receive(m Message) {
	switch m.Kind {
	case KindPrepare:
		r.prepared(m)
	case KindPromise:
		r.promisedBy(m)
	case KindAccept:
		r.asksToAccept(m)
	case KindAccepted:
		r.acceptedBy(m)
	case KindHeartbeat:
		r.heartbeat(m)
	case KindChosen:
		r.told(m)
	case KindSnapshot:
		r.offered(m)
	case KindRefusedPrepare, KindRefusedAccept:
		r.refusedBy(m)
	case KindNeed:
		r.needed(m)
	case KindInquiry:
		r.inquired(m)
	case KindConfirmed:
		r.confirmedBy(m)
	case KindAskLease:
		r.asksForLease(m)
	case KindGrantLease:
		r.grantedBy(m)
	case KindRejoin:
		r.rejoins(m)
	case KindBound:
		r.boundedBy(m)
	case KindAdmit:
		r.admittedBy(m)
	}
}

// Tick lets a tick of time pass. jitter is a random number: it makes the patience of replicas differ, so that they
// do not all want to lead at the same time.
func (x *Replica) Tick(jitter uint) Effects {
	r := x.core
	r.asked = false
	if r.lost {
		r.tickLost()
	} else if r.role == Leader {
		r.remind()
		r.renewLease()
	} else if r.silence++; r.silence >= r.patience && !r.bound() {
		r.silence = 0
		r.patience = r.ElectionTicks + int(jitter%uint(r.ElectionTicks))
		r.Prepare()
	}
	r.settle()
	return r.effects()
}

// Submit asks for commands. Those that are given together share slots. A replica that does not lead says so at once.
func (x *Replica) Submit(commands ...Command) Effects {
	r := x.core
	for _, c := range commands {
		r.submit(c)
	}
	r.settle()
	return r.effects()
}

func (r *replica) submit(c Command) {
	done := r.sessions[c.Client]
	switch {
	case done.Number == c.Number && c.Number > 0:
		r.Answer(c)
	case r.role != Leader || done.Number > c.Number:
		r.out.Answers = append(r.out.Answers, Answer{Command: c, Unknown: true, Leader: r.leader})
	case !r.waiting[request{c.Client, c.Number}]:
		r.waiting[request{c.Client, c.Number}] = true
		r.queue = append(r.queue, c)
	}
}

// Resign leads no longer: the caller knows that this replica is not fit for it, because its disk does not answer, say.
// It does not want to lead before it has missed a leader's word for as long as any other. A follower stays one.
func (x *Replica) Resign() Effects {
	r := x.core
	r.silence = 0
	if r.role != Follower {
		if r.leader == r.ID {
			r.leader = ""
		}
		r.follow()
	}
	return r.effects()
}

// Snapshot takes a snapshot now, for a caller who knows better than SnapshotEvery when one is due. While one is not
// saved yet, or nothing is new, it does nothing.
func (x *Replica) Snapshot() Effects {
	r := x.core
	if r.taken.Slot <= r.saved && r.applied > r.taken.Slot {
		r.TakeSnapshot()
	}
	return r.effects()
}

// SnapshotSaved says that the snapshot that was to be saved is on disk. Only now are the slots in it forgotten.
func (x *Replica) SnapshotSaved(s Snapshot) Effects {
	r := x.core
	if s.Slot == r.taken.Slot && s.Slot > r.saved {
		r.SaveSnapshot()
		r.truncate()
	}
	return r.effects()
}

// Status is what a replica says of itself.
type Status struct {
	Role     Role
	Promised Ballot
	Applied  Slot
	Leader   string // as far as it knows
}

// Status tells how the replica is.
func (x *Replica) Status() Status {
	r := x.core
	role := r.role
	if r.lost {
		role = Lost
	}
	return Status{role, r.promised, r.applied, r.leader}
}

// settle does what has become possible: a candidate leads, a leader proposes, what is chosen is applied.
func (r *replica) settle() {
	for before := -1; before != len(r.out.Send)+len(r.out.Steps)+int(r.applied); {
		before = len(r.out.Send) + len(r.out.Steps) + int(r.applied)
		if r.role == Candidate && len(r.promises) >= r.PrepareSize {
			r.Lead()
			r.renewLease()
		}
		r.applyAll()
		if r.role == Leader {
			r.proposeMore()
			r.readMore()
			if r.beat.Slot != r.applied || r.beat.Ballot != r.promised {
				r.Heartbeat()
			}
		}
	}
	if r.SnapshotEvery > 0 && r.taken.Slot <= r.saved && r.applied >= r.taken.Slot+Slot(r.SnapshotEvery) {
		r.TakeSnapshot()
	}
}

// applyAll applies all that can be applied.
func (r *replica) applyAll() {
	for slot, ok := r.applicable(); ok; slot, ok = r.applicable() {
		r.Apply(slot)
	}
}

// applicable gives the slot that can be applied next, if there is one.
func (r *replica) applicable() (Slot, bool) {
	slot := r.applied + 1
	if r.Bugs.Has(ApplyPastGap) {
		for i := range r.learned {
			if _, ok := r.learned[slot]; i > r.applied && (!ok || i < slot) {
				slot = i
			}
		}
	}
	_, ok := r.learned[slot]
	return slot, ok
}

// follow leads no longer, and tells the clients who wait that it does not know what becomes of their commands. In the
// specification a leader that was refused goes on to lead, and does nothing any more: to stop is no step of its own.
func (r *replica) follow() {
	for _, q := range sortedRequests(r.waiting) {
		r.out.Answers = append(r.out.Answers, Answer{Command: Command{Client: q.client, Number: q.number}, Unknown: true, Leader: r.leader})
	}
	r.out.Unready = append(r.out.Unready, r.readers...)
	if r.inquiry != nil {
		r.out.Unready = append(r.out.Unready, r.inquiry.readers...)
	}
	r.readers, r.inquiry = nil, nil
	r.role, r.next, r.first = Follower, 0, 0
	r.inherited, r.promises, r.proposed = nil, nil, nil
	r.queue, r.waiting = nil, nil
}
