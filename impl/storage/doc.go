// The package comment: what a node keeps on disk, and when it counts as kept.

// Package storage keeps what a node must not forget, in a Pebble database. Open a data folder; an acceptor then
// commits Records and finds them again, a proposer reserves ballots.
//
// A commit is one batch, however many registers are in it, and it has been synced when Commit returns. An error
// while writing or syncing is final: what reached the disk is then unknown, and a second sync that reports success
// says nothing about the pages that the first one lost. The Store refuses everything from then on, tells it by
// Failed, and its process must stop. What is on disk is found out by starting again.
//
// A data folder belongs to one node. That a node's folder was emptied or an old copy of it brought back cannot be
// seen from inside. Generation says what others have to remember so that they can tell.
package storage
