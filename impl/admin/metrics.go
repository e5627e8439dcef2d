// Metrics: what a node counts and measures, in Prometheus's form.

// Package admin tells how a process is: Metrics that its nodes fill, and a Server on a port of its own with metrics,
// health, readiness and profiles.
package admin

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"synod/impl/transport"
)

// Registry holds the metrics of all nodes of a process.
type Registry struct {
	registry *prometheus.Registry
	nodes    []*Metrics
}

// NewRegistry makes a registry that tells of the process itself.
func NewRegistry(version string) *Registry {
	r := &Registry{registry: prometheus.NewRegistry()}
	r.registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "synod_build_info", Help: "Is 1; the label is the version.", ConstLabels: prometheus.Labels{"version": version},
		}, func() float64 { return 1 }),
	)
	return r
}

// Metrics are one node's. A nil *Metrics takes everything and keeps nothing.
type Metrics struct {
	syncs      prometheus.Histogram
	records    prometheus.Histogram
	prepares   prometheus.Histogram
	accepts    prometheus.Histogram
	rounds     prometheus.Counter
	oneRounds  prometheus.Counter
	collisions prometheus.Counter
	commands   *prometheus.HistogramVec
	errors     *prometheus.CounterVec

	role      string
	acceptors int
	status    atomic.Pointer[func() *transport.Status]
}

// short are the bounds of histograms of times, in seconds: from a fast disk's sync to a time-out.
var short = prometheus.ExponentialBuckets(50e-6, 2, 17)

// Node makes the metrics of a node. acceptors is how many its cluster has.
func (r *Registry) Node(id, role string, acceptors int) *Metrics {
	m := &Metrics{role: role, acceptors: acceptors}
	register := prometheus.WrapRegistererWith(prometheus.Labels{"node": id, "role": role}, r.registry)
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		h := prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
		register.MustRegister(h)
		return h
	}
	m.syncs = histogram("synod_storage_sync_seconds", "How long it took to write and sync a batch.", short)
	m.records = histogram("synod_storage_batch_records", "How many records were made durable by one sync.", prometheus.ExponentialBuckets(1, 2, 15))
	r.counters(m, register)
	if role == transport.RoleProposer {
		m.proposer(register, histogram)
	}
	if role == transport.RoleProposer || role == transport.RoleReplica {
		m.clients(register)
	}
	r.nodes = append(r.nodes, m)
	return m
}

// counters registers what a node's status counts.
func (r *Registry) counters(m *Metrics, register prometheus.Registerer) {
	for name, read := range map[string]func(*transport.Status) uint64{
		"synod_messages_sent_total":     func(s *transport.Status) uint64 { return s.Sent },
		"synod_messages_received_total": func(s *transport.Status) uint64 { return s.Received },
		"synod_messages_lost_total":     func(s *transport.Status) uint64 { return s.Lost },
		"synod_steps_total":             func(s *transport.Status) uint64 { return s.Steps },
		"synod_storage_batches_total":   func(s *transport.Status) uint64 { return s.Batches },
	} {
		register.MustRegister(m.counter(name, nil, read))
	}
}

// counter makes a counter of a number in the node's status.
func (m *Metrics) counter(name string, labels prometheus.Labels, read func(*transport.Status) uint64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: helps[name], ConstLabels: labels}, func() float64 {
		if s := m.ask(); s != nil {
			return float64(read(s))
		}
		return 0
	})
}

var helps = map[string]string{
	"synod_messages_sent_total":     "Messages sent to other nodes.",
	"synod_messages_received_total": "Messages received from other nodes.",
	"synod_messages_lost_total":     "Messages that waited too long for a peer and were thrown away.",
	"synod_steps_total":             "Actions of the specification that the node has taken.",
	"synod_storage_batches_total":   "Batches written to disk and synced.",
	"synod_outcomes_total":          "Outcomes of changes and reads, as clients were told.",
}

// proposer registers what only proposers have.
func (m *Metrics) proposer(register prometheus.Registerer, histogram func(name, help string, buckets []float64) prometheus.Histogram) {
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
		register.MustRegister(c)
		return c
	}
	phases := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "synod_phase_seconds", Help: "How long phases took that ended with a quorum: prepare and accept.", Buckets: short,
	}, []string{"phase"})
	for outcome, read := range map[string]func(*transport.Status) uint64{
		"satisfied": func(s *transport.Status) uint64 { return s.Satisfied },
		"rejected":  func(s *transport.Status) uint64 { return s.Rejected },
		"unknown":   func(s *transport.Status) uint64 { return s.Unknown },
	} {
		register.MustRegister(m.counter("synod_outcomes_total", prometheus.Labels{"outcome": outcome}, read))
	}
	register.MustRegister(phases)
	m.prepares = phases.WithLabelValues("prepare").(prometheus.Histogram)
	m.accepts = phases.WithLabelValues("accept").(prometheus.Histogram)
	m.rounds = counter("synod_rounds_total", "Rounds begun.")
	m.oneRounds = counter("synod_one_round_trip_total", "Rounds that needed no prepare because the last accept had carried it.")
	m.collisions = counter("synod_collisions_total", "Rounds that ended because an acceptor had promised a larger ballot.")
}

// clients registers what those have that Redis clients talk to.
func (m *Metrics) clients(register prometheus.Registerer) {
	m.commands = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "synod_resp_command_seconds", Help: "How long commands of Redis clients took.", Buckets: short,
	}, []string{"command"})
	m.errors = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "synod_resp_errors_total", Help: "Commands of Redis clients that were answered with an error, by its code.",
	}, []string{"code"})
	register.MustRegister(m.commands, m.errors)
}

// Attach tells how the node is asked for its status, from when it is running.
func (m *Metrics) Attach(status func() *transport.Status) {
	if m != nil {
		m.status.Store(&status)
	}
}

// ask asks the node for its status, nil before it is running.
func (m *Metrics) ask() *transport.Status {
	if status := m.status.Load(); status != nil {
		return (*status)()
	}
	return nil
}

// Synced takes note of one synced batch.
func (m *Metrics) Synced(took time.Duration, records int) {
	if m != nil {
		m.syncs.Observe(took.Seconds())
		m.records.Observe(float64(records))
	}
}

// Round takes note of a round that begins, and whether it does without a prepare.
func (m *Metrics) Round(oneTrip bool) {
	if m == nil {
		return
	}
	m.rounds.Inc()
	if oneTrip {
		m.oneRounds.Inc()
	}
}

// Collided takes note of a round that ended because an acceptor had promised a larger ballot.
func (m *Metrics) Collided() {
	if m != nil {
		m.collisions.Inc()
	}
}

// Prepared takes note of a phase that ended with a quorum.
func (m *Metrics) Prepared(took time.Duration) {
	if m != nil {
		m.prepares.Observe(took.Seconds())
	}
}

// Accepted is like Prepared.
func (m *Metrics) Accepted(took time.Duration) {
	if m != nil {
		m.accepts.Observe(took.Seconds())
	}
}

// Command takes note of a command of a Redis client; code is that of its error, "" for none.
func (m *Metrics) Command(name string, took time.Duration, code string) {
	if m == nil {
		return
	}
	m.commands.WithLabelValues(name).Observe(took.Seconds())
	if code != "" {
		m.errors.WithLabelValues(code).Inc()
	}
}

// ready tells why the node cannot serve, nil if it can.
func (m *Metrics) ready() error {
	s := m.ask()
	if s == nil {
		return errNotRunning
	}
	acceptors := m.acceptors
	if s.Acceptors > 0 {
		acceptors = s.Acceptors // others came since
	}
	switch {
	case m.role == transport.RoleProposer && len(s.Connected) <= acceptors/2:
		return errNoQuorum{s.Node, len(s.Connected), acceptors}
	case m.role == transport.RoleReplica && s.Leader == "":
		return fmt.Errorf("replica %s knows no leader", s.Node)
	}
	return nil
}

type errNoQuorum struct {
	node              string
	connected, needed int
}

// Error implements error.
func (e errNoQuorum) Error() string {
	return "proposer " + e.node + " reaches " + strconv.Itoa(e.connected) + " of " + strconv.Itoa(e.needed) + " acceptors, which is no quorum"
}
