package server_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/register"
)

// A proposer that ends tells its front under which ballots it has proposed what is unknown, and another one finds out what
// became of it. A ballot under which nothing was proposed is refused, and uses up none.
func TestFrontsResolveWhatIsUnknown(t *testing.T) {
	for name, x := range map[string]struct {
		lose func(paxos.Message) (question, answer bool)
		fate paxos.Outcome
		text string
	}{
		"accepted, and nobody heard": {loseAccepted, paxos.Satisfied, "oldnew"},
		"never accepted":             {loseAccepts, paxos.Rejected, "old"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, 3, 2)
			c.entries = true
			c.timeout = 20 * time.Millisecond // so that it is proposed again
			puppets := c.puppets()
			c.start("p1", "p2")
			c.settle("p1", "k", func(register.Entry) register.Entry { return entryText("old") })
			for _, p := range puppets {
				p.set(x.lose)
			}
			done := make(chan register.End, 1)
			c.registers["p1"].Change("k", func(e register.Entry) register.Entry {
				return entryText(string(e.Value) + "new")
			}, func(_, _ register.Entry, end register.End) { done <- end })
			require.Eventually(t, func() bool {
				p := puppets["a1"]
				p.mu.Lock()
				defer p.mu.Unlock()
				accepts := 0
				for _, m := range p.heard {
					if m.Kind == paxos.KindAccept {
						accepts++
					}
				}
				return accepts >= 3
			}, 20*time.Second, time.Millisecond)
			c.stop("p1")
			end := <-done
			require.Equal(t, paxos.Unknown, end.Outcome)
			require.NotEmpty(t, end.Proposed)
			for _, p := range puppets {
				p.set(func(m paxos.Message) (question, answer bool) { // what p1 has sent may arrive only now
					return x.fate == paxos.Rejected && slices.Contains(end.Proposed, m.Ballot), false
				})
			}
			require.Equal(t, x.fate, c.fate("p2", "k", end.Proposed...))
			require.Equal(t, x.text, string(c.read("p2", "k").Value))
			_, err := c.resolve("p2", "k", paxos.MaxBallot)
			require.ErrorIs(t, err, register.ErrNotProposed)
			c.settle("p2", "k", func(register.Entry) register.Entry { return entryText("next") })

			s, err := c.client("p2").Resolve(t.Context(), "k", end.Proposed[0])
			require.NoError(t, err)
			require.Equal(t, paxos.Satisfied, s.Read.Outcome)
			require.Equal(t, "the register holds no integer", s.Read.Reason)
			if len(end.Proposed) == 1 {
				require.Equal(t, x.fate, s.Fate)
			}
		})
	}
}

// fate asks until somebody knows.
func (c *cluster) fate(proposer, key string, proposed ...paxos.Ballot) paxos.Outcome {
	for {
		fate, err := c.resolve(proposer, key, proposed...)
		if err == nil {
			return fate
		}
		require.ErrorIs(c.t, err, register.ErrNoRound)
		require.NoError(c.t, c.t.Context().Err())
	}
}

func (c *cluster) resolve(proposer, key string, proposed ...paxos.Ballot) (fate paxos.Outcome, err error) {
	done := make(chan struct{})
	c.registers[proposer].Resolve(key, proposed, func(f paxos.Outcome, e error) {
		fate, err = f, e
		close(done)
	})
	<-done
	return fate, err
}
