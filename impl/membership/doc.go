// The package comment: how a cluster comes to other acceptors while it is in use.

// Package membership plans changes of a cluster's acceptors and takes a cluster through them, by the procedure of
// spec/membership/Membership.tla. NewPlan makes a plan: stages, each a configuration of the proposers. An Operator
// says what to do next on the way through them.
//
// All is pure. The shell (impl/server, tools/synod) carries the messages, keeps the configurations on disk and has the
// registers written anew.
package membership
