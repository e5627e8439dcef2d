// What it costs to trace a step.

package server

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"synod/impl/paxos"
	"synod/impl/register"
)

// BenchmarkTracedStep records steps of a put and of a get of 256 bytes: those of a proposer and of an acceptor. A turn has 64
// of them.
func BenchmarkTracedStep(b *testing.B) {
	proposer := paxos.Proposer{ID: "p1", Acceptors: []string{"a1", "a2", "a3"}, Scheme: paxos.Pair{ID: 1, Stride: 16}}
	started, err := proposer.Prepare(paxos.Round{Counter: 1_000_000})
	if err != nil {
		b.Fatal(err)
	}
	r := started.After
	for _, a := range []string{"a1", "a2"} {
		r = proposer.Receive(r, paxos.Message{Kind: paxos.KindPromise, Ballot: r.Ballot, Acceptor: a, Event: a + "/1/1234567"}).After
	}
	put := register.Map(func(register.Entry) register.Entry {
		return register.Entry{Exists: true, Value: []byte(strings.Repeat("x", 256))}
	})
	proposed := proposer.Propose(r, []paxos.Change{put}, true)
	accept := proposed.Send
	accept.Event = "p1/1/1234567"
	accepted, _ := paxos.Acceptor{ID: "a1"}.Receive(paxos.AcceptorState{}, accept)
	asked := proposer.Ask(1234567)
	ask, read := asked.Send, asked
	ask.Event = "p1/1/1234567"
	reported, _ := paxos.Acceptor{ID: "a1"}.Receive(accepted.After, ask)
	for _, a := range []string{"a1", "a2"} {
		report := reported.Reply
		report.Acceptor, report.Event = a, a+"/1/1234567"
		read = proposer.ReceiveReport(read.After, report)
	}
	for _, x := range []struct {
		name string
		node string
		step *paxos.Step
	}{
		{"Propose", "p1", &proposed.Step}, {"Accept", "a1", &accepted.Step},
		{"Ask", "p1", &asked.Step}, {"Report", "a1", &reported.Step}, {"Answer", "p1", &read.Step},
	} {
		b.Run(x.name, func(b *testing.B) {
			cfg := &Node{
				ID: x.node, TracePath: filepath.Join(b.TempDir(), x.node+".ndjson"),
				Cluster: Cluster{Name: "c", Acceptors: []string{"a1", "a2", "a3"}, Proposers: map[string]uint32{"p1": 1}, Scheme: "pair", Stride: 16},
			}
			j, err := openJournal(cfg, 1, nil)
			if err != nil {
				b.Fatal(err)
			}
			n := &node{journal: j}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				n.note("key:000000012345", true, x.step)
				if i%64 == 63 {
					if err := j.flush(); err != nil {
						b.Fatal(err)
					}
				}
			}
			if err := j.close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// A step that is not traced costs no memory, nor does what it is a part of.
func TestAnUntracedStepAllocatesNothing(t *testing.T) {
	n := &node{}
	var s paxos.AcceptorState
	core := paxos.Acceptor{ID: "a1"}
	ballot := paxos.Ballot(0)
	allocations := testing.AllocsPerRun(100, func() {
		ballot++
		e, _ := core.Receive(s, paxos.Message{Kind: paxos.KindAccept, Ballot: ballot, State: "s"})
		s = e.After
		n.note("k", false, &e.Step)
	})
	if allocations != 0 || n.steps.Load() == 0 {
		t.Fatalf("%v allocations for a step", allocations)
	}
}

// One key in so many is traced, at whichever node one asks.
func TestOneKeyInSoManyIsTraced(t *testing.T) {
	j := &journal{sample: 16}
	kept := 0
	for i := range 16_000 {
		if j.keeps(fmt.Sprint("k", i)) {
			kept++
		}
	}
	if kept < 800 || kept > 1200 {
		t.Fatalf("%d of 16000 keys are traced", kept)
	}
	if (*journal)(nil).keeps("k") || !(&journal{sample: 1}).keeps("k") {
		t.Fatal("without a journal nothing is traced, and with a sample of 1 all is")
	}
}
