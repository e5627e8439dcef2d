// A leader with a lease answers reads from its own copy, and no longer when the lease is over.

package replica_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/log/sim"
	"synod/impl/replica"
)

// readable is a counter that answers "read" without the log.
type readable struct{ sim.Counter }

func (r *readable) Read(command string) (string, bool) { return r.Value(), command == "read" }

// aloneWithLease makes a leader whose lease has a term, takes the others away, and gives what asks it to read.
func aloneWithLease(t *testing.T, term time.Duration) (read func(command string) (string, error)) {
	c := newCluster(t, func(cfg *replica.Config) {
		cfg.Machine, cfg.LeaseTerm, cfg.ClockError = &readable{}, term, term/10
	})
	require.Equal(t, "5", c.submit("r1", "add 5"))
	leader := c.leader()
	require.Equal(t, "5", c.submit(leader, "add 0"), "it has heard from the others")
	for _, id := range ids {
		if id != leader {
			c.stop(id)
		}
	}
	return func(command string) (string, error) {
		type answer struct {
			result string
			err    error
		}
		answers := make(chan answer, 1)
		c.running[leader].Query(command, 100*time.Millisecond, func(result string, err error) { answers <- answer{result, err} })
		a := <-answers
		return a.result, a.err
	}
}

func TestALeaderReadsUnderALease(t *testing.T) {
	read := aloneWithLease(t, 10*time.Minute)
	result, err := read("read")
	require.NoError(t, err, "nobody else need be asked")
	require.Equal(t, "5", result)
	_, err = read("add 0")
	require.Error(t, err, "what only the log can tell needs the others")
}

func TestALeaseEnds(t *testing.T) {
	const term = 200 * time.Millisecond
	read := aloneWithLease(t, term)
	for alone := time.Now(); ; {
		asked := time.Now()
		if _, err := read("read"); asked.Sub(alone) > term {
			require.Error(t, err)
			return
		}
	}
}
