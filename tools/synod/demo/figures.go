// Figures that are taken from the traces: how long they are, and how many messages a change costs.

package demo

import (
	"bytes"
	"io"
	"os"

	"synod/trace"
)

// tally counts the lines of growing files; a file that is not there yet has none.
type tally struct {
	paths   []string
	offsets map[string]int64
	count   int
}

func newTally(paths []string) *tally { return &tally{paths: paths, offsets: make(map[string]int64)} }

// lines reads what was added since the last call and returns the number of lines in all files.
func (t *tally) lines() int {
	for _, path := range t.paths {
		file, err := os.Open(path)
		if err != nil {
			continue
		}
		added, err := io.ReadAll(io.NewSectionReader(file, t.offsets[path], 1<<40))
		file.Close()
		if err != nil {
			continue
		}
		t.offsets[path] += int64(bytes.LastIndexByte(added, '\n') + 1)
		t.count += bytes.Count(added, []byte("\n"))
	}
	return t.count
}

// messageCount is what changes cost in messages. Two are the client's request and its answer. Every request that an
// acceptor took is one, and its reply another.
type messageCount struct {
	satisfied int // rounds that were acknowledged
	theirs    int // messages of the rounds that acknowledged them
	all       int // messages of all rounds
}

// each is the average for a satisfied round, by the rounds that acknowledged one alone.
func (m messageCount) each() float64 { return float64(m.theirs) / float64(max(m.satisfied, 1)) }

// overall is the average for a satisfied round with the rounds that came to nothing.
func (m messageCount) overall() float64 { return float64(m.all) / float64(max(m.satisfied, 1)) }

// countMessages counts by the causes: an acceptor's step is caused by the proposer's step that sent the request, and
// this one belongs to a round. A round begins with its Prepare or, if its promises came with the accept of the one
// before, with its Propose.
func countMessages(events []trace.Event) messageCount {
	var m messageCount
	round := make(map[trace.ID]trace.ID) // a proposer's step -> the first of its round
	cost := make(map[trace.ID]int)       // first step -> messages between proposer and acceptors
	current := make(map[string]trace.ID) // proposer and instance -> the first step of the round under way
	var acknowledged []trace.ID
	for i := range events {
		e := &events[i]
		at := e.ID.Node + " " + e.Instance
		switch e.Action {
		case "Prepare":
			current[at] = e.ID
			round[e.ID] = e.ID
			cost[e.ID] = 0
		case "Propose":
			if _, prepared := current[at]; !prepared {
				current[at] = e.ID
				cost[e.ID] = 0
			}
			round[e.ID] = current[at]
		case "Acknowledge":
			acknowledged = append(acknowledged, current[at])
			delete(current, at)
		case "Abandon", "RestartProposer":
			delete(current, at)
		case "Promise", "RefusePrepare", "Accept", "RepeatAccept", "RefuseAccept":
			for _, cause := range e.Causes {
				cost[round[cause]] += 2
			}
		}
	}
	for _, n := range cost {
		m.all += n
	}
	m.all += 2 * len(cost)
	for _, id := range acknowledged {
		m.satisfied++
		m.theirs += 2 + cost[id]
	}
	return m
}
