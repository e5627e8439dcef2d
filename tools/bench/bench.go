// The bench: clusters side by side, and one load after the other on each in turn.

// Package bench measures replicated key/value stores: clusters of three nodes on this machine, with clients on the same
// processors. All clusters run for as long as the bench does; one at a time is under load, in turn and several times, so
// that what else the machine does meets all alike. Run does it all; package load is what the clients do.
package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"synod/tools/bench/load"
)

// Options say what to measure.
type Options struct {
	Synod   string            // the synod command
	Builds  map[string]string // other builds of it by name
	Peers   map[string]string // other programs by the name of their system
	Systems []string          // which to measure: of Variants, those as variant@build, and the names of Peers
	Kinds   []string          // of load, as package load calls them, or Two or Stop
	Clients []int
	Keys    int
	Value   int
	Warm    time.Duration
	For     time.Duration
	Rounds  int
	Profile string            // a folder for profiles of Synod's nodes; "" takes none
	Say     func(what string) // is told what is being done
}

// ErrSystem says that a system is neither one of Variants nor one of the peers.
var ErrSystem = errors.New("there is no system")

// Loads beside those of package load: put at two of the nodes, and the same while the third is stopped by SIGSTOP. They
// are for a run of their own: keys prefer other proposers where two are asked than where all are.
const (
	Two  = "two"
	Stop = "stop"
)

// Variants are Synod's clusters by name.
var Variants = map[string]variant{
	"synod":        {store: "synod"},
	"synod-redis":  {store: "redis"},
	"synod-traced": {store: "synod", settings: []string{"acceptor.trace=aN.ndjson", "proposer.trace=pN.ndjson"}},
	"synod-sampled": {store: "synod", settings: []string{
		"acceptor.trace=aN.ndjson", "proposer.trace=pN.ndjson", "acceptor.trace_sample=16", "proposer.trace_sample=16",
	}},
	"synod-log":      {store: "synod", replicas: true},
	"synod-leader":   {store: "redis", replicas: true, leader: true},
	"synod-groups-1": {store: "synod", replicas: true, groups: 1},
	"synod-groups-2": {store: "synod", replicas: true, groups: 2},
	"synod-groups-4": {store: "synod", replicas: true, groups: 4},
}

// variant finds one of Variants, or one as another build has it: its servers are of that build, its clients of this one.
func (o *Options) variant(system string) (v variant, program string, ours bool) {
	name, build, other := strings.Cut(system, "@")
	program = o.Synod
	if other {
		program = o.Builds[build]
	}
	v, ours = Variants[name]
	return v, program, ours && (program != "" || !other)
}

// variant is how a cluster of Synod's is run and asked.
type variant struct {
	store    string   // of synod bench load
	settings []string // that it adds; N is the node's number
	replicas bool     // of a log, in the place of acceptors and proposers
	groups   int      // of so many logs, which share the keys out equally
	leader   bool     // clients ask the leader, and no other replica
}

// Row is what was measured of one system under one load.
type Row struct {
	System  string
	Kind    string
	Clients int
	Figures
	Best  float64 // rate
	Ratio float64 // of its rate to that of the first system in the same round, the median
}

// Figures are those of one round, or the median of each over all rounds.
type Figures struct {
	Rate   float64       // answers a second
	Least  float64       // in the worst tenth of the time
	Median time.Duration // of an answer's time
	Slow   time.Duration // that 99 of 100 do not exceed
	Server time.Duration // processor time of all servers for one answer
	Client time.Duration // and of the clients
	Syncs  float64       // of disks for one answer
	Errors int
}

// run is a bench under way.
type run struct {
	Options
	folder   string
	clusters []*cluster
}

// Run measures, and gives a row for each system, kind of load and number of clients.
func Run(ctx context.Context, o Options) ([]Row, error) {
	if o.Profile != "" {
		if err := os.MkdirAll(o.Profile, 0o755); err != nil {
			return nil, err
		}
	}
	runtime.LockOSThread() // children die with the thread that started them
	defer runtime.UnlockOSThread()
	folder, err := os.MkdirTemp("", "synod-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	r := &run{Options: o, folder: folder}
	defer func() {
		for _, c := range r.clusters {
			c.close()
		}
	}()
	for _, name := range o.Systems {
		if _, _, ours := o.variant(name); !ours && o.Peers[name] == "" {
			return nil, fmt.Errorf("%w %q", ErrSystem, name)
		}
	}
	for _, name := range o.Systems {
		if err := r.start(ctx, name); err != nil {
			return nil, err
		}
	}
	return r.rounds(ctx)
}

// start starts a cluster and has every key put once.
func (r *run) start(ctx context.Context, name string) error {
	folder := filepath.Join(r.folder, name)
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	var c *cluster
	var err error
	v, program, ours := r.variant(name)
	if ours {
		c, err = startSynod(folder, r.Synod, program, name, v)
	} else {
		c, err = startPeer(folder, r.Peers[name], name)
	}
	if c != nil {
		r.clusters = append(r.clusters, c)
	}
	if err == nil && v.groups > 0 {
		err = c.shareOut(ctx, r.Synod, v.groups)
	}
	if err != nil {
		return err
	}
	r.Say(fmt.Sprintf("filling %s", name))
	times := 1
	if ours {
		times = 2 // a proposer that puts a key again expects to do so in future
	}
	for range times {
		if _, _, err := r.load(ctx, c, load.Fill, 64, nodes); err != nil {
			return err
		}
	}
	return nil
}

// rounds puts each load on each cluster in turn, and all of that as often as asked for. Each round begins with another
// cluster, so that none has always the same one before it.
func (r *run) rounds(ctx context.Context) ([]Row, error) {
	var rows []Row
	for _, kind := range r.Kinds {
		for _, clients := range r.Clients {
			for _, c := range r.clusters {
				rows = append(rows, Row{System: c.name, Kind: kind, Clients: clients})
			}
		}
	}
	rounds := make([][]Figures, len(rows))
	for round := range r.Rounds {
		for first := 0; first < len(rows); first += len(r.clusters) {
			for i := range r.clusters {
				n := (i + round) % len(r.clusters)
				c, row := r.clusters[n], rows[first+n]
				r.Say(fmt.Sprintf("round %d of %d: %s, %s, %d clients", round+1, r.Rounds, c.name, row.Kind, row.Clients))
				f, err := r.measure(ctx, c, row.Kind, row.Clients)
				if err != nil {
					return nil, err
				}
				rounds[first+n] = append(rounds[first+n], f)
			}
		}
	}
	for i := range rows {
		rows[i].summarize(rounds[i], rounds[i-i%len(r.clusters)])
	}
	return rows, nil
}

// summarize gives the row its figures from those of its rounds, and of the first system's.
func (row *Row) summarize(rounds, first []Figures) {
	ratios := make([]float64, len(rounds))
	for i := range rounds {
		row.Best = max(row.Best, rounds[i].Rate)
		row.Errors += rounds[i].Errors
		ratios[i] = rounds[i].Rate / first[i].Rate
	}
	row.Ratio = median(ratios, func(x float64) float64 { return x })
	row.Rate = median(rounds, func(f Figures) float64 { return f.Rate })
	row.Least = median(rounds, func(f Figures) float64 { return f.Least })
	row.Median = median(rounds, func(f Figures) time.Duration { return f.Median })
	row.Slow = median(rounds, func(f Figures) time.Duration { return f.Slow })
	row.Server = median(rounds, func(f Figures) time.Duration { return f.Server })
	row.Client = median(rounds, func(f Figures) time.Duration { return f.Client })
	row.Syncs = median(rounds, func(f Figures) float64 { return f.Syncs })
}

// median gives the middle one of what list's elements are, the lower of two.
func median[T any, X cmp.Ordered](list []T, of func(T) X) X {
	all := make([]X, len(list))
	for i, x := range list {
		all[i] = of(x)
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

// measure takes one system's figures under one load.
func (r *run) measure(ctx context.Context, c *cluster, kind string, clients int) (f Figures, err error) {
	reach := nodes
	if kind == Stop {
		stopped := c.servers[nodes-1]
		if err := stopped.signal(syscall.SIGSTOP); err != nil {
			return f, err
		}
		defer stopped.signal(syscall.SIGCONT)
		kind = Two
	}
	if kind == Two {
		kind, reach = load.Put, nodes-1
	}
	syncs, before, err := r.taken(ctx, c, reach)
	if err != nil {
		return f, err
	}
	finish := r.profile(c, fmt.Sprintf("%s-%s-%d", c.name, kind, clients))
	result, client, err := r.load(ctx, c, kind, clients, reach)
	finish()
	if err != nil {
		return f, err
	}
	syncsAfter, after, err := r.taken(ctx, c, reach)
	if err != nil {
		return f, err
	}
	if result.Ops == 0 {
		return f, fmt.Errorf("%s answered nothing: %s", c.name, result.Error)
	}
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	total := time.Duration(max(1, result.Total))
	return Figures{
		Rate: float64(result.Ops) / result.Seconds, Least: result.Least, Errors: result.Errors,
		Median: seconds(result.Median), Slow: seconds(result.Slow),
		Server: (after - before) / total, Client: client / total, Syncs: (syncsAfter - syncs) / float64(total),
	}, nil
}

// taken gives what the first servers of a cluster have taken so far.
func (r *run) taken(ctx context.Context, c *cluster, reach int) (syncs float64, cpu time.Duration, err error) {
	for i, p := range c.servers[:reach] {
		took, err1 := p.cpu()
		n, err2 := scrape(ctx, c.metrics[i], c.syncs)
		if err := errors.Join(err1, err2); err != nil {
			return 0, 0, fmt.Errorf("%s: %w", c.name, err)
		}
		syncs, cpu = syncs+n, cpu+took
	}
	return syncs, cpu, nil
}

// load runs a client program on the first nodes of a cluster, and tells what its clients saw and what it took.
func (r *run) load(ctx context.Context, c *cluster, kind string, clients, reach int) (*load.Result, time.Duration, error) {
	addresses := c.addresses[:reach]
	if c.leads {
		place, err := c.leader(ctx)
		if err != nil {
			return nil, 0, err
		}
		addresses = c.addresses[place : place+1]
	}
	args := append(slices.Clone(c.client.args), "-addresses", strings.Join(addresses, ","), "-kind", kind,
		"-clients", fmt.Sprint(clients), "-keys", fmt.Sprint(r.Keys), "-value", fmt.Sprint(r.Value),
		"-warm", r.Warm.String(), "-for", r.For.String())
	cmd := exec.CommandContext(ctx, c.client.path, args...)
	cmd.SysProcAttr = attributes()
	var complaint strings.Builder
	cmd.Stderr = &complaint
	text, err := cmd.Output()
	if err != nil {
		return nil, 0, errors.Join(ctx.Err(), c.ended(), fmt.Errorf("%s: %w: %s", c.name, err, complaint.String()))
	}
	result := new(load.Result)
	if err := json.Unmarshal(text, result); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", c.name, err)
	}
	return result, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// VariantNames lists Variants in order.
func VariantNames() []string { return slices.Sorted(maps.Keys(Variants)) }
