// Long traces of a log, for measuring the checker.

package synthetic

import (
	"synod/impl/log/sim"
	"synod/trace"
)

// Faults come in bouts: of so many things that happen, the first few may be the loss of a message, a cut or a crash. A cluster
// has some forty crashes in a million events then. A snapshot is taken after so many slots, so that what
// replicas hold at a time is a thousandth of a long log, and not nothing.
const (
	boutEvery, bout = 50_000, 100
	snapshotEvery   = 1_000
)

// Log records at least n events of three simulated replicas, as the files that they write. With leases clients read from the
// leader, and where it holds none it asks a quorum whether it still leads.
func Log(n int, leases bool, seed uint64) []*trace.File {
	s := sim.Start(sim.Options{Seed: seed, Leases: leases, Inquiries: leases, Snapshots: snapshotEvery, Brisk: 4})
	for i := 0; s.Events() < n; i++ {
		s.Happen(i%boutEvery < bout)
	}
	return s.End().Files
}
