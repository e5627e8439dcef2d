// Sessions: changes that take effect once, over moves of their shards and the loss of servers.

package groups

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"synod/impl/paxos"
	"synod/impl/shard"
)

// Session asks for one request at a time, under numbers by which the shards know those that they have performed. It is
// safe for concurrent use. A shard remembers the last 1024 sessions that asked it for something.
type Session struct {
	client *Client
	id     string

	mu     sync.Mutex
	number uint64
}

// Session makes a session that has a name of its own.
func (c *Client) Session() *Session { return &Session{client: c, id: rand.Text()} }

// Errors of Do.
var (
	ErrRejected = errors.New("nothing was changed")
	ErrUnknown  = errors.New("it is not known whether it was done")
)

// Do has the content of a shard perform a request, and gives the answer. It goes on until there is one, or ctx ends, or
// DefaultPatience is over if ctx has no deadline; the error is then ErrRejected if the request was not performed and never
// will be, else ErrUnknown.
func (s *Session) Do(ctx context.Context, name, body string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	patience := DefaultPatience
	if deadline, ok := ctx.Deadline(); ok {
		patience = time.Until(deadline)
	}
	type answer struct {
		result  string
		outcome paxos.Outcome
	}
	answers := make(chan answer, 1)
	q := shard.Command{Shard: name, Client: s.id, Number: s.number, Body: body}
	s.client.Serve(patience, Request{Command: q, Done: func(result string, outcome paxos.Outcome) { answers <- answer{result, outcome} }})
	select {
	case a := <-answers:
		switch a.outcome {
		case paxos.Satisfied:
			return a.result, nil
		case paxos.Rejected:
			return "", fmt.Errorf("shard %s: %w", name, ErrRejected)
		}
		return "", fmt.Errorf("shard %s: %w", name, ErrUnknown)
	case <-ctx.Done():
		return "", fmt.Errorf("shard %s: %w: %w", name, ErrUnknown, ctx.Err())
	}
}
