// The package comment: what a shard is, and how it moves.

// Package shard is the pure core of spec/shard/Shard.tla: shards of the data, each with one group of replicas at a time,
// and moves of a shard from one group to another while clients go on asking for it.
//
// Each group has a log of its own, with a Machine. What happens to a shard in a group is a command in that log: the old
// group freezes the shard and from then on changes it no more; what it has then is handed over, under the next epoch; the
// new group activates it; the map is brought up to date; and the old group drops its copy. A Mover does that, step by
// step, and another one may go on where it stopped. A Router finds the group for clients. The map is a hint: whether a
// group serves a shard it knows from its own log.
//
// Which requests a shard has performed is part of the shard, and moves with it. So a client that asks again, elsewhere,
// is served once.
package shard
