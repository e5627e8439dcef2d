// Snapshots: how a replica forgets what it has applied, continues from what another has, and starts again.

package log

// TakeSnapshot takes down the machine, to be saved when there is time.
func (r *replica) TakeSnapshot() {
	r.taken = Snapshot{r.applied, r.snapshot(r.Bugs)}
	if r.Bugs.Has(SnapshotOffByOne) {
		r.taken.Slot++
	}
	s := r.taken
	r.out.Save = &s
	r.step("TakeSnapshot", args("r", r.me()), r.vars("snapshot"))
	if r.Bugs.Has(TruncateBeforeSaved) {
		r.Truncate(s.Slot)
	}
}

// SaveSnapshot knows that the snapshot is on disk.
func (r *replica) SaveSnapshot() {
	r.saved = r.taken.Slot
	r.step("SaveSnapshot", args("r", r.me()), r.vars("saved"))
}

// truncate forgets what is in the snapshot on disk, but for the slots that are kept for those who are a little late.
func (r *replica) truncate() {
	if int(r.saved) > r.Keep {
		r.Truncate(r.saved - Slot(r.Keep))
	}
}

// Truncate forgets the slots up to k, which are in the snapshot on disk.
func (r *replica) Truncate(k Slot) {
	r.forget(k)
	r.persist(Record{Truncate: k})
	r.step("Truncate", args("r", r.me(), "k", number(k)), nil)
}

func (r *replica) forget(k Slot) {
	for slot := range r.accepted {
		if slot <= k {
			delete(r.accepted, slot)
		}
	}
	for slot := range r.learned {
		if slot <= k {
			delete(r.learned, slot)
		}
	}
	for slot := range r.proposed {
		if slot <= k {
			delete(r.proposed, slot)
		}
	}
}

// SendSnapshot sends the last snapshot to one who needs slots that are forgotten.
func (r *replica) SendSnapshot(to string) {
	m := Message{Kind: KindSnapshot, Slot: r.taken.Slot, Data: r.taken.Data}
	r.sign(&m, r.step("SendSnapshot", args("r", r.me(), "k", number(m.Slot)), nil))
	r.send(m, to)
}

// offered hears of a snapshot, and continues from it if that is further than it has come. A snapshot that is damaged
// is as good as lost.
func (r *replica) offered(m Message) {
	if m.Slot <= r.applied {
		return
	}
	before := r.snapshot(0)
	if r.restore(m.Data) != nil {
		if err := r.restore(before); err != nil {
			panic("log: a machine does not restore its own snapshot: " + err.Error())
		}
		return
	}
	r.InstallSnapshot(m)
}

// InstallSnapshot continues from another replica's snapshot. What was promised stays promised. A leader may need it for
// the slots before those that it has proposed for. If there is more in it, another leads.
func (r *replica) InstallSnapshot(m Message) {
	r.taken, r.saved, r.applied = Snapshot{m.Slot, m.Data}, m.Slot, m.Slot
	r.forget(m.Slot)
	s := r.taken
	r.persist(Record{Snapshot: &s, Truncate: m.Slot})
	if r.Bugs.Has(SnapshotLowersPromise) {
		r.promised = 0
	}
	r.step("InstallSnapshot", args("r", r.me(), "k", number(m.Slot)), r.vars("promised", "applied", "machine"), m)
	if r.role != Follower && m.Slot >= r.next {
		r.follow()
	}
}

// Restart begins again with what is on the disk. It does not know what it has granted, and is bound for a term.
func (r *replica) Restart() {
	if r.LeaseTerm > 0 && !r.Bugs.Has(ForgottenOverRestart) {
		r.bind()
	}
	r.step("Restart", args("r", r.me(), "b", number(r.promised)), r.vars("promised", "accepted", "applied", "machine"))
}
