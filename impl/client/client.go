// The client: one proposer's changes, their outcomes, and what became of those whose outcome is unknown.

// Package client asks proposers for changes. The Go client of a cluster is a Session: Open it, and call its Change with a
// key and a function of what the key holds. It finds a proposer that serves, applies the function again where somebody else
// was faster, and gives each request a number of its own, by which the key knows those that it has served: however often a
// request has to be made, it takes effect once.
//
// A change ends in one of three ways. Satisfied: it took effect, once. Rejected: it had no effect and never will.
// Unknown: it may have taken effect, may yet, or never will; Session.Resolve finds out which, and sees to it that a change
// that had no effect never has (the example shows that).
//
// A Client is the way to one proposer, for registers of integers as the specification has them and for operators. It asks
// once for each change and repeats none, so that its outcomes are those of a round; its Resolve goes by the round's ballot.
package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// Client speaks to one proposer. It is safe for concurrent use.
type Client struct {
	conn *grpc.ClientConn
}

// Dial makes a client of the proposer (or, for Status, the acceptor) at an address. It connects when it is first
// used. creds may be nil for a node on this machine.
func Dial(address string, creds credentials.TransportCredentials) (*Client, error) {
	conn, err := transport.Dial(address, creds)
	if err != nil {
		return nil, err
	}
	return &Client{conn}, nil
}

// Close ends the connection. Changes under way become unknown.
func (c *Client) Close() error { return c.conn.Close() }

// Result is how a change ended.
type Result struct {
	Outcome paxos.Outcome // Satisfied, Rejected or Unknown
	Ballot  paxos.Ballot  // the round's, by which Resolve can ask; 0 if there was none or it is not known
	Before  int64         // Satisfied: the state that was changed
	State   int64         // Satisfied: the state now
	Reason  string        // why it was not Satisfied
}

// Settlement is what became of a change.
type Settlement struct {
	// Read is how the read ended that was made to find out. The rest is meaningful if it is Satisfied: its State
	// is then the register's, if that is an integer, or else its Reason says that it is none.
	Read Result
	// Fate is Satisfied if the change took effect, Rejected if it had none and never will, and Unknown if later
	// changes cover its traces.
	Fate paxos.Outcome
}

// defaultWait is how long a request lasts at most whose context has no deadline.
const defaultWait = 10 * time.Second

// Change asks for one change. It returns an error only for a key or a change that is none; nothing was asked then.
func (c *Client) Change(ctx context.Context, key string, change register.Change) (Result, error) {
	if err := errors.Join(transport.ValidateKey(key), change.Validate()); err != nil {
		return Result{}, err
	}
	ctx, cancel, patience := bounded(ctx)
	defer cancel()
	if err := c.connect(ctx, true); err != nil {
		return Result{Outcome: paxos.Rejected, Reason: err.Error()}, nil
	}
	q := &transport.ChangeRequest{Key: key, Change: change, Patience: patience.Milliseconds()}
	r, err := transport.Change(ctx, c.conn, q)
	if err != nil {
		return unanswered(err), nil
	}
	return Result(*r), nil
}

// Resolve finds out what became of a change whose outcome was Unknown, by a read under a larger ballot, which may
// be asked of any proposer. ballot is the Result's, or one of those that a Redis client was told with an UNKNOWN; with 0 it
// only reads.
func (c *Client) Resolve(ctx context.Context, key string, ballot paxos.Ballot) (Settlement, error) {
	if err := transport.ValidateKey(key); err != nil {
		return Settlement{}, err
	}
	ctx, cancel, patience := bounded(ctx)
	defer cancel()
	if err := c.connect(ctx, true); err != nil {
		return Settlement{Result{Outcome: paxos.Rejected, Reason: err.Error()}, paxos.Unknown}, nil
	}
	q := &transport.ResolveRequest{Key: key, Ballot: ballot, Patience: patience.Milliseconds()}
	r, err := transport.Resolve(ctx, c.conn, q)
	if err != nil {
		return Settlement{unanswered(err), paxos.Unknown}, nil
	}
	return Settlement{Result(r.ChangeReply), r.Fate}, nil
}

// Status asks the node how it is.
func (c *Client) Status(ctx context.Context) (*transport.Status, error) {
	return transport.AskStatus(ctx, c.conn)
}

// connect waits for the connection; if it fails, for the next attempt only with patient. Until it is there nothing was
// asked, so that a failure is no unknown outcome.
func (c *Client) connect(ctx context.Context, patient bool) error {
	for {
		state := c.conn.GetState()
		switch state {
		case connectivity.Ready:
			return nil
		case connectivity.Shutdown:
			return errors.New("the client is closed")
		case connectivity.Idle:
			c.conn.Connect()
		case connectivity.TransientFailure:
			if !patient {
				return errors.New("no connection to the proposer")
			}
		}
		if !c.conn.WaitForStateChange(ctx, state) {
			return fmt.Errorf("no connection to the proposer: %w", ctx.Err())
		}
	}
}

// bounded gives the context a deadline, and how long the proposer may try: it must answer before the deadline.
func bounded(ctx context.Context) (context.Context, context.CancelFunc, time.Duration) {
	cancel := func() {}
	if _, ok := ctx.Deadline(); !ok {
		ctx, cancel = context.WithTimeout(ctx, defaultWait)
	}
	deadline, _ := ctx.Deadline()
	left := max(time.Until(deadline), 0)
	return ctx, cancel, left - left/4
}

// unanswered is the result of a request that may have reached the proposer.
func unanswered(err error) Result { return Result{Outcome: paxos.Unknown, Reason: err.Error()} }
