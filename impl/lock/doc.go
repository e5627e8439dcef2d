// The package comment: what a lock is here, and who does what.

// Package lock is the pure core of locks that expire: leases whose grantor is a replicated log (spec/lease/LogLease.tla),
// with tokens by which a store fences off who had a lock before (spec/lock/Lock.tla). It holds no goroutine, clock or
// socket: times are handed in, and each counts by one clock of its own.
//
// A Machine is what the log replicates: it knows who has which lock, and nothing of time. An Expiry counts terms for the
// replica that leads, and asks for the command by which a lock expires. A Holder counts for the client, from when it
// sent its request and with twice the clocks' error taken off, so it stops before any replica asks for the expiry.
//
// Terms and times are Durations since any moment, but always the same one, by a clock that is never set: a monotonic
// one. Its error is what it may differ from another process's clock by, over a term.
package lock
