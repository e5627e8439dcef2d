// The log: replicas without faults, and what their traces say that a decree cost.

package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"synod/impl/log"
	"synod/impl/log/sim"
	"synod/impl/paxos"
	"synod/trace"
)

// Decree is what a command cost that was decided in the log. A replica's message to itself is none.
type Decree struct {
	Needed int // messages that led to the answer, and the client's two
	Sent   int // all that were sent to elect and to decide, and the client's two
	Beats  int // heartbeats: who leads says so, and how far it has come
}

// CountLog counts in the events of n replicas, among which nothing was lost. It gives the cost of all their commands,
// without the clients' messages; what an answer needed is what the causes of Learn and of the last Lead before name.
func CountLog(events []trace.Event, n int) (Decree, error) {
	var d Decree
	byID := map[trace.ID]*trace.Event{}
	// answers counts the causes that came from others, each with the request before it.
	answers := func(e *trace.Event) (messages int) {
		for _, id := range e.Causes {
			if id.Node != e.Node {
				messages += 2
			}
		}
		return messages
	}
	for i := range events {
		e := &events[i]
		byID[e.ID] = e
		for _, id := range e.Causes {
			if byID[id] == nil {
				return d, fmt.Errorf("%s names %s, which is not in the trace before", e.ID, id)
			}
		}
		switch e.Action {
		case "Promise", "RefusePrepare", "Accept", "RepeatAccept", "RefuseAccept":
			d.Sent += answers(e)
		case "Tell", "SendSnapshot":
			d.Sent++
		case "Heartbeat":
			d.Beats += n - 1
		case "Lead", "Learn":
			d.Needed += answers(e)
		}
	}
	return d, nil
}

// peers are replicas that each have one command, which they want to have decided. Who does not lead wants to.
type peers struct {
	random   *rand.Rand
	ids      []string
	replicas map[string]*log.Replica
	now      int
	flight   []arrival
	wake     map[string]int // when a peer tries again; it is gone when its command is done
	tries    map[string]int
	events   []trace.Event
}

// arrival is a message on its way.
type arrival struct {
	at      int
	message log.Message
}

func newPeers(n int, seed uint64) (*peers, error) {
	p := &peers{random: rand.New(rand.NewPCG(seed, 8)), replicas: map[string]*log.Replica{}, wake: map[string]int{}, tries: map[string]int{}}
	for i := range n {
		p.ids = append(p.ids, fmt.Sprintf("r%d", i+1))
	}
	for i, id := range p.ids {
		r, _, err := log.New(log.Config{
			ID: id, Replicas: p.ids, Scheme: paxos.Pair{ID: uint32(i + 1), Stride: uint32(n)}, Window: 8, BatchSize: 8,
			ElectionTicks: 1, HeartbeatTicks: 1 << 30, Traced: true, Run: 1,
		}, &sim.Counter{}, log.Disk{})
		if err != nil {
			return nil, err
		}
		p.replicas[id] = r
	}
	return p, nil
}

// do has the effects of an input: what was sent to others arrives 1 to 10 units of time later.
func (p *peers) do(id string, e log.Effects) error {
	for _, s := range e.Steps {
		x := trace.Event{ID: trace.ID{Node: id, Run: 1, Seq: s.Seq}, Action: s.Action}
		for _, text := range s.Causes {
			cause, err := trace.ParseID(text)
			if err != nil {
				return err
			}
			x.Causes = append(x.Causes, cause)
		}
		p.events = append(p.events, x)
	}
	for _, m := range e.Send {
		delay := 0
		if m.To != id {
			delay = 1 + p.random.IntN(10)
		}
		p.flight = append(p.flight, arrival{p.now + delay, m})
	}
	for _, a := range e.Answers {
		if !a.Unknown {
			delete(p.wake, a.Command.Client)
		}
	}
	return nil
}

// try has a peer's command proposed, or asks to lead for it. It waits longer each time before it tries again.
func (p *peers) try(id string) error {
	r := p.replicas[id]
	p.wake[id] = p.now + (60+p.random.IntN(60))<<min(p.tries[id], 6)
	p.tries[id]++
	if r.Status().Role != log.Leader {
		if err := p.do(id, r.Tick(0)); err != nil || r.Status().Role != log.Leader {
			return err
		}
	}
	return p.submit(id)
}

func (p *peers) submit(id string) error {
	if _, wants := p.wake[id]; !wants {
		return nil
	}
	return p.do(id, p.replicas[id].Submit(log.Command{Client: id, Number: 1, Body: "add 1"}))
}

// run goes on until all commands are done and nothing is under way.
func (p *peers) run() error {
	for len(p.wake)+len(p.flight) > 0 {
		if p.now > 1_000_000 {
			return fmt.Errorf("%d peers have not come to an end", len(p.ids))
		}
		next, at := -1, 0
		for i, a := range p.flight {
			if next < 0 || a.at < at {
				next, at = i, a.at
			}
		}
		waker := ""
		for _, id := range p.ids {
			if w, wants := p.wake[id]; wants && (next < 0 && waker == "" || w < at) {
				waker, at = id, w
			}
		}
		p.now = max(p.now, at)
		var err error
		if waker != "" {
			err = p.try(waker)
		} else {
			m := p.flight[next].message
			p.flight = slices.Delete(p.flight, next, next+1)
			r := p.replicas[m.To]
			led := r.Status().Role == log.Leader
			if err = p.do(m.To, r.Receive(m)); err == nil && !led && r.Status().Role == log.Leader {
				err = p.submit(m.To)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// OneDecree counts a command that one of n replicas has decided: with a leader that has been there before, and with one
// that has to be elected for it.
func OneDecree(n int) (stable, elected Decree, err error) {
	p, err := newPeers(n, 1)
	if err != nil {
		return stable, elected, err
	}
	p.wake["r1"] = 1
	if err = p.run(); err != nil {
		return stable, elected, err
	}
	if elected, err = CountLog(p.events, n); err != nil {
		return stable, elected, err
	}
	before := len(p.events)
	if err = p.do("r1", p.replicas["r1"].Submit(log.Command{Client: "r1", Number: 2, Body: "add 1"})); err != nil {
		return stable, elected, err
	}
	if err = p.run(); err != nil {
		return stable, elected, err
	}
	all, err := CountLog(p.events, n)
	if err == nil && before == len(p.events) {
		err = fmt.Errorf("nothing was decided")
	}
	stable = Decree{all.Needed - elected.Needed + 2, all.Sent - elected.Sent + 2, all.Beats - elected.Beats}
	elected.Needed, elected.Sent = elected.Needed+2, elected.Sent+2
	return stable, elected, err
}

// EveryPeer counts what n replicas send, heartbeats and the clients' messages too, until each has decided a command of
// its own, for which it wants to lead itself. They begin so long after one another. It is the mean over several seeds.
func EveryPeer(n int, seeds uint64, apart int) (float64, error) {
	total := 0
	for seed := range seeds {
		p, err := newPeers(n, seed+1)
		if err != nil {
			return 0, err
		}
		for i, id := range p.ids {
			p.wake[id] = 1 + i*apart
		}
		if err := p.run(); err != nil {
			return 0, err
		}
		d, err := CountLog(p.events, n)
		if err != nil {
			return 0, err
		}
		total += d.Sent + d.Beats + 2*n
	}
	return float64(total) / float64(seeds), nil
}

// printLog prints both tables.
func printLog(seeds uint64) error {
	fmt.Println("\nThe log: one decree, with a leader that is there and with one that is elected for it, the client's two messages included:")
	fmt.Println("replicas   f  leader   needed for the answer  formula  sent in all  formula  heartbeats  formula")
	for _, n := range []int{3, 5, 7} {
		stable, elected, err := OneDecree(n)
		if err != nil {
			return err
		}
		f := (n - 1) / 2
		fmt.Printf("%8d  %2d  stable   %21d  %7d  %11d  %7d  %10d  %7d\n", n, f, stable.Needed, 2*f+2, stable.Sent, 4*f+2, stable.Beats, 2*f)
		fmt.Printf("%8d  %2d  elected  %21d  %7d  %11d  %7d  %10d  %7d\n", n, f, elected.Needed, 4*f+2, elected.Sent, 8*f+2, elected.Beats, 4*f)
	}
	fmt.Printf("\nN replicas, each with one command for which it wants to lead itself (mean of %d runs):\n", seeds)
	fmt.Println("peers  one after the other  all at once   by N*N")
	for n := 1; n <= 9; n++ {
		apart, err := EveryPeer(n, seeds, 2000)
		if err != nil {
			return err
		}
		together, err := EveryPeer(n, seeds, 0)
		if err != nil {
			return err
		}
		fmt.Printf("%5d  %19.1f  %11.1f  %7.1f\n", n, apart, together, together/float64(n*n))
	}
	return nil
}
