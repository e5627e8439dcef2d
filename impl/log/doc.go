// The package comment: what this core is, and what its caller owes it.

// Package log is the pure core of the replicated log of spec/log/Log.tla: what a replica does, without a goroutine, a
// clock, a random number, a log line or any input and output. The methods that take a step of the specification
// carry the names of its actions.
//
// A caller makes a Replica with New and feeds it Receive, Tick, Submit and SnapshotSaved, and Snapshot and Resign where
// it sees fit, one at a time. Each returns Effects, and the caller has these duties, in this order:
//
//  1. Persist. The records are on disk, in their order (Disk says what they mean).
//  2. Record. The steps have been written to the trace, where a trace is kept.
//  3. Send. Only now do the messages leave, also those to the replica itself, and clients hear the answers.
//
// Without a trace, not all that is sent need wait for the disk: Kind.Bound tells what does.
//
// A snapshot in Effects.Save is written when there is time; SnapshotSaved tells the replica that it is on disk. It may
// be fed further inputs before the records of one are on disk, as long as nothing is sent before its turn. After a
// crash New begins with what is on the disk. Messages may be lost, doubled, delayed and reordered as the network likes.
//
// What is replicated is a Machine: anything whose next state and answer are a function of its state and the command.
package log
