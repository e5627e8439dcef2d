package server

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Timers come when they are due, in that order, and only those that no later one has replaced.
func TestTimersComeInOrder(t *testing.T) {
	p := &proposer{now: time.Now()}
	random := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		r := &contested{}
		p.setTimer(r, time.Hour) // is replaced
		p.setTimer(r, time.Duration(random.IntN(1000)))
		p.setReadTimer(r, time.Duration(random.IntN(1000)))
	}
	_, due := p.timers.next(p.now.Add(-1))
	require.False(t, due)
	last, came := p.now, 0
	for x, due := p.timers.next(p.now.Add(time.Minute)); due; x, due = p.timers.next(p.now.Add(time.Minute)) {
		require.False(t, x.due.Before(last))
		last = x.due
		came++
	}
	require.Equal(t, 200, came)
	require.Equal(t, time.Hour, p.timers.wait(p.now))
	_, due = p.timers.next(p.now.Add(2 * time.Hour))
	require.False(t, due)
	require.Empty(t, p.timers.heap)
}
