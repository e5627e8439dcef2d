// The package comment: the shell around the log's core, and the order it keeps.

// Package replica runs replicas of the log of impl/log as parts of a process. Start starts one over a Machine of the
// caller's; Submit asks for a command from whichever replica one has at hand, and the command is performed once.
//
// A replica is a loop in one goroutine. A turn of the loop takes everything that waits, from the other replicas and from
// clients, has the core take its actions, and collects their effects. Then, in this order: what must be durable is on
// disk; the actions are in the trace; the messages and answers leave. The disk is written by a goroutine of its own, all
// that waits for it with one sync, so the loop goes on meanwhile and its next turns wait behind. Where no trace is kept,
// only what the core says is bound to the disk (Kind.Bound) waits: a leader's own disk then holds up nobody, as the other
// replicas are a quorum without it. Snapshots are written beside the log.
//
// A leader repeats its heartbeats off this path. When its disk does not answer for StallLimit it steps down, so that a
// replica whose disk does can lead.
//
// All that is not pure is here: time, chance, the network and the disk.
package replica
