// Counting: what each round of a trace cost in messages.

package main

import (
	"fmt"
	"slices"

	"synod/trace"
)

// Round is what one round of the register cost, without the two messages between client and proposer.
type Round struct {
	Ballot   string // the JSON of the ballot
	Change   string // the JSON of the change that it was for
	Sent     int    // the requests that acceptors took under its ballot, and their answers
	Needed   int    // those of them that led to the client's answer; 0 if it was not acknowledged
	Acked    bool
	prepared trace.ID
}

// Count gives the rounds in the events of one register, in the order in which they began. An acceptor's step is a
// request that it took and an answer that it gave. What an acknowledgement needed is what its causes name: the accepts
// that it counted, and the promises that the proposal counted.
func Count(events []trace.Event) ([]Round, error) {
	var rounds []Round
	byID := make(map[trace.ID]*trace.Event, len(events))
	find := func(ballot string) (*Round, error) {
		i := slices.IndexFunc(rounds, func(r Round) bool { return r.Ballot == ballot })
		if i < 0 {
			return nil, fmt.Errorf("ballot %s was not prepared", ballot)
		}
		return &rounds[i], nil
	}
	for i := range events {
		e := &events[i]
		byID[e.ID] = e
		ballot, _ := e.Args.Get("b")
		switch e.Action {
		case "Prepare":
			change, _ := e.Args.Get("c")
			rounds = append(rounds, Round{Ballot: ballot, Change: change, prepared: e.ID})
		case "Promise", "RefusePrepare", "Accept", "RepeatAccept", "RefuseAccept":
			r, err := find(ballot)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", e.Place, err)
			}
			r.Sent += 2
		case "Acknowledge":
			ballot, needed, err := needed(byID, e)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", e.Place, err)
			}
			r, err := find(ballot)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", e.Place, err)
			}
			r.Needed, r.Acked = needed, true
		}
	}
	return rounds, nil
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
		messages += 2 * len(byID[id].Causes)
	}
	return ballot, messages, nil
}
