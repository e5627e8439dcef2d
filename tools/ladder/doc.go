// The ladder of broken protocols, as a command.

// Package ladder runs the rungs of spec/ladder with the engine and tells what it finds: each rung is a protocol that
// one would invent on the way to Paxos, most of them break, and the next rung mends what broke.
//
//	var flags ladder.Flags
//	flags.Register(set)
//	code, err := flags.Run(ctx, out, args)    // no argument lists the rungs; "7b" runs one
//
// A story is made from the counterexample that the engine returns: each step becomes a sentence by the name of its
// action, and what changed in the state adds remarks. A family is the table for a few rungs that speak of the same
// things. No text belongs to one particular counterexample.
package ladder
