// Membership: acceptors come and go under load, and no change is lost.

package server_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/client"
	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/trace"
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
	c.conforms()
}

// replay asks the specification about the traces of all nodes, which have to be stopped.
func (c *cluster) replay() *conformance.Report {
	c.t.Helper()
	var headers []trace.Header
	for _, id := range c.all() {
		f, err := trace.ReadFile(filepath.Join(c.dir, id+".ndjson"))
		require.NoError(c.t, err)
		headers = append(headers, f.Headers...)
	}
	path := filepath.Join("..", "..", "spec", "register", "RegisterMembership.tla")
	spec, err := conformance.LoadSpec(path, conformance.SpecOptions{Headers: headers})
	require.NoError(c.t, err)
	report, err := conformance.Replay(c.t.Context(), spec, headers, c.trace(), conformance.Options{})
	require.NoError(c.t, err)
	return report
}

// conforms replays the traces of all nodes. If they do not conform the report says why.
func (c *cluster) conforms() {
	c.t.Helper()
	report := c.replay()
	var why strings.Builder
	if report.Verdict != conformance.Conforms {
		require.NoError(c.t, report.WriteText(&why))
	}
	require.Equal(c.t, conformance.Conforms, report.Verdict, why.String())
}

// set sets a register through a proposer, and again until that has succeeded.
func (c *cluster) set(proposer, key string, value int64) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	for {
		r, err := c.client(proposer).Change(ctx, key, register.Set(value))
		require.NoError(c.t, err)
		if r.Outcome == paxos.Satisfied {
			return
		}
	}
}

// delete deletes a register through a proposer, and again until that has succeeded.
func (c *cluster) delete(proposer, key string) {
	c.t.Helper()
	for {
		r, err := c.client(proposer).Change(c.t.Context(), key, register.Delete())
		require.NoError(c.t, err)
		if r.Outcome == paxos.Satisfied {
			return
		}
	}
}

// awaitErased waits until no acceptor of the proposer's holds anything of the key.
func (c *cluster) awaitErased(proposer, key string) {
	c.t.Helper()
	require.Eventually(c.t, func() bool {
		return !slices.Contains(keysHeld(c.t, c.registers[proposer]), key)
	}, 20*time.Second, 5*time.Millisecond)
}

// grow makes three acceptors five, of which the third does not run, so that quorums are those of the others.
func (c *cluster) grow(o *client.Operators) {
	if c.running["a3"] != nil {
		c.stop("a3")
	}
	for _, id := range []string{"a4", "a5"} {
		c.exchange(o, membership.Change{Kind: membership.Add, Name: id, New: c.newcomer(o, id)})
	}
	c.set("p1", "k", 2)
	c.set("p2", "l", 2)
}

// each are stories in which a step that is left out shows.
var each = map[string]func(c *cluster, o *client.Operators){
	"one-step": func(c *cluster, o *client.Operators) {
		c.exchange(o, membership.Change{Kind: membership.Replace, Name: "a1", By: "a4", New: c.newcomer(o, "a4")})
		c.set("p1", "k", 2)
		c.set("p2", "k", 2)
	},
	"no-rewrite": func(c *cluster, o *client.Operators) {
		c.stop("a3")
		c.set("p1", "k", 3)
		c.grow(o)
	},
	"accept-not-raised": func(c *cluster, o *client.Operators) { c.grow(o) },
	"rewrite-too-early": func(c *cluster, o *client.Operators) {
		o.Report = func(text string) {
			if strings.Contains(text, "written anew") && !c.late {
				c.late = true
				c.set("p2", "k", 3)
			}
		}
		c.grow(o)
	},
	"advance-unwritten": func(c *cluster, o *client.Operators) {
		c.stop("a3")
		parallel(8, func(i int) {
			for n := range 60 {
				c.set("p1", fmt.Sprintf("cold%d_%d", i, n), 1)
			}
		})
		c.set("p1", "z", 1)
		o.Report = func(text string) {
			if strings.Contains(text, "written anew") && !c.late { // the proposer that does it stops before the last
				c.late = true
				c.stop("p1", "p2")
				c.start("p1", "p2")
			}
		}
		c.grow(o)
		c.set("p2", "z", 2)
	},
	"advance-unconfirmed": func(c *cluster, o *client.Operators) {
		c.exchange(o, membership.Change{Kind: membership.Add, Name: "a4", New: c.newcomer(o, "a4")})
		c.set("p1", "k", 2)
		c.set("p2", "k", 3)
	},
	"adopt-in-a-round": func(c *cluster, o *client.Operators) { c.grow(o) },
	"adopt-any": func(c *cluster, o *client.Operators) {
		ctx, stop := context.WithCancel(c.t.Context())
		o.Report = func(text string) {
			if strings.Contains(text, "written anew") {
				stop()
			}
		}
		require.Error(c.t, o.Change(ctx, membership.Change{Kind: membership.Add, Name: "a4", New: c.newcomer(o, "a4")}))
		o.Report = func(text string) {
			if strings.HasSuffix(text, "configuration 0") {
				c.set("p1", "k", 2)
				c.set("p2", "l", 2)
			}
		}
		require.NoError(c.t, o.Resume(c.t.Context()))
	},
	"ballots-below": func(c *cluster, o *client.Operators) {
		c.exchange(o, membership.Change{Kind: membership.Add, Name: "a4", New: c.newcomer(o, "a4")})
		c.set("p1", "l", 2)
		c.set("p2", "k", 2)
	},
	"collects-unsettled": func(c *cluster, o *client.Operators) {
		c.stop("a1") // it holds what the others are told to delete
		c.delete("p1", "k")
		o.Report = func(text string) {
			if c.late || text != "proposer p1 is in configuration 1" {
				return
			}
			c.late = true
			if c.membershipBugs != 0 {
				c.awaitErased("p1", "k")
			}
			c.start("a1")
			c.stop("a3")
			c.set("p2", "k", 2)
			c.start("a3")
		}
		c.exchange(o, membership.Change{Kind: membership.Remove, Name: "a1"})
	},
	"stranger-serves": func(c *cluster, o *client.Operators) {
		c.stop("a1")
		delete(c.disks, "a1")
		c.start("a1")
		c.stop("a2", "p1")
		c.start("p1") // with promises of the old a1 it would not notice
		c.set("p1", "k", 2)
	},
}

// Each step of the procedure is left out in turn, and the specification refuses what the nodes did. Nothing is wrong with
// the same stories otherwise.
func TestEveryStepOfAChangeIsNeeded(t *testing.T) {
	for _, name := range membership.BugNames() {
		t.Run(name, func(t *testing.T) {
			bug, err := membership.ParseBugs(name)
			require.NoError(t, err)
			for bugs, want := range map[membership.Bugs]conformance.Verdict{bug: conformance.Violates, 0: conformance.Conforms} {
				if bugs == 0 && bug == membership.StrangerServes {
					continue // it would wait for ever: see TestALostOrOldDataFolderIsRefused
				}
				c := newCluster(t, 3, 2)
				c.dir = t.TempDir()
				c.membershipBugs, c.timeout, c.entries = bugs, 50*time.Millisecond, true
				if bug == membership.CollectsUnsettled {
					c.sweep = 10 * time.Millisecond
				}
				c.start("a1", "a2", "a3", "p1", "p2")
				for n := range int64(3) {
					c.set("p1", "k", n+5)
					c.set("p2", "l", n+5)
				}
				each[name](c, c.operators())
				c.stopAll()
				require.Equal(t, want, c.replay().Verdict, "bugs: %s", bugs)
			}
		})
	}
}

// A proposer that starts again finds the plan it was in, of which founders that have left are no part.
func TestAProposerStartsAgainWhenFoundersHaveLeft(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.start("a1", "a2", "a3", "p1")
	o := c.operators()
	c.exchange(o, membership.Change{Kind: membership.Replace, Name: "a2", By: "a4", New: c.newcomer(o, "a4")})
	c.stop("a2")
	c.exchange(o, membership.Change{Kind: membership.Replace, Name: "a3", By: "a2", New: c.newcomer(o, "a2")})
	c.set("p1", "k", 1)
	before, errs := o.Configurations(t.Context())
	require.Empty(t, errs)
	c.stop("p1")
	require.NoError(t, c.tryStart("p1"))
	after, errs := c.operators().Configurations(t.Context())
	require.Empty(t, errs)
	require.Equal(t, before, after)
	c.set("p1", "k", 2)
	c.stopAll()
	c.conforms()
}

// Nodes crash while the acceptors change, and the operator is interrupted again and again. What another one goes on with
// comes to its end, and nothing is lost.
func TestAChangeSurvivesCrashesAndItsOperator(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.timeout = 100 * time.Millisecond
	c.start("a1", "a2", "a3", "p1", "p2")
	r := drive(t, c, 4, 100, func(r *recorder) {
		r.await(20)
		o := c.operators()
		change := membership.Change{Kind: membership.Replace, Name: "a2", By: "a4", New: c.newcomer(o, "a4")}
		victims := []string{"p2", "a1", "a4", "p1", "a3"}
		for n, begun := 0, false; ; n++ {
			ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
			steps := 0
			o.Report = func(text string) {
				t.Log(text)
				if steps++; steps == n+2 && n < len(victims) {
					c.crash(victims[n])
					c.start(victims[n])
					stop()
				}
			}
			var err error
			if !begun {
				err, begun = o.Change(ctx, change), true
			} else {
				err = o.Resume(ctx)
			}
			stop()
			if err == nil {
				require.Greater(t, n, 1)
				break
			}
			o = c.operators() // it remembers nothing
		}
		r.await(20)
	})
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(model, r.history, time.Minute))
	found, errs := c.operators().Configurations(t.Context())
	require.Empty(t, errs)
	require.Equal(t, []string{"a1", "a3", "a4"}, found["p1"].Stage().Ask)
	c.stopAll()
	c.conforms()
}
