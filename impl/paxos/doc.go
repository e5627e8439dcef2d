// The package comment: what this core is, and what its caller owes it.

// Package paxos is the pure core of the register of spec/register/Register.tla: what an acceptor and a proposer
// do, without a goroutine, a clock, a random number, a log line or any input and output. The methods of Acceptor
// and Proposer carry the names of the specification's actions. Each takes a state and a message and returns the
// effects of one action; it changes nothing itself.
//
// The caller drives one AcceptorState and one Round for each register and has these duties, in this order:
//
//  1. Persist. What the effects say must be durable has been synced to disk.
//  2. Record. The effects' Step, if they have one, has been written to the trace (where a trace is kept).
//  3. Send. Only now does the effects' message leave, or the client hear the outcome.
//
// Then the state in the effects takes the place of the one that was passed in. Messages may be lost, doubled,
// delayed and reordered as the network likes. Begin with Acceptor.Receive and Proposer.Prepare.
package paxos
