// Files: what is torn is cut off, what is damaged stops the node, and nothing that was kept is lost.

package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
)

func someWrites() []write {
	var writes []write
	for n := range 5 {
		b := paxos.Ballot(n + 1)
		r := record{paxos.AcceptorState{Promised: b, AcceptedBallot: b, AcceptedState: "7"}, "p1/1/1", "p1/1/2"}
		writes = append(writes, write{key: n % 2, record: r}, write{key: reservation, ballot: b})
	}
	return writes
}

func TestAFileComesBackAsItWas(t *testing.T) {
	f := newFile(0)
	writes := someWrites()
	f.keep(writes, len(writes))
	before := f.memory
	require.True(t, f.restart())
	require.Equal(t, before, f.memory)
}

func TestATornTailIsCutOff(t *testing.T) {
	writes := someWrites()
	for seed := range uint64(200) {
		f := newFile(0)
		f.keep(writes, len(writes))
		before, size := f.memory, len(f.data)
		f.tear(write{key: 0, record: record{state: paxos.AcceptorState{Promised: 99, AcceptedState: "0"}}}, rand.New(rand.NewPCG(seed, 0)))
		require.True(t, f.restart())
		require.Equal(t, before, f.memory)
		require.Len(t, f.data, size)
	}
}

// Whichever bit is flipped, the node does not start. With the bugs it does.
func TestADamagedFileIsRefused(t *testing.T) {
	writes := someWrites()
	for _, bug := range []paxos.Bugs{0, paxos.ChecksumIgnored, paxos.CorruptionTruncated} {
		f := newFile(bug)
		f.keep(writes, len(writes))
		whole := string(f.data)
		for i := range 8 * len(whole) {
			f.data = []byte(whole)
			f.data[i/8] ^= 1 << (i % 8)
			require.Equal(t, bug != 0, f.restart(), "bit %d", i)
		}
	}
}
