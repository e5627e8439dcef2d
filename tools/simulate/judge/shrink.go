// Shrinking a run that failed, and how to play it again.

package judge

import (
	"context"
	"encoding/json"
	"fmt"

	"synod/impl/paxos"
	"synod/impl/sim"
)

// Shrunk is a smaller run to which the same checkers object, the run itself where there is none.
func (j *Judge) Shrunk(ctx context.Context, v *Verdict, bugs paxos.Bugs) *Verdict {
	best := v
	sim.Shrink(v.Result.Schedule, func(s sim.Schedule) bool {
		smaller, err := j.Run(ctx, s, bugs)
		if err != nil {
			return false
		}
		for checker := range v.Found {
			if _, found := smaller.Found[checker]; !found {
				return false
			}
		}
		best = smaller
		return true
	})
	return best
}

// Schedule gives a run's size and its schedule, in two lines, for a file that tools/simulate plays with -schedule.
func (v *Verdict) Schedule() string {
	s := v.Result.Schedule
	text, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("to %d operations and %d faults, %d steps\n%s\n", len(s.Operations), len(s.Faults), v.Result.Steps, text)
}

// Explained gives what is found wrong with a run, the shrunk schedule and how to play it, for a test that fails.
func (j *Judge) Explained(ctx context.Context, v *Verdict, bugs paxos.Bugs) string {
	return fmt.Sprintf("%sshrunk   %sreplay   go run ./tools/simulate -schedule FILE, where FILE has the line above",
		v, j.Shrunk(ctx, v, bugs).Schedule())
}
