// The command: runs of the simulator, counted.

// Command messages counts what changes of a register cost in messages, in traces of the simulated implementation: one
// change with nobody in its way, for clusters of several sizes, and as many changes at once as there are peers. It
// prints both tables, and draws the second. Then it counts the decrees of the replicated log in the same two ways.
//
//	go run ./tools/messages -svg docs/messages.svg
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/sim"
	"synod/trace"
)

func main() {
	svg := flag.String("svg", "", "draw the cost of peers that all propose into this `file`")
	seeds := flag.Uint64("seeds", 50, "runs for each number of peers")
	flag.Parse()
	if err := run(*svg, *seeds); err != nil {
		fmt.Fprintln(os.Stderr, "messages:", err)
		os.Exit(1)
	}
}

func run(svg string, seeds uint64) error {
	fmt.Println("One change, nobody in its way, with the client's two messages, in two round trips and in one:")
	fmt.Println("acceptors   f  trips  counted in the answer  formula  all that were sent  formula")
	for _, n := range []int{3, 5, 7} {
		two, one, err := OneChange(n)
		if err != nil {
			return err
		}
		f := (n - 1) / 2
		fmt.Printf("%9d  %2d      2  %21d  %7d  %18d  %7d\n", n, f, two.Needed+2, 4*f+6, two.Sent+2, 8*f+6)
		fmt.Printf("%9d  %2d      1  %21d  %7d  %18d  %7d\n", n, f, one.Needed+2, 2*f+4, one.Sent+2, 4*f+4)
	}
	fmt.Printf("\nN peers, each an acceptor and a proposer, and each with one change for the same register (mean of %d runs):\n", seeds)
	fmt.Println("peers  one after the other  all at once   by N*N")
	var points []Point
	for n := 1; n <= 9; n++ {
		apart, err := Everybody(n, seeds, 2000)
		if err != nil {
			return err
		}
		together, err := Everybody(n, seeds, 0)
		if err != nil {
			return err
		}
		points = append(points, Point{n, apart, together})
		fmt.Printf("%5d  %19.1f  %11.1f  %7.1f\n", n, apart, together, together/float64(n*n))
	}
	if err := printLog(seeds); err != nil {
		return err
	}
	if svg == "" {
		return nil
	}
	return os.WriteFile(svg, Draw(points), 0o644)
}

// schedule is a run in which nothing goes wrong.
func schedule(acceptors, proposers int, seed uint64) sim.Schedule {
	return sim.Schedule{
		Seed: seed, Acceptors: acceptors, Proposers: proposers, Scheme: "pair", Network: sim.Network{Delay: 10}, SyncTime: 5, Calm: 60_000,
	}
}

// OneChange counts a change of a register with n acceptors and one proposer, in two round trips and, by a proposer
// that has the promises from its change before, in one.
func OneChange(n int) (two, one Round, err error) {
	s := schedule(n, 1, 1)
	s.OneTrip = true
	s.Operations = []sim.Operation{operation(0, 1), operation(0, 2000)}
	rounds, err := changes(s)
	if err != nil {
		return Round{}, Round{}, err
	}
	if len(rounds) != 2 || !rounds[0].Acked || !rounds[1].Acked {
		return Round{}, Round{}, fmt.Errorf("two changes took %d rounds", len(rounds))
	}
	return rounds[0], rounds[1], nil
}

// Everybody counts the messages, those of clients too, that n peers send until each has made one change of the same
// register. They begin so long after one another. It is the mean over several seeds.
func Everybody(n int, seeds uint64, apart sim.Time) (float64, error) {
	total := 0
	for seed := range seeds {
		s := schedule(n, n, seed+1)
		for p := range n {
			s.Operations = append(s.Operations, operation(p, 1+sim.Time(p)*apart))
		}
		s, err := persistent(s)
		if err != nil {
			return 0, err
		}
		rounds, err := changes(s)
		if err != nil {
			return 0, err
		}
		for _, r := range rounds {
			total += r.Sent
		}
		total += 2 * len(s.Operations)
	}
	return float64(total) / float64(seeds), nil
}

func operation(proposer int, at sim.Time) sim.Operation {
	return sim.Operation{At: at, Proposer: proposer, Change: register.Add(1), Patience: 30_000}
}

// persistent gives the schedule in which clients ask again, after a pause that doubles, until they are told that their
// change is done. What happens up to the first further operation stays as it was, so one is added at a time.
func persistent(s sim.Schedule) (sim.Schedule, error) {
	asked := make([]int, s.Proposers)
	for {
		next := operation(0, s.Calm)
		last := make([]sim.Answer, s.Proposers)
		for _, a := range sim.Run(s, 0).Answers[:len(s.Operations)] {
			last[a.Operation.Proposer] = a
		}
		done := true
		for p, a := range last {
			again := a.Returned + sim.Time(10+p)<<min(asked[p], 7)
			if a.Outcome != paxos.Satisfied {
				done = false
				if again < next.At {
					next = operation(p, again)
				}
			}
		}
		if done {
			return s, nil
		}
		if next.At == s.Calm {
			return s, fmt.Errorf("seed %d: not all of %d peers were done in time", s.Seed, s.Proposers)
		}
		asked[next.Proposer]++
		s.Operations = append(s.Operations, next)
	}
}

// changes plays a schedule and counts its rounds, without those of the reads with which a run ends.
func changes(s sim.Schedule) ([]Round, error) {
	result := sim.Run(s, 0)
	for _, finding := range result.Findings {
		return nil, fmt.Errorf("seed %d: %s", s.Seed, finding)
	}
	events, err := trace.Merge(result.Files())
	if err != nil {
		return nil, err
	}
	rounds, err := Count(events)
	if err != nil {
		return nil, err
	}
	last := -1 // of the rounds that change the register; what follows are the reads with which a run ends
	for i, r := range rounds {
		if strings.Contains(r.Changes, `"add"`) {
			last = i
		}
	}
	return rounds[:last+1], nil
}
