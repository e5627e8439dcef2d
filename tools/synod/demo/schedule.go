// What the demo does to the cluster, drawn from a seed: the clients' operations and the faults.

package demo

import (
	"fmt"
	"time"

	fuzz "github.com/google/gofuzz"
)

// change is one operation of a client, a change function of the specification by name.
type change struct {
	name   string // read, set, add or cas
	value  int64
	expect int64 // cas only
}

func (c change) String() string {
	switch c.name {
	case "set", "add":
		return fmt.Sprintf("%s(%d)", c.name, c.value)
	case "cas":
		return fmt.Sprintf("cas(%d, %d)", c.expect, c.value)
	default:
		return c.name
	}
}

// apply is the specification's Apply: the state after the change.
func (c change) apply(state int64) int64 {
	switch {
	case c.name == "set", c.name == "cas" && state == c.expect:
		return c.value
	case c.name == "add":
		return state + c.value
	default:
		return state
	}
}

// draw is what a client decides at random for its next operation.
type draw struct {
	kind  int           // which change function
	slot  int           // which of the keys in use
	stale bool          // a compare-and-set expects a state that never was
	pause time.Duration // before the next operation
}

// pen draws operations. One client owns it.
type pen struct{ fuzzer *fuzz.Fuzzer }

// newPen seeds a client's operations: the same seed and client give the same ones.
func newPen(seed int64, client int) pen {
	fuzzer := fuzz.NewWithSeed(seed*1009 + int64(client)).Funcs(func(d *draw, c fuzz.Continue) {
		*d = draw{
			kind:  c.Intn(10),
			slot:  c.Intn(slots),
			stale: c.Intn(4) == 0,
			pause: time.Duration(2+c.Intn(19)) * time.Millisecond,
		}
	})
	return pen{fuzzer}
}

func (p pen) next() draw {
	var d draw
	p.fuzzer.Fuzz(&d)
	return d
}

// The shape of the values in use. The n-th operation on a key sets n*step and adds n, so that no two operations on it
// write the same value and every sum stays within 32 bits, TLC's integers.
const (
	operationsPerKey = 150
	step             = 100_000
)

// change turns a draw into the n-th operation on a key whose state the client last saw as seen.
func (d draw) change(n int, seen int64) change {
	switch {
	case d.kind < 3:
		return change{name: "read"}
	case d.kind < 5:
		return change{name: "set", value: int64(n) * step}
	case d.kind < 8:
		return change{name: "add", value: int64(n)}
	case d.stale:
		return change{name: "cas", expect: -int64(n), value: int64(n) * step}
	default:
		return change{name: "cas", expect: seen, value: int64(n) * step}
	}
}

// faults is the schedule of what goes wrong. Times count from the start of the load.
//
// Its shape is what the known bugs need. The network splits: one proposer and one acceptor, the victim, on one side,
// all others on the other. The proposer on the small side collects promises at the victim for ballots that never
// get a quorum, and its rounds end undecided; no accept of the large side comes after them. Killed then, the victim
// holds many promises, and one that was not on its disk is missed at the restart. When the split heals, rounds of
// both proposers meet on the same keys again.
type faults struct {
	proposer int // the proposer that is cut off from a majority
	victim   int // the acceptor on its side, which is killed
	split    time.Duration
	kill     time.Duration
	restart  time.Duration
	heal     time.Duration
}

// newFaults draws a schedule for a load of the given length.
func newFaults(seed int64, length time.Duration) faults {
	var f faults
	fuzz.NewWithSeed(seed).Funcs(func(f *faults, c fuzz.Continue) {
		at := func(from, to int) time.Duration { // a moment between two percentages of the load
			return length * time.Duration(from*10+c.Intn((to-from)*10)) / 1000
		}
		*f = faults{
			proposer: c.Intn(proposers), victim: c.Intn(acceptors),
			split: at(20, 24), kill: at(36, 40), restart: at(46, 50), heal: at(54, 58),
		}
	}).Fuzz(&f)
	return f
}
