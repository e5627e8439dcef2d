// Membership: acceptors come and go under load, and no change is lost.

package server_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"synod/impl/client"
	"synod/impl/membership"
	"synod/impl/server"
)

// operators connects an operator to all proposers.
func (c *cluster) operators() *client.Operators {
	o := &client.Operators{Proposers: map[string]*client.Client{}, Bugs: c.membershipBugs, Report: func(s string) { c.t.Log(s) }}
	for p := range c.shape.Proposers {
		o.Proposers[p] = c.client(p)
	}
	return o
}

// newcomer starts an acceptor on an empty folder and says who it is.
func (c *cluster) newcomer(o *client.Operators, id string) membership.Member {
	c.joins[id] = true
	delete(c.disks, id)
	c.start(id)
	s, err := c.client(id).Status(c.t.Context())
	require.NoError(c.t, err)
	o.Hear(s.Clock)
	return membership.Member{Address: c.addresses[id], Incarnation: s.Incarnation}
}

func (c *cluster) exchange(o *client.Operators, x membership.Change) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	require.NoError(c.t, o.Change(ctx, x))
}

func TestAcceptorsComeAndGoUnderLoad(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.start("a1", "a2", "a3", "p1", "p2")
	o := c.operators()
	r := drive(t, c, 4, 150, func(r *recorder) {
		r.await(20)
		c.exchange(o, membership.Change{Kind: membership.Add, Name: "a4", New: c.newcomer(o, "a4")})
		c.exchange(o, membership.Change{Kind: membership.Add, Name: "a5", New: c.newcomer(o, "a5")})
		r.await(20)
		c.exchange(o, membership.Change{Kind: membership.Remove, Name: "a1"})
		c.stop("a1")
		c.exchange(o, membership.Change{Kind: membership.Remove, Name: "a2"})
		c.stop("a2")
		r.await(20)
		c.stop("a3")
		c.exchange(o, membership.Change{Kind: membership.Readmit, Name: "a3", New: c.newcomer(o, "a3")})
		c.exchange(o, membership.Change{Kind: membership.Replace, Name: "a4", By: "a1", New: c.newcomer(o, "a1")})
		c.stop("a4")
		r.await(20)
	})
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(model, r.history, time.Minute))
	found, errs := o.Configurations(t.Context())
	require.Empty(t, errs)
	for _, f := range found {
		require.Equal(t, []string{"a1", "a3", "a5"}, f.Stage().Ask)
		require.Equal(t, []string{"a1", "a3", "a5"}, f.Stage().Tell)
	}
	c.stopAll()
	require.NotEmpty(t, c.trace())
	if keep := os.Getenv("SYNOD_KEEP"); keep != "" {
		for _, id := range c.all() {
			text, _ := os.ReadFile(filepath.Join(c.dir, id+".ndjson"))
			os.WriteFile(filepath.Join(keep, id+".ndjson"), text, 0o644)
		}
	}
}

var _ = server.ErrGeneration
