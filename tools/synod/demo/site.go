// The site of a cluster: the folder in which its servers run, their processes, and the links between them.

package demo

import (
	"os"
	"path/filepath"
)

// site is what clusters of registers and of a log have in common.
type site struct {
	program  string // the synod command, which has the servers in it
	folder   string
	bugs     string
	untraced bool

	nursery *nursery
	links   mesh // they stand while servers come and go
}

// open makes the folders and the links. After an error, too, the site is to be closed.
func (s *site) open(from, to int) (err error) {
	s.nursery = newNursery()
	for _, name := range []string{"trace", "log", "data"} {
		if err := os.MkdirAll(filepath.Join(s.folder, name), 0o755); err != nil {
			return err
		}
	}
	s.links, err = newMesh(from, to)
	return err
}

// serve starts one server process on its folder, for the first time or again.
func (s *site) serve(role, name string, more ...string) (*process, error) {
	args := []string{"serve", role, "-id", name, "-data", s.data(name)}
	if !s.untraced {
		args = append(args, "-trace", s.trace(name))
	}
	if s.bugs != "" {
		args = append(args, "-break", s.bugs)
	}
	return s.nursery.start(name, filepath.Join(s.folder, "log", name+".log"), s.program, append(args, more...)...)
}

func (s *site) data(name string) string  { return filepath.Join(s.folder, "data", name) }
func (s *site) trace(name string) string { return filepath.Join(s.folder, "trace", name+".ndjson") }

// crashed names a server that ended by itself.
func (s *site) crashed() error { return s.nursery.crashed() }

// heal mends the network.
func (s *site) heal() {
	for _, row := range s.links {
		for _, l := range row {
			l.heal()
		}
	}
}

// close kills what still runs. It is safe at any moment, and leaves neither process nor port behind.
func (s *site) close() {
	if s.nursery != nil {
		s.nursery.close()
	}
	for _, row := range s.links {
		for _, l := range row {
			l.close()
		}
	}
}

// mesh has a link from each of some servers, by the first index, to each of some, by the second.
type mesh [][]*link

// newMesh opens the links. Those that it opened before an error are returned as well.
func newMesh(from, to int) (mesh, error) {
	m := make(mesh, from)
	for i := range m {
		for range to {
			l, err := newLink("")
			if err != nil {
				return m, err
			}
			m[i] = append(m[i], l)
		}
	}
	return m, nil
}

// retarget points the links to one server to where it listens now.
func (m mesh) retarget(to int, address string) {
	for _, row := range m {
		row[to].retarget(address)
	}
}
