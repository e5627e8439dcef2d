// A long run, for the simulator's speed once its tables are there.

package sim_test

import (
	"testing"

	"synod/impl/register"
	"synod/impl/sim"
)

// BenchmarkLongRun has few restarts and many operations, so that setting up does not count.
func BenchmarkLongRun(b *testing.B) {
	s := sim.Generate(1)
	s.Acceptors, s.Proposers, s.Calm = 3, 2, 400_000
	s.Network = sim.Network{Delay: 10, Loss: 20, Duplicate: 20, Late: 10, LateBy: 300}
	s.SyncTime, s.Faults, s.Operations = 2, nil, nil
	for i := range 4000 {
		s.Operations = append(s.Operations, sim.Operation{
			At: sim.Time(100 * i), Proposer: i % 2, Key: i % 8, Change: register.Set(int64(i)), Patience: 600,
		})
	}
	events := 0
	for b.Loop() {
		events += sim.Run(s, 0).Events
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
