// What a replica has on its disk, and the records that change it.

package log

import "synod/impl/paxos"

// Ballot orders the leaders; each belongs to one replica. 0 is none.
type Ballot = paxos.Ballot

// Vote is what a replica has accepted in a slot.
type Vote struct {
	Slot   Slot
	Ballot Ballot
	Value  Batch
}

// Snapshot is the state after all slots up to Slot, which are chosen.
type Snapshot struct {
	Slot Slot
	Data string
}

// Record is one change of the disk. Of the fields those count that are not zero.
type Record struct {
	Promised Ballot    // the replica has promised it
	Vote     *Vote     // it takes the place of the vote in its slot
	Snapshot *Snapshot // of another replica: it takes the place of all slots up to its own
	Truncate Slot      // the votes up to this slot go
	// Readmitted says that the replica takes part again after it has lost its disk.
	Readmitted bool
	Clock      uint64 // the Lamport clock before the step: what a restart records comes after what this step consumed
}

// Disk is what the records amount to: in the specification disk[r]. The zero value is that of a new replica. A shell
// that writes a file of records reads it back by writing them to a Disk.
type Disk struct {
	Promised Ballot
	Accepted map[Slot]Vote
	Snapshot Snapshot
	Clock    uint64
	Lost     bool // it is in the place of another one, and the replica has not taken part since
}

// isEmpty reports whether nothing was written yet.
func (d *Disk) isEmpty() bool {
	return d.Promised == 0 && d.Clock == 0 && d.Snapshot.Slot == 0 && len(d.Accepted) == 0
}

// Write makes the change that a record is.
func (d *Disk) Write(r Record) {
	d.Promised = max(d.Promised, r.Promised)
	d.Clock = max(d.Clock, r.Clock)
	d.Lost = d.Lost && !r.Readmitted
	if r.Vote != nil {
		if d.Accepted == nil {
			d.Accepted = map[Slot]Vote{}
		}
		d.Accepted[r.Vote.Slot] = *r.Vote
	}
	if r.Snapshot != nil {
		d.Snapshot = *r.Snapshot
	}
	for slot := range d.Accepted {
		if slot <= r.Truncate {
			delete(d.Accepted, slot)
		}
	}
}

// Save puts a snapshot that the replica took itself in the place of the one before.
func (d *Disk) Save(s Snapshot) {
	if s.Slot > d.Snapshot.Slot {
		d.Snapshot = s
	}
}
