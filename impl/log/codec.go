// The codec: messages, votes and batches as bytes, for the network and the disk.

package log

import (
	"encoding/binary"
	"time"

	"synod/impl/paxos"
)

// AppendMessage writes a message behind b. From and To are left out: a connection knows its two ends.
func AppendMessage(b []byte, m *Message) []byte {
	b = append(b, byte(m.Kind))
	b = binary.AppendUvarint(b, uint64(m.Ballot))
	b = binary.AppendUvarint(b, uint64(m.Slot))
	b = binary.AppendUvarint(b, uint64(m.Promised))
	b = appendBatch(b, m.Value)
	b = binary.AppendUvarint(b, uint64(len(m.Votes)))
	for i := range m.Votes {
		b = AppendVote(b, &m.Votes[i])
	}
	b = appendText(b, m.Data)
	b = appendText(b, m.Event)
	b = binary.AppendUvarint(b, uint64(m.Sent))
	return binary.AppendUvarint(b, m.Clock)
}

// ParseMessage reads what AppendMessage wrote. The message holds parts of the text. What is no message is a
// *DamagedError.
func ParseMessage(text string) (m Message, err error) {
	d := decoder{rest: text}
	m.Kind = Kind(d.octet())
	m.Ballot, m.Slot, m.Promised = Ballot(d.number(uint64(paxos.MaxBallot))), Slot(d.number(1<<64-1)), Ballot(d.number(uint64(paxos.MaxBallot)))
	m.Value = d.batch()
	for n := d.count(); n > 0 && !d.failed; n-- {
		m.Votes = append(m.Votes, d.vote())
	}
	m.Data, m.Event = d.text(), d.text()
	m.Sent = time.Duration(d.number(1<<63 - 1))
	m.Clock = d.number(1<<64 - 1)
	if d.failed || d.rest != "" || m.Kind < KindPrepare || m.Kind > KindAdmit {
		return Message{}, &DamagedError{"message"}
	}
	return m, nil
}

// AppendVote writes a vote behind b.
func AppendVote(b []byte, v *Vote) []byte {
	b = binary.AppendUvarint(b, uint64(v.Slot))
	b = binary.AppendUvarint(b, uint64(v.Ballot))
	return appendBatch(b, v.Value)
}

// ParseVote reads what AppendVote wrote. The vote holds parts of the text.
func ParseVote(text string) (Vote, error) {
	d := decoder{rest: text}
	v := d.vote()
	if d.failed || d.rest != "" || v.Slot == 0 || v.Ballot == 0 {
		return Vote{}, &DamagedError{"vote"}
	}
	return v, nil
}

// AppendCommand writes a command behind b.
func AppendCommand(b []byte, c *Command) []byte {
	b = appendText(b, c.Client)
	b = binary.AppendUvarint(b, c.Number)
	return appendText(b, c.Body)
}

// ParseCommand reads what AppendCommand wrote. The command holds parts of the text.
func ParseCommand(text string) (Command, error) {
	d := decoder{rest: text}
	c := d.command()
	if d.failed || d.rest != "" {
		return Command{}, &DamagedError{"command"}
	}
	return c, nil
}

func appendBatch(b []byte, v Batch) []byte {
	b = binary.AppendUvarint(b, uint64(len(v)))
	for i := range v {
		b = AppendCommand(b, &v[i])
	}
	return b
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// decoder reads what the append functions wrote. After the first error all it returns is zero, so that who uses it
// checks once, at the end. Nothing is allocated for more than the text can hold.
type decoder struct {
	rest   string
	failed bool
}

func (d *decoder) fail() { d.rest, d.failed = "", true }

func (d *decoder) octet() byte {
	if d.rest == "" {
		d.fail()
		return 0
	}
	c := d.rest[0]
	d.rest = d.rest[1:]
	return c
}

// number reads an unsigned number that is at most limit.
func (d *decoder) number(limit uint64) uint64 {
	var n uint64
	for i := 0; i < len(d.rest) && i < binary.MaxVarintLen64; i++ {
		c := d.rest[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c >= 0x80 {
			continue
		}
		if n > limit || i == binary.MaxVarintLen64-1 && c > 1 {
			break
		}
		d.rest = d.rest[i+1:]
		return n
	}
	d.fail()
	return 0
}

// count reads how many things follow, each of a byte at least.
func (d *decoder) count() int { return int(d.number(uint64(len(d.rest)))) }

func (d *decoder) text() string {
	n := d.count()
	if n > len(d.rest) {
		d.fail()
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) command() Command {
	return Command{Client: d.text(), Number: d.number(1<<64 - 1), Body: d.text()}
}

func (d *decoder) batch() Batch {
	n := d.count()
	if n == 0 {
		return nil
	}
	b := make(Batch, 0, min(n, 1+len(d.rest)/minCommand))
	for i := 0; i < n && !d.failed; i++ {
		b = append(b, d.command())
	}
	return b
}

// minCommand is how many bytes a command takes at least.
const minCommand = 3

func (d *decoder) vote() Vote {
	return Vote{Slot: Slot(d.number(1<<64 - 1)), Ballot: Ballot(d.number(uint64(paxos.MaxBallot))), Value: d.batch()}
}
