// Routes: which proposer is asked, and what it means that one does not answer.

package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"synod/impl/transport"
)

// What is known of a request that has no reply. Where it is neither, it may have been served.
var (
	errNotAsked = errors.New("nothing was asked")
	errRefused  = fmt.Errorf("%w that a proposer would serve", errNotAsked)
)

// avoided is how long a proposer that did not answer is asked after all others.
const avoided = time.Second

// The pauses after all proposers were asked in vain.
const (
	minPause = 2 * time.Millisecond
	maxPause = 100 * time.Millisecond
)

// route gives proposers to ask, one after the other until ctx ends: the one that the key prefers, then the others, and
// all again after a pause.
func (s *Session) route(ctx context.Context, key string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for pause := minPause; ctx.Err() == nil; pause = min(2*pause, maxPause) {
			for _, name := range s.order(key) {
				if ctx.Err() != nil || !yield(name) {
					return
				}
			}
			select {
			case <-ctx.Done():
			case <-time.After(pause/2 + rand.N(pause)):
			}
		}
	}
}

// order lists the proposers for a key.
func (s *Session) order(key string) []string {
	at := slices.Index(s.names, transport.Preferred(s.names, key))
	order := slices.Concat(s.names[at:], s.names[:at])
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	behind := func(name string) int {
		if now.Sub(s.failed[name]) < avoided {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b string) int { return behind(a) - behind(b) })
	return order
}

// ask asks one proposer, as long as it may take. The error is errNotAsked if it cannot have heard of the request.
func ask[Q, R any](
	ctx context.Context, s *Session, name string, call func(context.Context, *grpc.ClientConn, *Q) (*R, error), q *Q,
) (*R, error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience(ctx)*4/3)
	defer cancel()
	c := s.proposers[name]
	if err := c.connect(ctx, false); err != nil {
		s.avoid(name)
		return nil, fmt.Errorf("%w: %w", errNotAsked, err)
	}
	reply, err := call(ctx, c.conn, q)
	if err == nil {
		return reply, nil
	}
	switch status.Code(err) {
	case codes.InvalidArgument, codes.PermissionDenied, codes.Unauthenticated, codes.Unimplemented:
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	s.avoid(name)
	return nil, err
}

// avoid takes note that a proposer does not answer.
func (s *Session) avoid(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed[name] = time.Now()
}
