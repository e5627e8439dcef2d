// How fast changes are on real disks, by how many clients wait at once.

package server_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"synod/impl/paxos"
	"synod/impl/register"
)

// BenchmarkChange has clients change registers of their own. The acceptors share one machine and its disk.
func BenchmarkChange(b *testing.B) {
	for _, traced := range []bool{false, true} {
		for _, clients := range []int{1, 64, 512} {
			b.Run(fmt.Sprintf("traced=%v/clients=%d", traced, clients), func(b *testing.B) {
				c := newCluster(b, 3, 1)
				c.untraced = !traced
				c.onDisk = true
				c.start(c.all()...)
				x := c.client("p1")
				var failed atomic.Int64
				var left atomic.Int64
				left.Store(int64(b.N))
				b.ResetTimer()
				parallel(clients, func(i int) {
					for left.Add(-1) >= 0 {
						r, err := x.Change(context.Background(), fmt.Sprint("k", i), register.Add(1))
						if err != nil || r.Outcome != paxos.Satisfied {
							failed.Add(1)
						}
					}
				})
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
				if failed.Load() > 0 {
					b.Fatalf("%d of %d changes did not succeed", failed.Load(), b.N)
				}
				s, err := c.client("a1").Status(context.Background())
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(s.Steps)/float64(s.Batches), "steps/sync")
				c.stopAll()
			})
		}
	}
}
