// Generating: a schedule out of a seed.

package sim

import (
	"math/rand/v2"

	"synod/impl/paxos"
	"synod/impl/register"
)

// Generate draws the schedule of a seed. Each seed has some kinds of faults only, and those in its own measure: with
// all of them at once hardly a round would come to its end, and most bugs need one that does.
func Generate(seed uint64) Schedule {
	g := generator{rand.New(rand.NewPCG(seed, 0x73796e6f64))}
	s := Schedule{
		Seed:      seed,
		Acceptors: pick(g, 3, 3, 3, 4, 5),
		Proposers: pick(g, 2, 2, 2, 1, 3),
		Scheme:    pick(g, "pair", "pair", "coprime"),
		SyncTime:  pick(g, Time(0), 2, 10, 20),
		Ahead:     pick(g, uint32(0), 20, 100),
		OneTrip:   pick(g, false, true, true),
		Calm:      2000,
		Network: Network{
			Delay:     pick(g, Time(3), 10, 10, 40),
			Loss:      pick(g, 0, 0, 50, 200, 350),
			Duplicate: pick(g, 0, 50, 300),
			Late:      pick(g, 0, 0, 30, 150),
			LateBy:    pick(g, Time(100), 300, 1500),
		},
	}
	g.operations(&s)
	g.faults(&s)
	g.disks(&s)
	return s
}

type generator struct{ *rand.Rand }

func pick[T any](g generator, from ...T) T { return from[g.IntN(len(from))] }

func (g generator) time(below Time) Time { return Time(g.Int64N(int64(below))) }

// operations come in bursts, so that proposers meet at a register.
func (g generator) operations(s *Schedule) {
	keys := pick(g, 1, 1, 2, 3)
	n := 8 + g.IntN(25)
	at := Time(0)
	gap := pick(g, Time(5), 40, 120)
	exhausted := g.IntN(12) == 0
	for i := range n {
		at += g.time(gap)
		if g.IntN(6) == 0 {
			at += g.time(300)
		}
		o := Operation{
			At: min(at, s.Calm-1), Proposer: g.IntN(s.Proposers), Key: g.IntN(keys),
			Change: g.change(i + 1), Patience: pick(g, Time(150), 600, 600),
		}
		o.Quorum = o.Change.Name == "read" && g.IntN(2) == 0
		if exhausted && o.Key == 0 && i > n/3 {
			o.Above = paxos.MaxBallot - paxos.Ballot(g.IntN(8*stride))
		}
		s.Operations = append(s.Operations, o)
	}
}

// change draws a change. Values are distinct, or a lost one could hide behind another; those that a compare-and-set
// expects are often there.
func (g generator) change(serial int) register.Change {
	value := int64(serial * 100)
	switch g.IntN(7) {
	case 6:
		return register.Delete()
	case 0, 1:
		return register.Read()
	case 2:
		return register.Set(value)
	case 3:
		return register.CAS(int64(g.IntN(serial)*100), value)
	}
	return register.Add(int64(serial * 10_000))
}

func (g generator) faults(s *Schedule) {
	nodes := s.Acceptors + s.Proposers
	for range pick(g, 0, 2, 5, 10) {
		s.Faults = append(s.Faults, Fault{
			Kind: Crash, At: g.time(s.Calm * 3 / 4), Length: 1 + g.time(pick(g, Time(20), 200)),
			Node: g.IntN(nodes), Before: Point(g.IntN(int(points))), Power: g.IntN(2) == 0,
		})
	}
	for range pick(g, 0, 0, 2, 5) {
		s.Faults = append(s.Faults, g.partition(nodes, s.Calm))
	}
	for range pick(g, 0, 0, 2) {
		s.Faults = append(s.Faults, Fault{
			Kind: Pause, At: g.time(s.Calm * 3 / 4), Length: 1 + g.time(300), Node: g.IntN(nodes),
		})
	}
	for range pick(g, 0, 0, 0, 1, 4) {
		s.Faults = append(s.Faults, Fault{
			Kind: SyncFails, At: g.time(s.Calm * 3 / 4), Length: 1 + g.time(100), Node: g.IntN(nodes),
		})
	}
}

// disks are files in some seeds, and that of one acceptor may rot. A node whose file is damaged never comes back, and the
// others can do without one.
func (g generator) disks(s *Schedule) {
	s.Bytes = g.IntN(4) == 0
	rotten := g.IntN(s.Acceptors)
	for i := range s.Faults {
		f := &s.Faults[i]
		f.Rots = s.Bytes && f.Kind == Crash && f.Node == rotten
	}
}

// partition cuts the nodes in two, at random or one from the rest, in both directions or one only.
func (g generator) partition(nodes int, calm Time) Fault {
	f := Fault{Kind: Partition, At: g.time(calm * 3 / 4), Length: 1 + g.time(400)}
	alone := g.IntN(nodes)
	split := g.IntN(2) == 0
	for n := range nodes {
		if split && g.IntN(2) == 0 || !split && n == alone {
			f.From = append(f.From, n)
		} else {
			f.To = append(f.To, n)
		}
	}
	f.Both = g.IntN(2) == 0
	if !f.Both && g.IntN(2) == 0 {
		f.From, f.To = f.To, f.From
	}
	return f
}
