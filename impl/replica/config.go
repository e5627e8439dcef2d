// Configuration: who the replicas are, and what one of them needs to run.

package replica

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"synod/impl/admin"
	"synod/impl/log"
	"synod/impl/paxos"
	"synod/trace"
)

// Cluster says who the replicas are. It is the same at all of them, and the same for the cluster's whole life.
type Cluster struct {
	Name     string            // keeps clusters apart
	Replicas map[string]uint32 // their names and ids; the ids divide the ballots
	Stride   uint32            // no id is larger; 0 is 16

	// The sizes of the quorums that promise and that accept; 0 is a majority. Their sum exceeds the number of replicas.
	PrepareSize, AcceptSize int
}

// Config is what a replica needs. Times and sizes that are 0 are the defaults below.
type Config struct {
	ID        string // this replica's name
	Cluster   Cluster
	Addresses map[string]string // of the other replicas, host:port
	Listen    string            // host:port; port 0 takes a free one; not with a Port
	DataDir   string
	// Group names this log where a process has replicas of several. They share a Port; each has a DataDir and a TracePath
	// of its own. "" is the name of a cluster's only log.
	Group     string
	Port      *Port       // nil opens one at Listen
	TracePath string      // the replica's trace file; "" keeps no trace
	Machine   log.Machine // what is replicated, at its start
	// Join says of a DataDir that is empty that this replica had another one, which is lost. It takes part once all others
	// have told what they had promised meanwhile. Of a folder that is not empty it says nothing.
	Join bool
	Bugs log.Bugs
	// TLS is that of a certificate for this replica, in both directions. Without it the replica speaks plaintext, on
	// loopback only.
	TLS     *tls.Config
	Log     *slog.Logger   // nil logs nothing
	FS      vfs.FS         // holds DataDir; nil is the operating system's
	Metrics *admin.Metrics // takes the replica's figures; may be nil

	Tick           time.Duration // the core's unit of time
	ElectionTicks  int           // without a leader's word before a replica wants to lead; up to twice as many
	HeartbeatTicks int           // from one word of the leader to the next
	StallLimit     time.Duration // for one write to the disk, before a leader steps down
	LeaseTerm      time.Duration // for how long a leader may read from its own copy when it was last granted that; 0 is not at all
	ClockError     time.Duration // what the clocks of two replicas may differ by, over a term; 0 is a tenth of it
	Window         int           // slots that a leader has under way at most
	BatchSize      int           // commands in a slot at most
	Keep           int           // slots that are kept behind a snapshot, for those who are a little late
	SnapshotBytes  int           // of commands since the last snapshot before the next; it grows with the snapshots
}

// The defaults.
const (
	DefaultTick           = 20 * time.Millisecond
	DefaultElectionTicks  = 12
	DefaultHeartbeatTicks = 2
	DefaultStallLimit     = 500 * time.Millisecond
	DefaultWindow         = 16
	DefaultBatchSize      = 1024
	DefaultKeep           = 1000
	DefaultSnapshotBytes  = 64 << 20
	defaultStride         = 16
)

// name is what a replica may be called: a word that needs no quotes in a trace's paths.
var name = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// Validate tells what is wrong with a cluster, and completes it.
func (c *Cluster) Validate() error {
	if c.Name == "" || len(c.Name) > 64 {
		return errors.New("the cluster's name is not 1 to 64 bytes long")
	}
	if len(c.Replicas) == 0 {
		return errors.New("a cluster has at least one replica")
	}
	if c.Stride == 0 {
		c.Stride = defaultStride
	}
	owner := map[uint32]string{}
	for _, id := range c.names() {
		n := c.Replicas[id]
		if !name.MatchString(id) {
			return fmt.Errorf("replica name %q is not a word of letters, digits and _", id)
		}
		if owner[n] != "" {
			return fmt.Errorf("replicas %s and %s have the same id %d", owner[n], id, n)
		}
		owner[n] = id
		if _, err := paxos.NewPair(n, c.Stride); err != nil {
			return fmt.Errorf("replica %s: %w", id, err)
		}
	}
	majority := len(c.Replicas)/2 + 1
	if c.PrepareSize == 0 {
		c.PrepareSize = majority
	}
	if c.AcceptSize == 0 {
		c.AcceptSize = majority
	}
	n := len(c.Replicas)
	if c.PrepareSize < 1 || c.AcceptSize < 1 || c.PrepareSize > n || c.AcceptSize > n || c.PrepareSize+c.AcceptSize <= n {
		return fmt.Errorf("quorums of %d that promise and of %d that accept need not meet among %d replicas", c.PrepareSize, c.AcceptSize, n)
	}
	return nil
}

// names lists the replicas in order.
func (c *Cluster) names() []string { return slices.Sorted(maps.Keys(c.Replicas)) }

// shape describes the constants in one line, the same at all replicas that agree about them.
func (c *Cluster) shape() string {
	var b strings.Builder
	b.WriteString("replicas")
	for _, id := range c.names() {
		fmt.Fprintf(&b, " %s=%d", id, c.Replicas[id])
	}
	fmt.Fprintf(&b, "; ballots pair %d; quorums %d and %d", c.Stride, c.PrepareSize, c.AcceptSize)
	return b.String()
}

// constants gives the specification's constants for a trace's header.
func (c *Cluster) constants() trace.Fields {
	var ids []string
	for _, id := range c.names() {
		ids = append(ids, trace.String(id)+":"+trace.Uint(uint64(c.Replicas[id])))
	}
	return trace.Fields{
		{Name: "Id", JSON: "{" + strings.Join(ids, ",") + "}"}, {Name: "Scheme", JSON: trace.String("pair")},
		{Name: "Stride", JSON: trace.Uint(uint64(c.Stride))},
		{Name: "PrepareSize", JSON: trace.Uint(uint64(c.PrepareSize))},
		{Name: "AcceptSize", JSON: trace.Uint(uint64(c.AcceptSize))},
	}
}

// header begins the trace of a run. With leases, and of a replica that has lost its disk, it is one of a specification that has
// them, or that. Times are in nanoseconds.
func (c *Config) header(run uint64, lost bool) trace.Header {
	h := trace.Header{Spec: log.ReadSpecPath, Node: c.ID, Run: run, Constants: c.Cluster.constants(), Hidden: log.Hidden}
	leases := c.LeaseTerm > 0
	switch {
	case leases && lost:
		h.Spec, h.Hidden = log.LeaseLossSpecPath, log.HiddenWithBoth
	case leases:
		h.Spec, h.Hidden = log.LeaseSpecPath, log.HiddenWithLeases
	case lost:
		h.Spec, h.Hidden = log.LossSpecPath, log.HiddenWithLosses
	}
	if leases {
		h.Constants = append(h.Constants, trace.Field{Name: "Term", JSON: trace.Uint(uint64(c.LeaseTerm))},
			trace.Field{Name: "Error", JSON: trace.Uint(uint64(c.ClockError))})
	}
	return h
}

// CheckLease completes the error of the clocks, or says why there can be no leases.
func (c *Config) CheckLease() error {
	if c.ClockError == 0 {
		c.ClockError = c.LeaseTerm / 10
	}
	switch {
	case c.LeaseTerm < 0 || c.ClockError < 0:
		return fmt.Errorf("a lease of %v with clocks that differ by %v: neither can be negative", c.LeaseTerm, c.ClockError)
	case c.LeaseTerm == 0 && c.ClockError > 0:
		return fmt.Errorf("clocks that differ by %v are of use with a lease only", c.ClockError)
	case c.LeaseTerm > 0 && c.LeaseTerm <= 2*c.ClockError:
		return fmt.Errorf("a lease of %v is not longer than twice what the clocks may differ by, %v", c.LeaseTerm, c.ClockError)
	}
	return nil
}

// prepare checks what a replica needs and fills in what was left out.
func (c *Config) prepare() error {
	if err := c.Cluster.Validate(); err != nil {
		return err
	}
	if c.Cluster.Replicas[c.ID] == 0 {
		return fmt.Errorf("the cluster has no replica called %q", c.ID)
	}
	for _, id := range c.Cluster.names() {
		if id != c.ID && c.Addresses[id] == "" {
			return fmt.Errorf("the address of replica %s is missing", id)
		}
	}
	for id := range c.Addresses {
		if c.Cluster.Replicas[id] == 0 {
			return fmt.Errorf("there is an address for %s, which is no replica of the cluster", id)
		}
	}
	if c.Group != "" && !name.MatchString(c.Group) {
		return fmt.Errorf("group name %q is not a word of letters, digits and _", c.Group)
	}
	if c.Machine == nil {
		return errors.New("there is no machine to replicate")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Log = c.Log.With("node", c.ID)
	if c.Group != "" {
		c.Log = c.Log.With("group", c.Group)
	}
	for value, otherwise := range map[*int]int{
		&c.ElectionTicks: DefaultElectionTicks, &c.HeartbeatTicks: DefaultHeartbeatTicks, &c.Window: DefaultWindow,
		&c.BatchSize: DefaultBatchSize, &c.Keep: DefaultKeep, &c.SnapshotBytes: DefaultSnapshotBytes,
	} {
		if *value == 0 {
			*value = otherwise
		}
	}
	if c.Tick == 0 {
		c.Tick = DefaultTick
	}
	if c.StallLimit == 0 {
		c.StallLimit = DefaultStallLimit
	}
	if c.Tick < 0 || c.StallLimit < 0 || c.SnapshotBytes < 0 {
		return errors.New("a time or size is negative")
	}
	return c.CheckLease()
}

// core gives what the pure core needs.
func (c *Config) core(run, clock, folder uint64, patience int) log.Config {
	return log.Config{
		ID: c.ID, Replicas: c.Cluster.names(), Scheme: paxos.Pair{ID: c.Cluster.Replicas[c.ID], Stride: c.Cluster.Stride},
		PrepareSize: c.Cluster.PrepareSize, AcceptSize: c.Cluster.AcceptSize, Window: c.Window, BatchSize: c.BatchSize,
		Keep: c.Keep, ElectionTicks: c.ElectionTicks, HeartbeatTicks: c.HeartbeatTicks, Patience: patience,
		LeaseTerm: c.LeaseTerm, ClockError: c.ClockError,
		Traced: c.TracePath != "", Timed: c.LeaseTerm > 0, Looks: true, Run: run, Clock: clock, Folder: folder, Bugs: c.Bugs,
	}
}
