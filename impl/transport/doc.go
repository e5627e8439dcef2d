// The package comment: what travels between which processes.

// Package transport carries messages between processes.
//
// A proposer keeps one Peer for each acceptor: a stream in both directions that stays open, and is opened again
// with growing, jittered pauses after it broke. A stream is a connection with frames, each behind its length; one goroutine
// sends and one receives. Whatever waits when a frame is made up goes into it, so that many rounds share one frame.
// Nothing is sent twice: a message that waits too long or was on a broken stream is lost, which the protocol allows and
// whose callers have time-outs. An acceptor in the proposer's own process is reached without a network (Inside).
//
// Clients call a proposer by gRPC's unary calls (ClientService), at the same Port. Frames are in a small binary encoding,
// the clients' requests in JSON; so no generated code is needed.
package transport
