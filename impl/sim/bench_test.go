// How fast the simulator is, without the checkers of traces and histories.

package sim_test

import (
	"testing"

	"synod/impl/sim"
)

func BenchmarkSimulator(b *testing.B) {
	events, steps := 0, 0
	for i := 0; b.Loop(); i++ {
		r := sim.Run(sim.Generate(uint64(i)), 0)
		events += r.Events
		steps += r.Steps
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
