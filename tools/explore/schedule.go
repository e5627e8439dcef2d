// Schedules out of bytes, so that what changes bytes changes what clients ask for and what goes wrong.

package main

import (
	"encoding/binary"

	fuzz "github.com/google/gofuzz"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/sim"
)

// An input is a row of words of 8 bytes: some for the cluster and its network, then some for each operation or fault.
// Each choice takes one word whatever it is, so that a change of one word changes one choice.
const (
	wordSize    = 8
	headWords   = 16
	recordWords = 8
	maxRecords  = 48
)

// decode makes a schedule of an input. Every input is one.
func decode(input []byte) sim.Schedule {
	var s sim.Schedule
	records := min(len(input)/wordSize-headWords, maxRecords*recordWords) / recordWords
	fuzz.NewFromGoFuzz(input).Funcs(func(s *sim.Schedule, c fuzz.Continue) {
		w := words{c}
		p := head(s, w)
		for i := range records {
			p.record(s, w, i+1)
		}
	}).Fuzz(&s)
	return s
}

// words are the choices that an input makes.
type words struct{ fuzz.Continue }

func (w words) upTo(n uint64) uint64 { return w.Uint64() % (n + 1) }

func pick[T any](w words, from ...T) T { return from[w.Uint64()%uint64(len(from))] }

// plan is what a schedule's head says of its operations and faults.
type plan struct {
	exhausted bool // ballots of the first register come near to the largest one
	rotten    int  // the acceptor whose disk may rot, where disks are files
}

// head takes headWords words but one: gofuzz keeps the first for itself.
func head(s *sim.Schedule, w words) plan {
	s.Seed = w.Uint64()
	s.Acceptors = pick(w, 3, 3, 4, 5)
	s.Proposers = pick(w, 1, 2, 2, 3)
	s.Scheme = pick(w, "pair", "coprime")
	s.SyncTime = sim.Time(w.upTo(20))
	s.Ahead = pick(w, uint32(0), 20, 100)
	s.Network = sim.Network{
		Delay: sim.Time(w.upTo(40)), Loss: int(w.upTo(300)), Duplicate: int(w.upTo(500)),
		Late: int(w.upTo(300)), LateBy: sim.Time(w.upTo(1500)),
	}
	s.OneTrip = w.upTo(2) > 0
	s.Bytes = w.upTo(2) == 0
	s.Calm = 2000
	return plan{exhausted: w.upTo(11) == 0, rotten: int(w.upTo(uint64(s.Acceptors) - 1))}
}

// record takes recordWords words for an operation or a fault.
func (p plan) record(s *sim.Schedule, w words, serial int) {
	fault := w.upTo(3) == 0
	at := sim.Time(w.upTo(uint64(s.Calm) - 500))
	a, b, c, d, e, f := w.Uint64(), w.Uint64(), w.Uint64(), w.Uint64(), w.Uint64(), w.Uint64()
	nodes := uint64(s.Acceptors + s.Proposers)
	if !fault {
		o := sim.Operation{
			At: at, Proposer: int(a % uint64(s.Proposers)), Key: int(b % 2), Change: change(c, d, serial),
			Patience: []sim.Time{150, 600}[e%2],
		}
		o.Quorum = o.Change.Name == "read" && f%2 == 0
		if p.exhausted && o.Key == 0 && f/2%2 == 0 {
			o.Above = paxos.MaxBallot - paxos.Ballot(f/4%128)
		}
		s.Operations = append(s.Operations, o)
		return
	}
	x := sim.Fault{At: at, Length: 1 + sim.Time(b%300), Node: int(c % nodes)}
	switch a % 6 {
	case 0, 1, 2:
		x.Kind, x.Before, x.Power = sim.Crash, sim.Point(d%uint64(sim.AfterSend+1)), e%2 == 0
		x.Rots = s.Bytes && x.Node == p.rotten // the others can do without one
	case 3:
		x.Kind = sim.SyncFails
	case 4:
		x.Kind = sim.Pause
	case 5:
		x.Kind, x.Both = sim.Partition, f%2 == 0
		for n := range int(nodes) {
			if d>>n&1 == 0 {
				x.From = append(x.From, n)
			} else {
				x.To = append(x.To, n)
			}
		}
	}
	s.Faults = append(s.Faults, x)
}

// change writes a value that no other change writes.
func change(kind, expect uint64, serial int) register.Change {
	value := int64(serial * 100)
	switch kind % 7 {
	case 0, 1:
		return register.Read()
	case 2:
		return register.Set(value)
	case 3:
		return register.CAS(int64(expect%uint64(serial))*100, value)
	case 4:
		return register.Delete()
	}
	return register.Add(int64(serial * 10_000))
}

// random draws an input with n operations and faults.
func random(from interface{ Uint64() uint64 }, n int) []byte {
	var b []byte
	for range headWords + n*recordWords {
		b = binary.BigEndian.AppendUint64(b, from.Uint64())
	}
	return b
}
