// The package comment: what a simulation is, and how to run one.

// Package sim runs acceptors and proposers of the register in one goroutine, under a virtual clock, over a network
// and disks that it makes fail. The cores are those of package paxos; the shell around them does the same duties as
// the real server's, one effect after the other, and can be killed between any two.
//
// A Schedule says what clients ask for and which faults come when. It is data: Generate draws one from a seed, Shrink
// makes one smaller. Run plays it. All other chances (delays, losses, what an unsynced disk keeps) come from one
// generator that the schedule seeds, so that the same schedule gives the same trace, byte for byte.
//
//	result := sim.Run(sim.Generate(seed), 0)
//	result.Findings       // broken invariants, lost promises, no progress after calm
//	result.Files()        // the nodes' traces, to be replayed on the specification
//	result.Linearizable() // what clients saw
package sim
