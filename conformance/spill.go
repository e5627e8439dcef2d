// Spilling: summaries of idle instances in a file.

package conformance

import (
	"os"
)

// spill keeps byte strings in a temporary file, so that memory holds only where they are.
type spill struct {
	file *os.File
	size int64 // of the file
	dead int64 // bytes in it that nobody needs any more
}

// place is where a byte string is in a spill.
type place struct {
	offset int64
	length int
}

// put writes a byte string.
func (s *spill) put(b []byte) (place, error) {
	if s.file == nil {
		file, err := os.CreateTemp("", "synod-replay-*")
		if err != nil {
			return place{}, err
		}
		os.Remove(file.Name()) // the file lives as long as it is open, and not a moment longer
		s.file = file
	}
	at := place{s.size, len(b)}
	if _, err := s.file.WriteAt(b, s.size); err != nil {
		return place{}, err
	}
	s.size += int64(len(b))
	return at, nil
}

// take reads a byte string that is not needed in the file any more.
func (s *spill) take(p place) ([]byte, error) {
	b := make([]byte, p.length)
	_, err := s.file.ReadAt(b, p.offset)
	s.dead += int64(p.length)
	return b, err
}

// drop gives up a byte string that was put.
func (s *spill) drop(p place) { s.dead += int64(p.length) }

// wasteful reports whether most of the file is dead, and it is worth writing it anew.
func (s *spill) wasteful() bool { return s.dead > 16<<20 && s.dead > s.size/2 }

// compact writes the byte strings that are alive, and no others, into a new file; it changes their places.
func (s *spill) compact(alive []*place) error {
	var next spill
	for _, p := range alive {
		b, err := s.take(*p)
		if err == nil {
			*p, err = next.put(b)
		}
		if err != nil {
			next.close()
			return err
		}
	}
	s.close()
	*s = next
	return nil
}

func (s *spill) close() {
	if s.file != nil {
		s.file.Close()
	}
}
