// The package comment: how a client finds the group that serves a shard, and how an operator moves one.

// Package groups is the client of several groups that share out the shards of impl/shard among them. New makes a Client
// over the groups: replicas of this process, or servers that are reached as Redis clients reach them (Remote). Its Serve
// finds the group that serves a shard, however often the shard moves meanwhile. A Session asks for changes that take effect
// once, however often they have to be asked for. An Operator cuts ranges of shards in two, and moves them.
package groups
