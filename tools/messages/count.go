// Counting: what each round of a trace cost in messages.

package main

import (
	"fmt"
	"slices"

	"synod/trace"
)

// Round is what one round of the register cost, without the two messages between client and proposer.
type Round struct {
	Ballot  string // the JSON of the ballot
	Changes string // the JSON of the changes that were proposed; empty if the round did not come to that
	Sent    int    // the requests that acceptors took under its ballot, and their answers
	Needed  int    // those of them that led to the client's answer; 0 if it was not acknowledged
	Acked   bool
}

// counter knows in which round each proposer is.
type counter struct {
	rounds []Round
	byID   map[trace.ID]*trace.Event
	ballot map[string]string // by proposer: of its round
	next   map[string]string // by proposer: the ballot whose promises it asked for with its proposal
}

// Count gives the rounds in the events of one register, in the order in which they began. An acceptor's step is a
// request that it took and an answer that it gave. What an acknowledgement needed is what its causes name: the accepts
// that it counted, and the promises that the proposal counted. A promise that came with an acceptance costs nothing
// of its own: the acceptance was paid for by the round before.
func Count(events []trace.Event) ([]Round, error) {
	c := &counter{byID: make(map[trace.ID]*trace.Event, len(events)), ballot: map[string]string{}, next: map[string]string{}}
	for i := range events {
		e := &events[i]
		c.byID[e.ID] = e
		if err := c.count(e); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Place, err)
		}
	}
	return c.rounds, nil
}

func (c *counter) count(e *trace.Event) error {
	switch e.Action {
	case "Prepare":
		ballot, _ := e.Args.Get("b")
		c.begin(e.Node, ballot)
	case "Propose":
		r, err := c.round(c.ballot[e.Node])
		if err != nil {
			return err
		}
		r.Changes, _ = e.Args.Get("cs")
		c.next[e.Node], _ = e.Args.Get("next")
	case "Promise", "RefusePrepare", "Accept", "RepeatAccept", "RefuseAccept":
		ballot, _ := e.Args.Get("b")
		r, err := c.round(ballot)
		if err != nil {
			return err
		}
		r.Sent += 2
	case "Acknowledge":
		ballot, needed, err := needed(c.byID, e)
		if err != nil {
			return err
		}
		r, err := c.round(ballot)
		if err != nil {
			return err
		}
		r.Needed, r.Acked = needed, true
		if next := c.next[e.Node]; next != "0" {
			c.begin(e.Node, next)
		}
	}
	return nil
}

func (c *counter) begin(proposer, ballot string) {
	c.rounds = append(c.rounds, Round{Ballot: ballot})
	c.ballot[proposer] = ballot
}

func (c *counter) round(ballot string) (*Round, error) {
	i := slices.IndexFunc(c.rounds, func(r Round) bool { return r.Ballot == ballot })
	if i < 0 {
		return nil, fmt.Errorf("ballot %s was not prepared", ballot)
	}
	return &c.rounds[i], nil
}

// needed gives the ballot of an acknowledgement and how many messages led to it: the accepts and promises that were
// counted, with their requests.
func needed(byID map[trace.ID]*trace.Event, acknowledge *trace.Event) (ballot string, messages int, err error) {
	proposals := make(map[trace.ID]bool)
	for _, id := range acknowledge.Causes {
		accept := byID[id]
		if accept == nil || len(accept.Causes) != 1 {
			return "", 0, fmt.Errorf("the acknowledgement names %s, which is no accept with a cause", id)
		}
		ballot, _ = accept.Args.Get("b")
		proposals[accept.Causes[0]] = true
		messages += 2
	}
	for id := range proposals {
		if byID[id] == nil {
			return "", 0, fmt.Errorf("an accept names %s, which is not in the trace", id)
		}
		for _, promise := range byID[id].Causes {
			if e := byID[promise]; e != nil && e.Action == "Promise" {
				messages += 2
			}
		}
	}
	return ballot, messages, nil
}
