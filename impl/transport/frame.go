// Frames: what a proposer and an acceptor send each other at a time.

package transport

import (
	"encoding/binary"
	"math"
	"strconv"

	"synod/impl/paxos"
)

// Limits that hold for every frame. What exceeds them closes the stream.
const (
	MaxKey   = 512          // bytes of a key
	MaxState = 1<<20 + 1024 // bytes of a state: a value of 1 MiB, when it expires, the requests that it remembers and of which ballots it is made
	MaxFrame = 1 << 22      // bytes of a frame
	maxName  = 128          // bytes of a name in a greeting
	maxShape = 1 << 14      // bytes of a cluster's description
	maxWhy   = 1 << 10      // bytes of a refusal
)

// A sender closes a frame before it has more than this. One more message always fits below MaxFrame.
const (
	fullFrame    = 1 << 18 // bytes
	fullMessages = 4096
)

// Hello is the first frame in each direction of a stream.
type Hello struct {
	Cluster string // the cluster's name
	Shape   string // a description of its constants, equal at all of its nodes
	Node    string
	Role    string // "acceptor" or "proposer"
	Run     uint64 // the node's run, for the ids of traced events
	// Configuration is the number of the configuration in which a proposer speaks.
	Configuration uint64
	// Incarnation and Commits are an acceptor's generation: of itself where it speaks, and where a proposer speaks to it,
	// what that remembers of it; 0 if nothing.
	Incarnation uint64
	Commits     uint64
	// Learns asks an acceptor to say what it has Promised: the proposer does not know which ballots it has used itself. Promised
	// is the largest ballot that the acceptor has promised for any register.
	Learns   bool
	Promised paxos.Ballot
}

// Envelope is a message about one register. The sender's traced step travels as its number and Lamport time; the
// receiver knows the node and run from the stream and puts the whole id into Message.Event. So it is with
// Message.Acceptor and Message.Proposer: a sender is who the stream says, never what a frame says.
type Envelope struct {
	Key     string
	Message paxos.Message
	Seq     uint64 // of the step that sent the message; 0 where no trace is kept
	Clock   uint64 // its Lamport time
}

// frame is a greeting, why one is refused, or a batch of messages.
type frame struct {
	hello   *Hello
	refused string
	batch   []Envelope
}

const (
	frameHello   byte = 1
	frameBatch   byte = 2
	frameRefused byte = 3
)

// marshal gives the frame's bytes.
func (f *frame) marshal() []byte { return f.append(nil) }

// append writes the frame behind b.
func (f *frame) append(b []byte) []byte {
	if h := f.hello; h != nil {
		b = append(b, frameHello)
		for _, s := range []string{h.Cluster, h.Shape, h.Node, h.Role} {
			b = appendText(b, s)
		}
		learns := uint64(0)
		if h.Learns {
			learns = 1
		}
		for _, n := range []uint64{h.Run, h.Configuration, h.Incarnation, h.Commits, learns, uint64(h.Promised)} {
			b = binary.AppendUvarint(b, n)
		}
		return b
	}
	if f.refused != "" {
		return appendText(append(b, frameRefused), f.refused)
	}
	b = binary.AppendUvarint(append(b, frameBatch), uint64(len(f.batch)))
	for i := range f.batch {
		b = appendEnvelope(b, &f.batch[i])
	}
	return b
}

// unmarshal reads what append wrote.
func (f *frame) unmarshal(data []byte) error {
	*f = frame{}
	r := &wireReader{rest: data}
	switch r.octet() {
	case frameHello:
		h := &Hello{Cluster: r.text(maxName), Shape: r.text(maxShape), Node: r.text(maxName), Role: r.text(maxName)}
		for _, n := range []*uint64{&h.Run, &h.Configuration, &h.Incarnation, &h.Commits} {
			*n = r.number(math.MaxUint64)
		}
		h.Learns, h.Promised = r.number(1) == 1, readBallot(r)
		f.hello = h
	case frameRefused:
		if f.refused = r.text(maxWhy); f.refused == "" {
			r.fail()
		}
	case frameBatch:
		n := int(r.number(uint64(len(data) / minEnvelope)))
		f.batch = make([]Envelope, 0, n)
		for range n {
			f.batch = append(f.batch, readEnvelope(r))
		}
	default:
		r.fail()
	}
	if len(r.rest) > 0 {
		r.fail()
	}
	return r.err
}

// minEnvelope is the size of the smallest message: kind, key of one byte, ballot, sequence number, clock.
const minEnvelope = 6

func appendEnvelope(b []byte, e *Envelope) []byte {
	m := &e.Message
	b = append(b, byte(m.Kind))
	b = appendText(b, e.Key)
	b = binary.AppendUvarint(b, uint64(m.Ballot))
	switch m.Kind {
	case paxos.KindPromise, paxos.KindReport:
		b = binary.AppendUvarint(b, uint64(m.AcceptedBallot))
		b = appendText(b, m.State)
		if m.Kind == paxos.KindPromise {
			b = binary.AppendUvarint(b, uint64(m.Promised))
		}
	case paxos.KindAccept:
		b = binary.AppendUvarint(b, uint64(m.Next))
		b = appendText(b, m.State)
	case paxos.KindErase:
		b = binary.AppendUvarint(b, uint64(m.Next))
	case paxos.KindRefusedPrepare, paxos.KindRefusedAccept:
		b = binary.AppendUvarint(b, uint64(m.Promised))
	}
	b = binary.AppendUvarint(b, e.Seq)
	return binary.AppendUvarint(b, e.Clock)
}

func readEnvelope(r *wireReader) Envelope {
	var e Envelope
	m := &e.Message
	m.Kind = paxos.Kind(r.octet())
	e.Key = r.text(MaxKey)
	m.Ballot = readBallot(r)
	if !m.Kind.Valid() || e.Key == "" || m.Ballot == 0 {
		r.fail()
	}
	switch m.Kind {
	case paxos.KindPromise, paxos.KindReport:
		m.AcceptedBallot = readBallot(r)
		m.State = r.bytes(MaxState)
		if m.Kind == paxos.KindPromise {
			m.Promised = readBallot(r)
		}
	case paxos.KindAccept:
		m.Next = readBallot(r)
		m.State = r.bytes(MaxState)
	case paxos.KindErase:
		m.Next = readBallot(r)
	case paxos.KindRefusedPrepare, paxos.KindRefusedAccept:
		m.Promised = readBallot(r)
	}
	e.Seq = r.number(math.MaxUint64)
	e.Clock = r.number(math.MaxUint64)
	return e
}

func readBallot(r *wireReader) paxos.Ballot {
	return paxos.Ballot(r.number(uint64(paxos.MaxBallot)))
}

// size bounds the bytes that an envelope takes in a frame.
func (e *Envelope) size() int { return 64 + len(e.Key) + len(e.Message.State) }

// from completes a received envelope with what the stream tells of its sender.
func (e *Envelope) from(h *Hello) {
	if e.Seq != 0 {
		var room [64]byte
		id := append(append(room[:0], h.Node...), '/')
		id = append(strconv.AppendUint(id, h.Run, 10), '/')
		e.Message.Event = string(strconv.AppendUint(id, e.Seq, 10))
	}
	switch {
	case h.Role == RoleAcceptor:
		e.Message.Acceptor = h.Node
	case e.Message.Kind == paxos.KindAsk:
		e.Message.Proposer = h.Node
	}
}

// The roles of a Hello.
const (
	RoleAcceptor = "acceptor"
	RoleProposer = "proposer"
	RoleReplica  = "replica" // of a log; it is in a Status alone
)
