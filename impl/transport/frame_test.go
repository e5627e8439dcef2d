// Frames come back as they were sent, and bytes that are none are refused whatever they are.

package transport

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"synod/impl/paxos"
)

// envelopes draws messages as proposers and acceptors send them.
var envelopes = rapid.Custom(func(t *rapid.T) Envelope {
	ballot := rapid.Custom(func(t *rapid.T) paxos.Ballot {
		return paxos.Ballot(rapid.Uint64Range(1, uint64(paxos.MaxBallot)).Draw(t, "ballot"))
	})
	e := Envelope{
		Key:   rapid.StringMatching(`[a-zé]{1,40}`).Draw(t, "key"),
		Seq:   rapid.Uint64().Draw(t, "seq"),
		Clock: rapid.Uint64().Draw(t, "clock"),
	}
	m := &e.Message
	m.Kind = paxos.Kind(rapid.IntRange(int(paxos.KindPrepare), int(paxos.KindErase)).Draw(t, "kind"))
	m.Ballot = ballot.Draw(t, "own")
	switch m.Kind {
	case paxos.KindPromise, paxos.KindReport:
		m.AcceptedBallot, m.State = ballot.Draw(t, "accepted"), string(rapid.SliceOf(rapid.Byte()).Draw(t, "state"))
		if m.Kind == paxos.KindPromise {
			m.Promised = ballot.Draw(t, "erased")
		}
	case paxos.KindErase:
		m.Next = ballot.Draw(t, "used")
	case paxos.KindAccept:
		m.Next, m.State = ballot.Draw(t, "next"), string(rapid.SliceOf(rapid.Byte()).Draw(t, "state"))
	case paxos.KindRefusedPrepare, paxos.KindRefusedAccept:
		m.Promised = ballot.Draw(t, "promised")
	}
	return e
})

func TestFramesComeBackAsTheyWereSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := frame{batch: rapid.SliceOf(envelopes).Draw(t, "batch")}
		data := sent.marshal()
		var got frame
		if err := got.unmarshal(data); err != nil {
			t.Fatal(err)
		}
		if len(got.batch) != len(sent.batch) {
			t.Fatalf("%d of %d messages came back", len(got.batch), len(sent.batch))
		}
		for i := range sent.batch {
			if got.batch[i] != sent.batch[i] {
				t.Fatalf("%+v came back as %+v", sent.batch[i], got.batch[i])
			}
			if size := sent.batch[i].size(); size < len(data)-2 && len(sent.batch) == 1 {
				t.Fatalf("a message of %d bytes was taken for %d at most", len(data), size)
			}
		}
		// Nothing shorter or longer is a frame.
		cut := rapid.IntRange(0, len(data)-1).Draw(t, "cut")
		if got.unmarshal(data[:cut]) == nil {
			t.Fatalf("a frame cut after %d of %d bytes was read", cut, len(data))
		}
		if got.unmarshal(append(bytes.Clone(data), 0)) == nil {
			t.Fatal("a frame with a byte too many was read")
		}
	})
}

func TestGreetingsComeBack(t *testing.T) {
	hello := Hello{Cluster: "c", Shape: "acceptors a1", Node: "p1", Role: RoleProposer, Run: math.MaxUint64}
	data := (&frame{hello: &hello}).marshal()
	var got frame
	require.NoError(t, got.unmarshal(data))
	require.Equal(t, &hello, got.hello)
	for cut := range data {
		require.Error(t, got.unmarshal(data[:cut]))
	}
}

func TestMalformedFramesAreRefused(t *testing.T) {
	batch := func(e ...Envelope) []byte { return (&frame{batch: e}).marshal() }
	ok := Envelope{Key: "k", Message: paxos.Message{Kind: paxos.KindAccept, Ballot: 1, State: "0"}}
	var f frame
	require.NoError(t, f.unmarshal(batch(ok)))
	for name, spoil := range map[string]func(*Envelope){
		"no key":                            func(e *Envelope) { e.Key = "" },
		"long key":                          func(e *Envelope) { e.Key = strings.Repeat("k", MaxKey+1) },
		"key that is no text":               func(e *Envelope) { e.Key = "\xff" },
		"no ballot":                         func(e *Envelope) { e.Message.Ballot = 0 },
		"ballot above 2^53":                 func(e *Envelope) { e.Message.Ballot = paxos.MaxBallot + 1 },
		"unknown kind":                      func(e *Envelope) { e.Message.Kind = paxos.KindErase + 1 },
		"kind 0":                            func(e *Envelope) { e.Message.Kind = 0 },
		"state that is larger than allowed": func(e *Envelope) { e.Message.State = strings.Repeat("0", MaxState+1) },
	} {
		e := ok
		spoil(&e)
		require.ErrorIs(t, f.unmarshal(batch(ok, e)), errMalformed, name)
	}
	require.ErrorIs(t, f.unmarshal(nil), errMalformed)
	require.ErrorIs(t, f.unmarshal([]byte{4}), errMalformed)
	require.ErrorIs(t, f.unmarshal([]byte{frameRefused, 0}), errMalformed)
	require.ErrorIs(t, f.unmarshal((&frame{refused: strings.Repeat("n", maxWhy+1)}).marshal()), errMalformed)
	// A count that the frame cannot hold is refused before anything is allocated for it.
	require.ErrorIs(t, f.unmarshal([]byte{frameBatch, 0xff, 0xff, 0xff, 0xff, 0x7f}), errMalformed)
}

// What a frame says of a sender counts for nothing: the stream knows who it is.
func TestTheStreamSaysWhoSent(t *testing.T) {
	e := Envelope{Key: "k", Message: paxos.Message{Kind: paxos.KindAccepted, Ballot: 1, Acceptor: "a9"}, Seq: 4, Clock: 9}
	var f frame
	require.NoError(t, f.unmarshal((&frame{batch: []Envelope{e}}).marshal()))
	require.Empty(t, f.batch[0].Message.Acceptor)
	f.batch[0].from(&Hello{Node: "a1", Role: RoleAcceptor, Run: 2})
	require.Equal(t, "a1", f.batch[0].Message.Acceptor)
	require.Equal(t, "a1/2/4", f.batch[0].Message.Event)
	untraced := Envelope{}
	untraced.from(&Hello{Node: "p1", Role: RoleProposer, Run: 2})
	require.Zero(t, untraced.Message)
}

func TestFramesStayBelowTheLimit(t *testing.T) {
	large := Envelope{Key: strings.Repeat("k", MaxKey), Message: paxos.Message{
		Kind: paxos.KindPromise, Ballot: paxos.MaxBallot, AcceptedBallot: paxos.MaxBallot, State: strings.Repeat("1", MaxState),
	}, Seq: math.MaxUint64, Clock: math.MaxUint64}
	small := Envelope{Key: "k", Message: paxos.Message{Kind: paxos.KindAccepted, Ballot: 1}}
	var rest []Envelope
	for i := range 10_000 {
		if i%50 == 0 {
			rest = append(rest, large)
		}
		rest = append(rest, small)
	}
	for len(rest) > 0 {
		n := frameful(rest)
		require.LessOrEqual(t, len((&frame{batch: rest[:n]}).marshal()), MaxFrame)
		rest = rest[n:]
	}
}

// FuzzFrame looks for bytes that make the decoder panic, or that it reads as something it would not write.
func FuzzFrame(f *testing.F) {
	f.Add((&frame{hello: &Hello{Cluster: "c", Shape: "s", Node: "n", Role: RoleAcceptor, Run: 1, Configuration: 2, Incarnation: 3, Commits: 4}}).marshal())
	f.Add((&frame{refused: "no"}).marshal())
	for kind := paxos.KindPrepare; kind <= paxos.KindRefusedAccept; kind++ {
		m := paxos.Message{Kind: kind, Ballot: 300, AcceptedBallot: 7, Promised: 301, State: "-5"}
		f.Add((&frame{batch: []Envelope{{Key: "k", Message: m, Seq: 1, Clock: 2}, {Key: "l", Message: m}}}).marshal())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, again frame
		if got.unmarshal(data) != nil {
			return
		}
		require.NoError(t, again.unmarshal(got.marshal()))
		require.Equal(t, got, again)
	})
}
