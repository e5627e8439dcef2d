// The wire: what replicas tell each other, in frames of a length, a kind and a body.

package replica

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"synod/impl/log"
)

// The kinds of frames. A connection begins with a greeting in each direction.
const (
	frameHello   byte = 'H'
	frameMessage byte = 'M' // of the core
	frameRequest byte = 'Q' // a client's, on its way to the leader
	frameQuery   byte = 'G' // one that reads: it need not take a place in the log
	frameReply   byte = 'R' // and back
	frameStatus  byte = 'S' // how the replica is, for one who asks
	frameCommits byte = 'C' // how far the sender's data folder has come
)

// Limits of a frame. A snapshot is one, so it may be large; its length is believed only as far as bytes come.
const (
	maxFrame = 1 << 30
	maxHello = 1 << 14
)

// hello is the first frame in each direction.
type hello struct {
	Protocol string `json:"protocol"`
	Cluster  string `json:"cluster"`
	Group    string `json:"group,omitempty"`
	Shape    string `json:"shape"`
	Node     string `json:"node"`
	Folder   uint64 `json:"folder"`          // the number of the sender's data folder
	Known    uint64 `json:"known,omitempty"` // and of that which it remembers of who is greeted
	// How many batches of the log are in the one, and as far as is known, in the other.
	Commits      uint64 `json:"commits,omitempty"`
	KnownCommits uint64 `json:"known_commits,omitempty"`

	Lost bool `json:"lost,omitempty"` // the sender's takes the place of one that was lost
}

// protocol names this wire format, so that another one is refused by name.
const protocol = "synod replica 3"

// request asks the leader for a command, on behalf of a client of the replica that sends it.
type request struct {
	log.Command
	query bool
}

// reply answers a request.
type reply struct {
	client  string
	number  uint64
	unknown bool // it may be performed or not; result is then whom to ask, as far as is known
	result  string
}

// appendFrame writes a frame behind b. body writes what is in it.
func appendFrame(b []byte, kind byte, body func([]byte) []byte) []byte {
	start := len(b)
	b = append(b, 0, 0, 0, 0, kind)
	b = body(b)
	binary.BigEndian.PutUint32(b[start:], uint32(len(b)-start-4))
	return b
}

func appendReply(b []byte, r *reply) []byte {
	outcome := "k"
	if r.unknown {
		outcome = "u"
	}
	return log.AppendCommand(b, &log.Command{Client: r.client, Number: r.number, Body: outcome + r.result})
}

func parseReply(text string) (reply, error) {
	c, err := log.ParseCommand(text)
	if err != nil {
		return reply{}, err
	}
	if c.Body == "" {
		return reply{}, errMalformed
	}
	return reply{client: c.Client, number: c.Number, unknown: c.Body[0] == 'u', result: c.Body[1:]}, nil
}

// errMalformed says that a frame does not have the form that its sender's code writes.
var errMalformed = errors.New("malformed frame")

// frameReader reads frames.
type frameReader struct {
	r    *bufio.Reader
	body []byte
}

// strangersReader reads from one who has not said who he is: he is given little memory.
func strangersReader(r io.Reader) *frameReader { return &frameReader{r: bufio.NewReaderSize(r, 1<<9)} }

// next reads one frame of at most limit bytes. The body holds until the next call.
func (f *frameReader) next(limit int) (kind byte, body []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(f.r, head[:]); err != nil {
		return 0, nil, err
	}
	n := int(binary.BigEndian.Uint32(head[:4])) - 1
	if n < 0 || n > limit {
		return 0, nil, fmt.Errorf("%w: %d bytes", errMalformed, n)
	}
	const step = 1 << 20
	if n <= step {
		if cap(f.body) < n {
			f.body = make([]byte, n)
		}
		body = f.body[:n]
		_, err = io.ReadFull(f.r, body)
		return head[4], body, err
	}
	var large bytes.Buffer
	_, err = io.CopyN(&large, f.r, int64(n))
	return head[4], large.Bytes(), err
}

// greeting reads a greeting.
func (f *frameReader) greeting() (h hello, err error) {
	kind, body, err := f.next(maxHello)
	if err != nil {
		return h, err
	}
	if kind != frameHello || json.Unmarshal(body, &h) != nil {
		return h, fmt.Errorf("%w: no greeting", errMalformed)
	}
	return h, nil
}

// deliveryFrames is how many frames are handed over at once, at most.
const deliveryFrames = 1 << 10

// delivery reads a frame, and those behind it that are there already.
func (f *frameReader) delivery(from string) (d delivery, err error) {
	for {
		kind, body, err := f.next(maxFrame)
		if err != nil {
			return d, err
		}
		text := string(body)
		switch kind {
		case frameMessage:
			m, err := log.ParseMessage(text)
			if err != nil {
				return d, err
			}
			m.From = from
			d.messages = append(d.messages, m)
		case frameRequest, frameQuery:
			c, err := log.ParseCommand(text)
			if err != nil {
				return d, err
			}
			d.requests = append(d.requests, request{c, kind == frameQuery})
		case frameReply:
			r, err := parseReply(text)
			if err != nil {
				return d, err
			}
			d.replies = append(d.replies, r)
		case frameCommits:
			if d.commits, err = strconv.ParseUint(text, 10, 64); err != nil {
				return d, fmt.Errorf("%w: %q is no number", errMalformed, text)
			}
		default:
			return d, fmt.Errorf("%w: of kind %q", errMalformed, kind)
		}
		if f.r.Buffered() < 5 || d.size() >= deliveryFrames {
			return d, nil
		}
	}
}
