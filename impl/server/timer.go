// Timers: what is due when, for many registers with one clock.

package server

import "time"

// timers holds at most one timer that counts for each register's rounds, and one for its reads. One that was overtaken
// stays in the heap until it is due, and is then passed over; so setting a timer never has to look for the last one.
type timers struct {
	heap []timer // each is due no later than the two that it has below it: those of place i are at 2i+1 and 2i+2
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
	p.timers.push(timer{p.now.Add(d), r.alarm, r, false})
}

// setReadTimer is setTimer for the register's quorum read.
func (p *proposer) setReadTimer(r *contested, d time.Duration) {
	p.timers.last++
	r.readAlarm = p.timers.last
	p.timers.push(timer{p.now.Add(d), r.readAlarm, r, true})
}

// next gives a timer that is due and counts.
func (t *timers) next(now time.Time) (timer, bool) {
	for len(t.heap) > 0 && !t.heap[0].due.After(now) {
		x := t.pop()
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

// push adds a timer.
func (t *timers) push(x timer) {
	t.heap = append(t.heap, x)
	i := len(t.heap) - 1
	for i > 0 && x.due.Before(t.heap[(i-1)/2].due) {
		t.heap[i] = t.heap[(i-1)/2]
		i = (i - 1) / 2
	}
	t.heap[i] = x
}

// pop takes the first out.
func (t *timers) pop() timer {
	first, last := t.heap[0], len(t.heap)-1
	x := t.heap[last]
	t.heap[last] = timer{}
	t.heap = t.heap[:last]
	if last == 0 {
		return first
	}
	i := 0
	for {
		next := 2*i + 1
		if next+1 < last && t.heap[next+1].due.Before(t.heap[next].due) {
			next++
		}
		if next >= last || !t.heap[next].due.Before(x.due) {
			t.heap[i] = x
			return first
		}
		t.heap[i] = t.heap[next]
		i = next
	}
}
