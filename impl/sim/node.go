// Nodes: the shell around a core, one effect after the other, with a place to crash between any two.

package sim

import (
	"synod/impl/paxos"
)

// node is an acceptor or a proposer. Its turn takes all that waits through persist, record and send; what arrives
// meanwhile waits for the next turn.
type node struct {
	w        *world
	index    int
	name     string
	acceptor *acceptor // one of the two
	proposer *proposer
	journal  journal
	disk     *log

	up     bool
	life   uint32 // counts starts; what an earlier life planned does not happen
	paused int
	armed  *Fault // the crash that comes at its point

	badSync *Fault // the next sync fails

	// What waits for a turn.
	inbox []packet
	asked []int // operations
	due   []due // timers

	// The turn under way.
	busy     bool
	syncDone bool // the sync has ended while the node was paused
	replied  bool // bug ReplyBeforeSync: the turn's effects are done
	writes   []write
	sync     bool // the writes must be durable before the answers leave
	sends    []packet
	told     []paxos.AcceptorState // by sends: what an acceptor's answer rests on
	results  []outcome
}

// due is a timer that has run out.
type due struct {
	key   int
	alarm uint64
}

func newNode(w *world, index int, disk func(node string) Disk) *node {
	n := &node{w: w, index: index}
	if index < w.Acceptors {
		n.name = w.acceptorNames()[index]
		n.acceptor = newAcceptor(n)
	} else {
		n.name = proposerName(index - w.Acceptors)
		n.proposer = newProposer(n, index-w.Acceptors)
	}
	n.disk = &log{Disk: disk(n.name)}
	n.start()
	return n
}

// start begins a run with what is on disk.
func (n *node) start() {
	n.up = true
	n.journal.begin(n.name)
	if n.acceptor != nil {
		n.acceptor.start()
	} else {
		n.proposer.start()
	}
}

// receive takes a message from the network, unless the node is down: then it is lost.
func (n *node) receive(p packet) {
	if n.up {
		n.inbox = append(n.inbox, p)
		n.turn()
	}
}

// turn begins a turn if something waits and none is under way.
func (n *node) turn() {
	for n.up && n.paused == 0 && !n.busy && len(n.inbox)+len(n.asked)+len(n.due) > 0 {
		n.busy = true
		if n.acceptor != nil {
			n.acceptor.turn()
		} else {
			n.proposer.turn()
		}
		n.inbox, n.asked, n.due = n.inbox[:0], n.asked[:0], n.due[:0]
		n.persist()
	}
}

// persist writes, and goes on at once where nothing needs a sync.
func (n *node) persist() {
	if len(n.writes) > 0 {
		if n.crashes(BeforeWrite) {
			return
		}
		for _, x := range n.writes {
			n.disk.write(x)
		}
	}
	if !n.sync {
		n.finish()
		return
	}
	n.w.draw(n.index, n.index)
	n.w.queue.push(event{
		at: n.w.now + n.w.upTo(n.w.SyncTime), kind: evSynced, node: int32(n.index), life: n.life,
	})
	if n.w.bugs.Has(paxos.ReplyBeforeSync) {
		n.finish()
		n.replied = n.up
		n.busy = n.up
	}
}

// synced goes on when the disk has synced. A paused process learns of it later.
func (n *node) synced() {
	if n.paused > 0 {
		n.syncDone = true
		return
	}
	if n.crashes(BeforeSync) {
		return
	}
	if f := n.badSync; f != nil && n.sync {
		n.badSync = nil
		if !n.w.bugs.Has(paxos.SyncErrorRetried) {
			n.stop(f.Length, true, false)
			return
		}
		n.disk.lose() // the second sync finds nothing left to write, and succeeds
	} else {
		n.disk.sync()
	}
	if n.replied {
		n.replied, n.busy = false, false
	} else {
		n.finish()
	}
	n.turn()
}

// resume goes on after a pause.
func (n *node) resume() {
	if !n.up || n.paused > 0 {
		return
	}
	if n.syncDone {
		n.syncDone = false
		n.synced()
	}
	n.turn()
}

// finish records and sends, and ends the turn.
func (n *node) finish() {
	w := n.w
	if len(n.journal.pending) > 0 {
		if n.crashes(BeforeRecord) {
			return
		}
		for _, e := range n.journal.record() {
			w.monitor.step(n, &e)
			if w.watch != nil {
				w.watch(e.key, &e.step)
			}
		}
	}
	if len(n.sends)+len(n.results) > 0 && n.crashes(BeforeSend) {
		return
	}
	for i, p := range n.sends {
		if i == 1 && n.crashes(BetweenSends) {
			return
		}
		if n.acceptor != nil {
			w.monitor.tells(n, p.key, n.told[i])
		}
		w.send(p)
	}
	for _, r := range n.results {
		w.answers[r.operation].settle(w.now, r)
	}
	if len(n.sends)+len(n.results) > 0 && n.crashes(AfterSend) {
		return
	}
	n.endTurn()
}

func (n *node) endTurn() {
	n.busy, n.sync, n.replied, n.syncDone = false, false, false, false
	n.writes, n.sends, n.told, n.results = n.writes[:0], n.sends[:0], n.told[:0], n.results[:0]
}

// crashes stops the node if that is planned for this point.
func (n *node) crashes(p Point) bool {
	if n.armed == nil || n.armed.Before != p {
		return false
	}
	f := n.armed
	n.armed = nil
	n.stop(f.Length, f.Power, f.Rots)
	return true
}

// stop ends the node's run; the next one begins after the length given. What it held in memory is gone, and its clients
// do not know what became of their changes. With loss, what was not synced may be gone too; where the disk rots, it may
// be damaged, and then the node never starts again.
func (n *node) stop(length Time, loss, rots bool) {
	n.up = false
	n.life++
	n.inbox, n.asked, n.due = n.inbox[:0], n.asked[:0], n.due[:0]
	n.journal.pending = n.journal.pending[:0]
	n.endTurn()
	n.w.draw(n.index, n.index)
	starts := n.disk.crash(loss, rots, n.w.random)
	if n.proposer != nil {
		for i := range n.w.answers {
			a := &n.w.answers[i]
			if a.waits && a.Operation.Proposer == n.proposer.number {
				a.end(n.w.now, paxos.Unknown)
			}
		}
	}
	if starts {
		n.w.queue.push(event{at: n.w.now + length, kind: evRestart, node: int32(n.index)})
	}
}
