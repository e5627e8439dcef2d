// Timers: what is due when, for many registers with one clock.

package server

import (
	"container/heap"
	"time"
)

// timers holds at most one timer that counts for each register's rounds, and one for its reads. One that was overtaken
// stays in the heap until it is due, and is then passed over; so setting a timer never has to look for the last one.
type timers struct {
	heap timerHeap
	last uint64
}

type timer struct {
	due   time.Time
	alarm uint64
	r     *contested
	read  bool // for the register's quorum read
}

// setTimer makes r due after d. It replaces the timer that r had.
func (p *proposer) setTimer(r *contested, d time.Duration) {
	p.timers.last++
	r.alarm = p.timers.last
	heap.Push(&p.timers.heap, timer{p.now.Add(d), r.alarm, r, false})
}

// setReadTimer is setTimer for the register's quorum read.
func (p *proposer) setReadTimer(r *contested, d time.Duration) {
	p.timers.last++
	r.readAlarm = p.timers.last
	heap.Push(&p.timers.heap, timer{p.now.Add(d), r.readAlarm, r, true})
}

// next gives a timer that is due and counts.
func (t *timers) next(now time.Time) (timer, bool) {
	for len(t.heap) > 0 && !t.heap[0].due.After(now) {
		x := heap.Pop(&t.heap).(timer)
		switch {
		case x.read && x.alarm == x.r.readAlarm:
			x.r.readAlarm = 0
			return x, true
		case !x.read && x.alarm == x.r.alarm:
			x.r.alarm = 0
			return x, true
		}
	}
	return timer{}, false
}

// wait gives how long nothing is due.
func (t *timers) wait(now time.Time) time.Duration {
	if len(t.heap) == 0 {
		return time.Hour
	}
	return max(0, t.heap[0].due.Sub(now))
}

type timerHeap []timer

func (h timerHeap) Len() int           { return len(h) }
func (h timerHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }
func (h timerHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *timerHeap) Push(x any)        { *h = append(*h, x.(timer)) }
func (h *timerHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	(*h)[last] = timer{}
	*h = (*h)[:last]
	return x
}
