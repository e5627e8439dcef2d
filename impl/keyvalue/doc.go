// The package comment: what the commands are made of, and what clients may rely on.

// Package keyvalue is what Redis clients of a proposer can ask: a Handler for package resp, over register.Registers.
//
// A command that touches a key is a pure function of the time and the key's entry, and the proposer runs it as a
// change, or as a read where it changes nothing. The time is the proposer's when the request came in; it is part of
// the change, so that all who apply it agree about what has expired, whatever their own clocks say.
//
// Every command on one key is linearizable, reads too. A command on several keys (MGET, MSET, DEL, EXISTS) is one such
// command for each key, in no order. Requests of one connection that name the same key take effect in the order in
// which they were sent, also when they were sent without waiting; those on different keys run at the same time.
//
// An entry that has expired is absent. A proposer that finds one so deletes it before it says so: once somebody was
// told that a key has expired, no proposer whose clock is behind will show it again.
//
// Beside Redis's errors there are two. TRYAGAIN: the cluster did not agree in time, and nothing was changed. UNKNOWN:
// the change may have taken effect, may yet, or never will.
package keyvalue
