// Disks: what was written, what of it is durable, and what a crash leaves.

package sim

import (
	"math/rand/v2"

	"synod/impl/paxos"
)

// record is what an acceptor keeps of a register, as in the real store: with the state go the ids of the steps that
// sent the prepare and the accept it came from.
type record struct {
	state      paxos.AcceptorState
	promisedBy string
	acceptedBy string
}

// write is one entry of the disk's log: a register's record, or a proposer's reservation where key is reservation.
type write struct {
	key    int
	record record
	ballot paxos.Ballot
}

const reservation = -1

// Disk is what a node writes to. Writes reach it in their order, and become durable in that order.
type Disk interface {
	// keep makes the first n of the writes durable and forgets the others.
	keep(writes []write, n int)
	// restart is called when the node has crashed, after keep. It reports false where the node must not start again.
	restart() bool
	// load finds what is durable of a register.
	load(key int) (record, bool)
	// reserved gives the reservation that is durable.
	reserved() paxos.Ballot
}

// log is a Disk with what was written to it and is not durable yet.
type log struct {
	Disk
	unsynced []write
}

func (l *log) write(w write) { l.unsynced = append(l.unsynced, w) }

func (l *log) sync() {
	l.keep(l.unsynced, len(l.unsynced))
	l.unsynced = l.unsynced[:0]
}

// lose forgets what was not synced, as an operating system does whose write to the disk has failed: the pages count as
// clean from then on.
func (l *log) lose() { l.unsynced = l.unsynced[:0] }

// crash leaves what is durable. If only the process was killed, the operating system writes the rest too. If the power
// failed, it may have written some of it.
// The report is that of restart.
func (l *log) crash(power, rots bool, random *rand.Rand) bool {
	n := len(l.unsynced)
	if power && n > 0 {
		n = random.IntN(n + 1)
	}
	l.keep(l.unsynced, n)
	if f, bytes := l.Disk.(*file); bytes {
		if n < len(l.unsynced) {
			f.tear(l.unsynced[n], random)
		}
		if rots {
			f.rot(random)
		}
	}
	l.unsynced = l.unsynced[:0]
	return l.restart()
}

// memory is the simulator's own Disk.
type memory struct {
	records map[int]record
	ballot  paxos.Ballot
}

// NewMemory gives an empty disk.
func NewMemory() Disk { return &memory{records: map[int]record{}} }

func (d *memory) keep(writes []write, n int) {
	for _, w := range writes[:n] {
		if w.key == reservation {
			d.ballot = w.ballot
		} else {
			d.records[w.key] = w.record
		}
	}
}

func (d *memory) restart() bool { return true }

func (d *memory) load(key int) (record, bool) {
	r, found := d.records[key]
	return r, found
}

func (d *memory) reserved() paxos.Ballot { return d.ballot }
