// Memories: what an entry remembers of requests, in bytes.

package register

import (
	"encoding/binary"
)

// text gives the form in which an entry keeps it. Versions are written as how long ago they were.
func (m memory) text() string {
	b := binary.AppendUvarint(nil, m.epoch)
	b = binary.AppendUvarint(b, m.version)
	b = binary.AppendUvarint(b, m.version-m.forgotten)
	for _, s := range m.served {
		b = binary.LittleEndian.AppendUint64(b, s.client)
		effect := uint64(0)
		if s.effect {
			effect = 1
		}
		b = binary.AppendUvarint(b, (m.version-s.version)<<1|effect)
		b = binary.AppendUvarint(b, s.number)
	}
	return string(b)
}

// parseMemory reads what text wrote; "" is the memory of nothing.
func parseMemory(s string) (m memory, err error) {
	if s == "" {
		return m, nil
	}
	b := []byte(s)
	number := func() uint64 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			err, b = errEntry, nil
			return 0
		}
		b = b[size:]
		return n
	}
	m.epoch, m.version = number(), number()
	m.forgotten = m.version - number()
	for len(b) >= 8 && len(m.served) < Window {
		s := served{client: binary.LittleEndian.Uint64(b)}
		b = b[8:]
		ago := number()
		s.version, s.effect = m.version-ago>>1, ago&1 != 0
		s.number = number()
		m.served = append(m.served, s)
	}
	if len(b) > 0 || m.epoch == 0 || m.forgotten > m.version {
		err = errEntry
	}
	if err != nil {
		return memory{}, err
	}
	return m, nil
}
