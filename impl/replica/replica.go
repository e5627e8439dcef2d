// The replica: how it is started and stopped, and its loop.

package replica

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"synod/impl/log"
	"synod/impl/storage"
	"synod/impl/transport"
	"synod/trace"
)

// Replica is a running replica. Its exported methods may be called from any goroutine.
type Replica struct {
	cfg     Config
	address string
	store   *storage.Store
	journal *journal
	disk    *disk
	network *network
	folders *folders
	refused chan error // why the replica must not go on
	inbox   *inbox
	lanes   lanes
	stop    chan struct{} // is closed to stop
	stopped atomic.Bool
	ended   chan struct{} // is closed when the replica has ended
	err     error         // why; to be read when it has ended
	status  atomic.Pointer[Status]
	steps   atomic.Uint64

	// The rest belongs to the loop.
	core       *log.Replica
	started    time.Time
	now        time.Time
	deliveries []delivery
	asked      []*call
	pending    map[key]*call          // of clients here
	origins    map[key]string         // requests of other replicas' clients, and whose
	reading    map[uint64]log.Command // what waits to be read
	readers    uint64                 // counts them
	leader     string                 // to whom requests go, "" for nobody
	out        log.Effects            // of the inputs since the last flush
	held       []held
	written    uint64      // the number of the last put to the disk
	barrier    uint64      // the put with the last promise
	promised   log.Ballot  // in it
	beat       log.Message // the last heartbeat that was sent
	stalled    bool        // the disk does not answer
	fresh      int         // bytes of commands since the last snapshot
	snapshot   int         // bytes of that
}

// held are effects that wait until the disk is durable up to a number.
type held struct {
	after   uint64
	steps   []log.Step
	send    []log.Message
	answers []log.Answer
	save    *log.Snapshot
	ready   []uint64 // readers that may be answered
	unready []uint64
}

// Role is what the status and the certificate of a replica say that it is, beside acceptors and proposers.
const Role = transport.RoleReplica

// Start starts a replica. It runs until Stop, or until it cannot go on: then Done is closed, Err tells why, and its
// process should end. The machine belongs to the replica from now on.
func Start(cfg Config) (_ *Replica, err error) {
	if err := cfg.prepare(); err != nil {
		return nil, err
	}
	if cfg.Bugs != 0 {
		cfg.Log.Warn("this replica runs a known bug and breaks its promises", "bugs", fmt.Sprint(cfg.Bugs))
	}
	port := cfg.Port
	if port == nil {
		if port, err = Listen(cfg.Listen, cfg.TLS, cfg.Log); err != nil {
			return nil, err
		}
	}
	r, err := open(cfg, port)
	if err != nil {
		if cfg.Port == nil {
			port.Close()
		}
		return nil, err
	}
	go func() {
		defer close(r.ended)
		r.err = r.run()
	}()
	cfg.Log.Info("serving", "role", Role, "address", r.address, "run", r.store.Run())
	return r, nil
}

// open gets ready what the loop works with.
func open(cfg Config, port *Port) (_ *Replica, err error) {
	owner := cfg.Cluster.Name
	if cfg.Group != "" {
		owner += "/" + cfg.Group
	}
	var last, clock uint64 // of the trace
	if cfg.TracePath != "" {
		if last, clock, err = trace.LastRun(cfg.TracePath); err != nil {
			return nil, fmt.Errorf("trace: %w", err)
		}
	}
	store, err := storage.Open(storage.Options{
		Dir: cfg.DataDir, FS: cfg.FS, Log: cfg.Log, Synced: cfg.Metrics.Synced, LastRun: last, Lost: cfg.Join,
		Identity: storage.Identity{Cluster: owner, Shape: cfg.Cluster.shape(), Node: cfg.ID, Role: Role},
	})
	if err != nil {
		return nil, err
	}
	r := &Replica{
		cfg: cfg, address: port.Address(), store: store, inbox: newInbox(), stop: make(chan struct{}),
		ended: make(chan struct{}), started: time.Now(), now: time.Now(), pending: map[key]*call{}, origins: map[key]string{},
		reading: map[uint64]log.Command{}, refused: make(chan error, 1),
	}
	folder, _ := store.Generation()
	r.lanes.prefix, r.lanes.first = fmt.Sprintf("%s.%08x", cfg.ID, uint32(folder)), store.Run()<<runShift
	defer func() {
		if err != nil {
			err = errors.Join(err, r.journal.close(), store.Close())
		}
	}()
	found, err := store.LoadLog()
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", cfg.DataDir, err)
	}
	r.journal = newJournal(&cfg, store.Run(), found.Lost)
	patience := cfg.ElectionTicks + rand.IntN(cfg.ElectionTicks)
	var effects log.Effects
	if r.core, effects, err = log.New(cfg.core(store.Run(), clock, folder, patience), cfg.Machine, found); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", cfg.DataDir, err)
	}
	r.promised, r.snapshot = found.Promised, len(found.Snapshot.Data)
	r.do(effects)
	r.folders = newFolders(store, found.Lost, cfg.Bugs.Has(log.OldCopy))
	r.tell()
	refused := func(err error) {
		select {
		case r.refused <- err:
		default:
		}
	}
	if r.network, err = newNetwork(&r.cfg, port, r.folders, r.inbox.deliver, r.figures, refused); err != nil {
		return nil, err
	}
	r.disk = newDisk(store, r.journal != nil)
	if err = r.network.start(); err != nil {
		r.disk.close()
		return nil, err
	}
	cfg.Metrics.Attach(r.figures)
	return r, nil
}

// Address is where the replica listens.
func (r *Replica) Address() string { return r.address }

// Done is closed when the replica has ended.
func (r *Replica) Done() <-chan struct{} { return r.ended }

// Err tells why the replica has ended: nil if it was stopped. It is meaningful when Done is closed.
func (r *Replica) Err() error { return r.err }

// Stop ends the replica. Calls under way learn that their outcome is unknown.
func (r *Replica) Stop() error {
	if r.stopped.CompareAndSwap(false, true) {
		close(r.stop)
	}
	<-r.ended
	return r.err
}

// run is the loop, and what comes after it.
func (r *Replica) run() error {
	met, err := r.meet()
	if met {
		err = r.loop()
	}
	for _, c := range r.inbox.close() {
		c.done("", errStopping)
	}
	for _, c := range r.pending {
		r.finish(c, "", c.failure())
	}
	r.network.close()
	if r.cfg.Port == nil {
		r.network.port.Close()
	}
	if r.store.Err() != nil {
		return r.store.Err() // the disk's goroutine may stand still, and nothing is tidied up
	}
	r.disk.close()
	return errors.Join(err, r.journal.close(), r.store.Close())
}

// meet waits until the others have said that they know of no other folder of this replica, and of none that had come further:
// until all have, or some, when the time is over after which a replica wants to lead. Alone a replica could do nothing anyway;
// and of one that is refused there is nothing in the trace.
func (r *Replica) meet() (met bool, err error) {
	ticker := time.NewTicker(r.cfg.Tick)
	defer ticker.Stop()
	patience := r.started.Add(time.Duration(r.cfg.ElectionTicks) * r.cfg.Tick)
	for others := len(r.cfg.Cluster.Replicas) - 1; ; {
		select {
		case <-r.stop:
			return false, nil
		case <-r.store.Failed():
			return false, r.store.Err()
		case err := <-r.refused:
			return false, err
		default:
		}
		if n := r.folders.confirmedBy(); n == others || n > 0 && r.now.After(patience) {
			err := r.journal.begin()
			return err == nil, err
		}
		<-ticker.C
		r.now = time.Now()
		r.deliveries, r.asked = r.inbox.take(r.deliveries, r.asked) // what others say is lost, and comes again
		for _, c := range r.asked {
			r.pending[c.key()] = c
		}
		r.retry()
	}
}

func (r *Replica) loop() error {
	ticker := time.NewTicker(r.cfg.Tick)
	defer ticker.Stop()
	for {
		if err := r.flush(); err != nil {
			return err
		}
		select {
		case <-r.stop:
			return nil
		case <-r.store.Failed():
			return r.store.Err()
		case err := <-r.refused:
			return err
		case <-r.inbox.wake:
			r.now = time.Now()
			r.serve()
		case <-r.disk.written:
		case s := <-r.disk.saved:
			r.do(r.core.SnapshotSaved(s))
		case <-ticker.C:
			r.now = time.Now()
			r.tick()
		}
	}
}

// take feeds the core with a message.
func (r *Replica) take(m log.Message) {
	r.do(r.core.Receive(m))
	if r.journal != nil && len(r.out.Persist) >= tracedRecords {
		r.hold()
	}
}

// do takes the effects of an input. What the core sends to itself is not sent before its turn either.
func (r *Replica) do(e log.Effects) {
	r.out.Persist = append(r.out.Persist, e.Persist...)
	r.out.Steps = append(r.out.Steps, e.Steps...)
	r.out.Send = append(r.out.Send, e.Send...)
	r.out.Answers = append(r.out.Answers, e.Answers...)
	r.out.Ready = append(r.out.Ready, e.Ready...)
	r.out.Unready = append(r.out.Unready, e.Unready...)
	for _, entry := range e.Applied {
		for i := range entry.Value {
			r.fresh += len(entry.Value[i].Body)
		}
	}
	if e.Save != nil {
		r.out.Save = e.Save
		r.fresh, r.snapshot = 0, len(e.Save.Data)
	}
}

// serve takes all that waits.
func (r *Replica) serve() {
	r.deliveries, r.asked = r.inbox.take(r.deliveries, r.asked)
	r.core.At(time.Since(r.started)) // after what has come: a lease counts from when it was asked for, or later
	var a asked
	for i := range r.deliveries {
		d := &r.deliveries[i]
		for _, m := range d.messages {
			if r.stalled && (m.Kind == log.KindAccept || m.Kind == log.KindSnapshot) {
				continue // what it had to write would only wait in memory
			}
			m.To = r.cfg.ID
			r.take(m)
		}
		for _, q := range d.requests {
			r.origins[key{q.Client, q.Number}] = d.from
			a.add(q)
		}
		for _, x := range d.replies {
			r.answered(key{x.client, x.number}, x.result, x.unknown)
		}
	}
	for _, c := range r.asked {
		r.pending[c.key()] = c
		r.place(c, &a)
	}
	r.ask(a)
}

// tick lets time pass. A replica whose disk does not answer does not lead, and does not want to.
func (r *Replica) tick() {
	since := r.disk.stalled(r.now)
	r.stalled = since > r.cfg.StallLimit
	if r.stalled {
		if r.core.Status().Role == log.Leader {
			r.cfg.Log.Warn("the disk does not answer: stepping down", "since", since.String())
		}
		r.do(r.core.Resign())
	} else {
		r.core.At(r.now.Sub(r.started))
		r.do(r.core.Tick(uint(rand.Uint32())))
		r.beatOn()
		r.expire()
	}
	if r.fresh > max(r.cfg.SnapshotBytes, 2*r.snapshot) {
		r.do(r.core.Snapshot())
	}
	r.retry()
}

// Timed is a machine that asks for commands when time has passed. Only the leader asks it. Forget tells it that the
// replica does not lead: what it has counted is of no use any more.
type Timed interface {
	Due(now time.Duration) (commands []string)
	Forget()
}

// expire has those commands performed that a Timed machine asks for.
func (r *Replica) expire() {
	m, ok := r.cfg.Machine.(Timed)
	if !ok {
		return
	}
	if r.core.Status().Role != log.Leader {
		m.Forget()
		return
	}
	for _, command := range m.Due(r.now.Sub(r.started)) {
		r.Go(command, DefaultPatience, func(string, error) {}) // what is lost is asked for again
	}
}

// flush has the effects so far: persist, record, send, in this order. What is not durable yet is held. What the core
// sends itself is one more input, and so flush goes on until nothing is left to do.
func (r *Replica) flush() error {
	for {
		r.hold()
		own, err := r.release()
		if err != nil {
			return err
		}
		for _, m := range own {
			r.take(m)
		}
		if len(own) > 0 || r.moved() {
			continue
		}
		if !r.tell() {
			return nil
		}
		r.retry()
	}
}

// moved reports whether there are effects that nobody has seen to yet.
func (r *Replica) moved() bool {
	return len(r.out.Persist)+len(r.out.Steps)+len(r.out.Send)+len(r.out.Answers)+len(r.out.Ready)+len(r.out.Unready) > 0 || r.out.Save != nil
}

// hold hands what must be durable to the disk, and lets the rest wait for it as long as it has to.
func (r *Replica) hold() {
	out := &r.out
	if len(out.Persist) > 0 {
		r.written = r.disk.put(out.Persist)
		for i := range out.Persist {
			if p := out.Persist[i].Promised; p > r.promised {
				r.promised, r.barrier = p, r.written
			}
		}
	}
	switch {
	case len(out.Steps)+len(out.Send)+len(out.Answers)+len(out.Ready)+len(out.Unready) == 0 && out.Save == nil:
	case r.journal != nil:
		r.held = append(r.held, held{r.written, out.Steps, out.Send, out.Answers, out.Save, out.Ready, out.Unready})
	default:
		var bound []log.Message
		free := out.Send[:0]
		for _, m := range out.Send {
			if m.Kind.Bound() {
				bound = append(bound, m)
			} else {
				free = append(free, m)
			}
		}
		r.held = append(r.held, held{
			after: r.barrier, send: free, answers: out.Answers, save: out.Save, ready: out.Ready, unready: out.Unready,
		})
		if len(bound) > 0 {
			r.held = append(r.held, held{after: r.written, send: bound})
		}
	}
	r.out = log.Effects{}
}

// release lets go what is durable, and gives the messages to the replica itself. With a trace nothing overtakes what came
// before it; without one, what waits for the disk is overtaken by what does not.
func (r *Replica) release() (own []log.Message, err error) {
	durable := r.disk.durable.Load()
	rest := r.held[:0]
	for i := range r.held {
		h := r.held[i]
		if h.after > durable || r.journal != nil && len(rest) > 0 {
			rest = append(rest, h)
			continue
		}
		r.steps.Add(uint64(len(h.steps)))
		if err := r.journal.write(h.steps); err != nil {
			return nil, err
		}
		for _, m := range h.send {
			if m.To == r.cfg.ID {
				own = append(own, m)
			} else if m.Kind == log.KindHeartbeat {
				r.beat = m
			}
		}
		r.network.send(h.send)
		for _, a := range h.answers {
			r.answered(key{a.Command.Client, a.Command.Number}, answerText(a), a.Unknown)
		}
		if h.save != nil {
			r.disk.save(*h.save)
		}
		r.unread(h.unready)
		r.read(h.ready)
	}
	clear(r.held[len(rest):])
	r.held = rest
	r.disk.record(durable)
	return own, nil
}

// beatOn repeats the last heartbeat that was sent while the next one waits for the disk. It says nothing new, but that
// the leader is there.
func (r *Replica) beatOn() {
	if s := r.core.Status(); len(r.held) == 0 || s.Role != log.Leader || s.Promised != r.beat.Ballot {
		return
	}
	for id := range r.network.peers {
		beat := r.beat
		beat.To = id
		r.network.send([]log.Message{beat})
	}
}

func answerText(a log.Answer) string {
	if a.Unknown {
		return a.Leader
	}
	return a.Result
}
