// The package comment: the shell around the cores, and the one order it keeps.

// Package server runs acceptors and proposers as processes: RunAcceptor and RunProposer.
//
// Each node is a loop in one goroutine. A turn of the loop takes everything that waits, from all peers and clients
// and for all registers, has the core (impl/paxos) take its actions, and collects their effects. Then, in this
// order: what must be durable is committed in one synced batch; the actions are written to the trace;
// the messages and answers leave. So the disk is synced once for many registers, a killed node has sent nothing
// that its trace does not show, and nothing that it sent was forgotten. An error in one of the three ends the node.
//
// All that is not pure is here: time, chance, the network and the disk.
package server
