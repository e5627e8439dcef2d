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

// disk is a log of which a prefix is durable, and what that prefix says. Writes reach it in their order.
type disk struct {
	records  map[int]record
	reserved paxos.Ballot
	unsynced []write
}

func newDisk() *disk { return &disk{records: map[int]record{}} }

func (d *disk) write(w write) { d.unsynced = append(d.unsynced, w) }

func (d *disk) sync() { d.keep(len(d.unsynced)) }

// crash leaves what is durable. If only the process was killed, the operating system writes the rest too. If the power
// failed, it may have written some of it.
func (d *disk) crash(power bool, random *rand.Rand) {
	n := len(d.unsynced)
	if power && n > 0 {
		n = random.IntN(n + 1)
	}
	d.keep(n)
}

// keep makes the first n unsynced writes durable and forgets the others.
func (d *disk) keep(n int) {
	for _, w := range d.unsynced[:n] {
		if w.key == reservation {
			d.reserved = w.ballot
		} else {
			d.records[w.key] = w.record
		}
	}
	d.unsynced = d.unsynced[:0]
}
