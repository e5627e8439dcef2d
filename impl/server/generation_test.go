// Generations: an acceptor that has lost its data folder, or runs on an old copy of it, does not serve.

package server_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/membership"
	"synod/impl/server"
	"synod/impl/transport"
)

// ended waits for a node to end by itself and gives why.
func (c *cluster) ended(id string) error {
	p := c.running[id]
	delete(c.running, id)
	defer p.stop()
	return <-p.err
}

func TestALostOrOldDataFolderIsRefused(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.untraced = true
	c.start("a1", "a2", "a3", "p1", "p2")
	o := c.operators()
	c.set("p1", "k", 1)
	c.set("p2", "k", 2)
	old := c.disks["a1"].(*disk).copy()
	copied, err := c.client("a1").Status(t.Context())
	require.NoError(t, err)
	c.await("a1", func(s *transport.Status) bool { // a1 need not be among those who accept in time
		c.set("p1", "k", 3)
		return s.Commits > copied.Commits
	})
	c.stop("a1")
	c.start("a1") // with its own folder it goes on, and says how far it has come
	for _, p := range []string{"p1", "p2"} {
		c.await(p, func(s *transport.Status) bool { return len(s.Connected) == 3 })
	}

	c.stop("a1")
	own := c.disks["a1"]
	c.disks["a1"] = old
	c.start("a1")
	err = c.ended("a1")
	require.ErrorIs(t, err, server.ErrGeneration)
	require.ErrorContains(t, err, "the data folder of a1 is an old copy")
	require.ErrorContains(t, err, "synod member readmit a1")

	delete(c.disks, "a1")
	c.start("a1")
	err = c.ended("a1")
	require.ErrorIs(t, err, server.ErrGeneration)
	require.ErrorContains(t, err, "a1 has another data folder than the one that is a member")

	c.disks["a1"] = own
	c.start("a1")
	for _, p := range []string{"p1", "p2"} {
		c.await(p, func(s *transport.Status) bool { return len(s.Connected) == 3 })
	}

	// It is lost for good. On a new folder it waits until it is readmitted; the proposers remember that over their restarts.
	c.stop("a1")
	fresh := c.newcomer(o, "a1")
	c.stop("p1", "p2")
	c.start("p1", "p2")
	o = c.operators()
	c.set("p1", "k", 4)
	s, err := c.client("p1").Status(t.Context())
	require.NoError(t, err)
	require.NotContains(t, s.Connected, "a1")
	c.exchange(o, membership.Change{Kind: membership.Readmit, Name: "a1", New: fresh})
	c.stop("a2")
	c.set("p1", "k", 5)
	c.set("p2", "k", 6)

	// Its old folder is another one now.
	c.stop("a1")
	c.disks["a1"] = own
	c.joins["a1"] = false
	c.start("a1")
	require.ErrorIs(t, c.ended("a1"), server.ErrGeneration)
}

// A proposer that comes back with an old data folder is in a configuration long past, and acceptors know.
func TestAProposerOnAnOldDataFolderIsRefused(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.untraced = true
	c.start("a1", "a2", "a3", "p1", "p2")
	o := c.operators()
	old := c.disks["p2"].(*disk).copy()
	c.exchange(o, membership.Change{Kind: membership.Add, Name: "a4", New: c.newcomer(o, "a4")})
	c.set("p1", "k", 1)
	c.await("p1", func(s *transport.Status) bool { return len(s.Connected) == 4 })
	c.stop("p2")
	c.disks["p2"] = old
	c.start("p2")
	c.set("p1", "k", 2)
	s, err := c.client("p2").Status(t.Context())
	require.NoError(t, err)
	require.Empty(t, s.Connected)
}
