// The journal: what a group does to its shards, as a replica of the group comes to it, in a trace.

package groups

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"synod/impl/shard"
	"synod/trace"
)

// Journal writes the steps of a group. All replicas of a group write the same ones, so the files of one process, one for
// each of its groups, tell everything. A replica that starts again performs again what came since its last snapshot; what
// is in the file already is not written twice. So a group has one run, however often its replicas were started. A replica
// that was given another one's snapshot lacks steps, and whoever reads its trace is told so.
type Journal struct {
	node string
	file *os.File
	last uint64 // the number of the last step in the file
	err  error
}

// OpenJournal opens the trace of a group. first is the group that all shards begin with.
func OpenJournal(path, group string, all []string) (*Journal, error) {
	header := trace.Header{Spec: shard.SpecPath, Node: group, Run: 1, Constants: fields(shard.Constants(all))}
	var text bytes.Buffer
	j := &Journal{node: group}
	switch found, err := trace.ReadFile(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case len(found.Events) > 0:
		if err := trace.Copy(&text, found.Headers, found.Events); err != nil {
			return nil, err
		}
		if j.last = found.Events[len(found.Events)-1].Seq; found.Headers[0].Node != group {
			return nil, fmt.Errorf("%s is the trace of %s, not of group %s", path, found.Headers[0].Node, group)
		}
	}
	if text.Len() == 0 {
		text.Write(header.AppendJSON(nil))
	}
	// A line that a killed process left unfinished is not in the text.
	fresh := path + ".new"
	if err := errors.Join(os.WriteFile(fresh, text.Bytes(), 0o644), os.Rename(fresh, path)); err != nil {
		return nil, err
	}
	var err error
	j.file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	return j, err
}

// Record takes a step down. It is a Machine's Record.
func (j *Journal) Record(s shard.Step) {
	if s.Seq <= j.last || j.err != nil {
		return
	}
	j.last = s.Seq
	e := trace.Event{
		ID: trace.ID{Node: j.node, Run: 1, Seq: s.Seq}, Clock: s.Clock, Instance: s.Shard, Action: s.Action,
		Args: fields(s.Args), Vars: fields(s.Vars),
	}
	if id, err := trace.ParseID(s.Cause); err == nil {
		e.Causes = append(e.Causes, id)
	}
	_, j.err = j.file.Write(e.AppendJSON(nil))
}

// Close closes the file. It tells of the first error, after which nothing was written any more.
func (j *Journal) Close() error { return errors.Join(j.err, j.file.Close()) }

func fields(from []shard.Field) trace.Fields {
	to := make(trace.Fields, len(from))
	for i, f := range from {
		to[i] = trace.Field(f)
	}
	return to
}
