// A network of replicas in one goroutine: it loses, doubles and delays messages, and replicas crash.

// Package sim runs replicas of package log against each other, with a network and disks that fail as a seed says. The
// same seed gives the same run. Run runs it; the Result has a trace to replay, and what was broken.
package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"synod/impl/log"
	"synod/impl/paxos"
	"synod/trace"
)

// Options say what is run.
type Options struct {
	Seed      uint64
	Replicas  int // 3 if it is 0
	Steps     int // how many things happen; 600 if it is 0
	Calm      int // how many more happen without faults, so that all can catch up
	Bugs      log.Bugs
	Machine   func() log.Machine // what is replicated: a Counter if it is nil
	Workload  Workload           // what clients do; if it is nil they add to a Counter
	Leases    bool               // leaders hold leases, and clients read from their copies
	Inquiries bool               // and where a leader holds none it asks a quorum
	Losses    bool               // disks are lost, of one replica at a time
	Brisk     int                // so many messages more arrive whenever something happens
	Snapshots int                // after so many slots each; 5 if it is 0
}

// Workload is a world of clients, with the machine that they use.
type Workload interface {
	Start(replica string) log.Machine      // a replica starts, perhaps again
	Happen(at Node)                        // one thing happens to the clients
	Ticked(at Node)                        // a tick of time has passed at a replica
	Answered(replica string, a log.Answer) // a replica answers
}

// Node is a replica that runs.
type Node interface {
	ID() string
	Status() log.Status
	Submit(log.Command)
}

// Result is what came of a run.
type Result struct {
	Files     []*trace.File
	Broken    []string // properties of the specification that do not hold, with what shows it
	Reads     int      // from leaders' own copies
	Confirmed int      // reads for which a leader asked a quorum
	Losses    int      // disks that were lost
	Answered  int      // commands whose clients were told a result
	History   []Operation
	Applied   log.Slot // the last slot that any replica has applied
	Behind    log.Slot // the last slot that all have applied
}

// Operation is what a client asked for and was told. Times count what happened in the run.
type Operation struct {
	Client string
	Body   string
	Result string
	Call   int
	Return int // -1 if the client was told nothing
}

// network is the world of a run.
type network struct {
	Options
	random  *rand.Rand
	ids     []string
	nodes   map[string]*node
	clocks  *clocks // nil if nobody looks at one
	flight  []log.Message
	cut     map[link]bool // what is sent there is lost
	now     int
	clients []*client
	readers uint64 // counts the reads that ask a quorum
	result  *Result
	values  map[log.Slot]string // what was applied in each slot, by whoever came first
	states  map[string]string   // and the machine after it
	told    map[string]string   // the results that clients were told, by command
}

// link is from one replica to another.
type link struct{ from, to string }

// client asks for one command after the other, and again when it hears nothing.
type client struct {
	name   string
	number uint64
	body   string
	call   int // the place of its operation in the history
}

// Run plays a run to its end.
func Run(o Options) *Result {
	s := Start(o)
	for range s.network.Steps {
		s.Happen(true)
	}
	for range o.Calm {
		s.Happen(false)
	}
	return s.End()
}

// Simulation is a run that is played step by step.
type Simulation struct{ network *network }

// Happen lets one thing happen, with or without faults.
func (s *Simulation) Happen(faults bool) { s.network.happen(faults) }

// Events is how many events have been recorded.
func (s *Simulation) Events() (count int) {
	if s.network.clocks != nil {
		count = len(s.network.clocks.steps.Events)
	}
	for _, x := range s.network.nodes {
		count += len(x.events)
	}
	return count
}

// End gives what came of the run.
func (s *Simulation) End() *Result {
	s.network.end()
	return s.network.result
}

// Nodes are the replicas.
func (s *Simulation) Nodes() (nodes []Node) {
	for _, id := range s.network.ids {
		nodes = append(nodes, s.network.nodes[id])
	}
	return nodes
}

// Start begins a run; how many steps it has is the caller's to say.
func Start(o Options) *Simulation {
	if o.Replicas == 0 {
		o.Replicas = 3
	}
	if o.Steps == 0 {
		o.Steps = 600
	}
	if o.Snapshots == 0 {
		o.Snapshots = 5
	}
	if o.Machine == nil {
		o.Machine = func() log.Machine { return &Counter{} }
	}
	n := &network{
		Options: o, random: rand.New(rand.NewPCG(o.Seed, 12)), nodes: map[string]*node{}, cut: map[link]bool{}, result: &Result{},
		values: map[log.Slot]string{}, states: map[string]string{}, told: map[string]string{},
	}
	if o.Leases {
		n.clocks = newClocks()
	}
	for i := range o.Replicas {
		n.ids = append(n.ids, fmt.Sprintf("r%d", i+1))
	}
	for i, id := range n.ids {
		n.nodes[id] = newNode(n, id, paxos.Pair{ID: uint32(i + 1), Stride: uint32(o.Replicas)})
	}
	for i := range 3 {
		n.clients = append(n.clients, &client{name: fmt.Sprintf("c%d", i+1)})
	}
	return &Simulation{n}
}

// machine is the machine of a replica that starts.
func (n *network) machine(replica string) log.Machine {
	if n.Workload != nil {
		return n.Workload.Start(replica)
	}
	return n.Machine()
}

// happen lets one thing happen: mostly a message arrives.
func (n *network) happen(faults bool) {
	n.now++
	for range min(n.Brisk, len(n.flight)) {
		n.deliver(faults)
	}
	x := n.nodes[n.ids[n.random.IntN(len(n.ids))]]
	switch what := n.random.IntN(100); {
	case what < 66 && len(n.flight) > 0:
		n.deliver(faults)
	case what < 80:
		n.tick()
		x.do(x.at().Tick(n.random.Uint()))
		if n.Workload != nil {
			n.Workload.Ticked(x)
		}
	case what < 90 && n.Workload != nil:
		n.Workload.Happen(x)
	case what < 84 && n.Leases:
		n.read(x)
	case what < 90:
		n.ask(x)
	case what < 97:
		x.save()
	case !faults:
		clear(n.cut)
	case what < 98 && n.Losses && !n.anyLost():
		x.lose()
	case what < 99:
		x.crash()
	default:
		n.cutOff(x.id)
	}
}

// anyLost reports whether a replica has lost its disk, and does not take part again yet.
func (n *network) anyLost() bool {
	return slices.ContainsFunc(n.ids, func(id string) bool { return n.nodes[id].disk.Lost })
}

// deliver takes a message from those under way, the older the likelier; sometimes it is lost, or comes again.
func (n *network) deliver(faults bool) {
	i := min(n.random.IntN(len(n.flight)), n.random.IntN(len(n.flight)))
	m := n.flight[i]
	fate := n.random.IntN(100)
	if !faults {
		fate = 99
	}
	if fate >= 8 {
		n.flight = append(n.flight[:i], n.flight[i+1:]...)
	}
	if (fate >= 18 || fate < 8) && !n.cut[link{m.From, m.To}] {
		x := n.nodes[m.To]
		x.do(x.at().Receive(m))
	}
	if len(n.flight) > 300 {
		n.flight = n.flight[100:] // so much is lost at once
	}
}

// cutOff cuts a link, in one direction, or mends all that are cut.
func (n *network) cutOff(id string) {
	if len(n.cut) > 0 && n.random.IntN(3) > 0 {
		clear(n.cut)
		return
	}
	if other := n.ids[n.random.IntN(len(n.ids))]; other != id {
		n.cut[link{id, other}] = true
	}
}

// ask lets a client ask a replica for its next command, or again for its last.
func (n *network) ask(x *node) {
	c := n.clients[n.random.IntN(len(n.clients))]
	if c.body == "" {
		c.number++
		c.body = fmt.Sprintf("%s %d", [...]string{"add", "set"}[n.random.IntN(2)], n.random.IntN(9)+1)
		c.call = len(n.result.History)
		n.result.History = append(n.result.History, Operation{Client: c.name, Body: c.body, Call: n.now, Return: -1})
	}
	x.do(x.at().Submit(log.Command{Client: c.name, Number: c.number, Body: c.body}))
}

// answered lets a client hear.
func (n *network) answered(replica string, a log.Answer) {
	if n.Workload != nil {
		n.Workload.Answered(replica, a)
		return
	}
	if a.Unknown {
		return
	}
	n.result.Answered++
	key := fmt.Sprintf("%s/%d", a.Command.Client, a.Command.Number)
	if before, ok := n.told[key]; ok && before != a.Result {
		n.broken("AnswersAgree: %s was told %s and %s", key, before, a.Result)
	}
	n.told[key] = a.Result
	for _, c := range n.clients {
		if c.name == a.Command.Client && c.number == a.Command.Number {
			c.body = ""
			n.result.History[c.call].Result, n.result.History[c.call].Return = a.Result, n.now
		}
	}
}

// applied checks that all replicas apply the same in a slot.
func (n *network) applied(x *node, e log.Entry) {
	n.result.Applied = max(n.result.Applied, e.Slot)
	value := fmt.Sprint(e.Value)
	if before, ok := n.values[e.Slot]; ok && before != value {
		n.broken("PrefixesAgree: in slot %d %s applies %s, and another %s", e.Slot, x.id, value, before)
	}
	n.values[e.Slot] = value
}

// reached checks that all replicas are in the same state after a slot.
func (n *network) reached(x *node, slot, value string) {
	if before, ok := n.states[slot]; ok && before != value {
		n.broken("MachinesAgree: after slot %s %s is at %s, and another at %s", slot, x.id, value, before)
	}
	n.states[slot] = value
}

func (n *network) broken(format string, args ...any) {
	n.result.Broken = append(n.result.Broken, fmt.Sprintf(format, args...))
}

// end collects the traces.
func (n *network) end() {
	n.result.Behind = n.result.Applied
	for _, id := range n.ids {
		x := n.nodes[id]
		n.result.Behind = min(n.result.Behind, x.replica.Status().Applied)
		n.result.Files = append(n.result.Files, x.file())
	}
	if n.clocks != nil && len(n.clocks.steps.Events) > 0 {
		n.result.Files = append(n.result.Files, &n.clocks.steps)
	}
}
