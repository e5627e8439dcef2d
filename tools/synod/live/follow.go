// Following traces while the system writes them.

// Package live feeds a conformance.Monitor from files that grow and from connections, until it is told to stop.
package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"synod/conformance"
	"synod/trace"
)

// Options say what to follow and how patiently.
type Options struct {
	Files    []string // trace files; those that are not there yet are waited for
	Whole    bool     // the files are there as a whole: stop at their ends, and a cause that none has is an error
	Listen   string   // take connections here: host:port, or unix:path; "" is nowhere
	Load     func(trace.Header) (*conformance.Spec, error)
	Monitor  conformance.MonitorOptions
	Delay    time.Duration // how long an event waits for others with smaller clocks
	Patience time.Duration // an event that waits longer than this for a cause makes the verdict inconclusive
	Idle     time.Duration // stop once nothing has come for so long; 0 never

	Listening func(net.Addr)                 // told where connections are taken
	Torn      func(file string)              // with Whole: told of files whose last line has no end
	Violation func(*conformance.Report, int) // told of each violation as it is found
	Progress  func(Progress)
}

// Progress is how far a follower has come.
type Progress struct{ Events, Held, Violations int }

// The follower's limits: how long it sleeps where nothing comes, how many bytes it takes of a file before it looks at the
// others, how many events it holds back, and how many of one file that is there as a whole, at first.
const (
	pollInterval = 25 * time.Millisecond
	pollBytes    = 1 << 18
	maxHeld      = 1 << 20
	firstAhead   = 1 << 14
)

// follower is a Follow under way.
type follower struct {
	Options
	tails   []*trace.Tail // their numbers are the first streams'
	peers   map[int]*trace.Pieces
	arrive  chan piece
	online  trace.Online
	monitor *conformance.Monitor
	ended   map[int]bool // of tails, with Whole
	told    int          // violations that were told
	ahead   int          // with Whole: a file is not read further while so many of its events wait for others'
	last    time.Time
}

// Follow replays until ctx is done or nothing has come for long enough, and gives the verdict so far. The error is non-nil
// where a trace cannot be read or does not fit the specification.
func Follow(ctx context.Context, o Options) (*conformance.Report, error) {
	f := &follower{Options: o, peers: map[int]*trace.Pieces{}, arrive: make(chan piece, 64), last: time.Now(), ended: map[int]bool{}, ahead: firstAhead}
	f.online.Delay = o.Delay
	for _, name := range o.Files {
		if o.Whole {
			file, err := os.Open(name)
			if err != nil {
				return nil, err
			}
			file.Close()
		}
		f.tails = append(f.tails, trace.NewTail(name))
	}
	defer f.close()
	if o.Listen != "" {
		stop, err := f.listen(len(f.tails))
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	for {
		came, err := f.read()
		left, held := false, f.online.Held()
		if err == nil {
			left, err = f.give(ctx, time.Now(), came < behind)
		}
		if came == full && f.online.Held() == held {
			f.ahead *= 2 // a file has what another waits for further behind
		}
		switch {
		case err != nil:
			return nil, err
		case f.Whole && ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case ctx.Err() != nil, f.Whole && came < behind && !left, f.Idle > 0 && time.Since(f.last) >= f.Idle, !f.Whole && f.online.Held() > maxHeld:
			return f.finish()
		case came == nothing && !left:
			if err := f.wait(ctx); err != nil {
				return nil, err
			}
		}
	}
}

func (f *follower) close() {
	for _, t := range f.tails {
		t.Close()
	}
	if f.monitor != nil {
		f.monitor.Close()
	}
}

// came tells how much a look at all streams brought.
type came int

const (
	nothing   came = iota
	something      // and no more, for the moment
	behind         // and there is more to be read
	full           // nothing: of what is to be read, enough waits already
)

// read takes what has come.
func (f *follower) read() (all came, err error) {
	waits, took := false, 0
	for i, t := range f.tails {
		if f.ended[i] {
			continue
		}
		if f.Whole && f.online.HeldOf(i) >= f.ahead {
			waits = true
			continue
		}
		n, err := t.Poll(pollBytes, f.visit(i))
		switch {
		case err != nil:
			return nothing, err
		case f.Whole && n < pollBytes:
			f.online.Close(i)
			f.ended[i] = true
		case n >= pollBytes:
			all = behind
		case n > 0:
			all = max(all, something)
		}
		took += n
	}
	switch {
	case waits && took > 0:
		return behind, nil
	case waits:
		return full, nil
	}
	for range cap(f.arrive) {
		select {
		case p := <-f.arrive:
			all = max(all, something)
			if err := f.piece(p); err != nil {
				return nothing, err
			}
		default:
			return all, nil
		}
	}
	return behind, nil
}

// visit takes headers and events of a stream.
func (f *follower) visit(stream int) func(*trace.Header, *trace.Event) error {
	return func(h *trace.Header, e *trace.Event) error {
		f.last = time.Now()
		if h == nil {
			return f.online.Add(stream, e, f.last)
		}
		if err := f.online.Header(stream, h); err != nil {
			return err
		}
		if f.monitor != nil {
			return f.monitor.Header(h)
		}
		spec, err := f.Load(*h)
		if err == nil {
			f.monitor, err = conformance.NewMonitor(spec, []trace.Header{*h}, f.Monitor)
		}
		return err
	}
}

// maxGiven bounds how many events are replayed before the streams are looked at again.
const maxGiven = 1 << 13

// give replays the events whose turn it is; left tells that there are more of them.
func (f *follower) give(ctx context.Context, now time.Time, caughtUp bool) (left bool, err error) {
	for range maxGiven {
		e, err := f.online.Next(now, caughtUp)
		if e == nil || err != nil {
			return false, err
		}
		if err := f.monitor.Add(e); err != nil {
			return false, err
		}
		f.tell()
		if ctx.Err() != nil {
			return false, nil
		}
	}
	return true, nil
}

func (f *follower) tell() {
	all := f.monitor.Violations()
	if f.Violation != nil && len(all) > f.told {
		report := f.monitor.Report()
		for ; f.told < len(all); f.told++ {
			f.Violation(report, f.told)
		}
	}
	if f.Progress != nil && f.monitor.Events()%1024 == 0 {
		f.Progress(Progress{f.monitor.Events(), f.online.Held(), len(all)})
	}
}

// wait sleeps until something may have come.
func (f *follower) wait(ctx context.Context) error {
	timer := time.NewTimer(pollInterval)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case p := <-f.arrive:
		return f.piece(p)
	}
	return nil
}

// finish replays what is there without waiting for more, and gives the verdict.
func (f *follower) finish() (*conformance.Report, error) {
	for !f.Whole {
		came, err := f.read()
		if err != nil {
			return nil, err
		}
		if came < behind || f.online.Held() > 2*maxHeld {
			break
		}
	}
	if f.monitor == nil {
		return nil, errors.New("no trace has begun: there was no header")
	}
	now := time.Now()
	f.online.Delay = 0
	for left := true; left; {
		var err error
		if left, err = f.give(context.Background(), now, true); err != nil {
			return nil, err
		}
	}
	report := f.monitor.Report()
	report.Late = f.online.Late()
	report.Held = f.online.Held()
	if f.Whole && f.Torn != nil {
		for i, t := range f.tails {
			if t.Torn() {
				f.Torn(f.Files[i])
			}
		}
	}
	var undecided []conformance.Unfinished
	for _, w := range f.online.Waiting() {
		if f.Whole {
			return nil, &trace.Error{Place: w.Event.Place, Msg: fmt.Sprintf("event %s is caused by %s, which no trace has", w.Event.ID, w.Cause)}
		}
		if now.Sub(w.Since) >= f.Patience || report.Held > maxHeld {
			undecided = append(undecided, conformance.Unfinished{Event: w.Event, Reason: fmt.Sprintf("its cause %s has not come", w.Cause)})
		}
	}
	report.Undecided(undecided)
	return report, nil
}

// piece is what came on a connection.
type piece struct {
	stream int
	name   string
	data   []byte
	closed bool
}

// piece takes it.
func (f *follower) piece(p piece) error {
	peer := f.peers[p.stream]
	if peer == nil {
		peer = trace.NewPieces(p.name)
		f.peers[p.stream] = peer
	}
	if err := peer.Write(p.data, f.visit(p.stream)); err != nil {
		return err
	}
	if p.closed {
		f.online.Close(p.stream)
		delete(f.peers, p.stream)
	}
	return nil
}

// listen takes connections; their streams are numbered from first on. stop ends all of them.
func (f *follower) listen(first int) (stop func(), err error) {
	network, address := "tcp", f.Listen
	if path, ok := strings.CutPrefix(f.Listen, "unix:"); ok {
		network, address = "unix", path
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	if f.Listening != nil {
		f.Listening(l.Addr())
	}
	done := make(chan struct{})
	go func() {
		for stream := first; ; stream++ {
			conn, err := l.Accept()
			if err != nil {
				return // the listener was closed
			}
			go f.receive(conn, stream, done)
		}
	}()
	return func() { close(done); l.Close() }, nil
}

// receive hands over what a connection brings. It does not read faster than the follower replays.
func (f *follower) receive(conn net.Conn, stream int, done <-chan struct{}) {
	stopped := make(chan struct{})
	defer close(stopped)
	go func() {
		select {
		case <-done:
		case <-stopped:
		}
		conn.Close()
	}()
	name := fmt.Sprintf("connection %d", stream)
	for {
		data := make([]byte, 1<<16)
		n, err := conn.Read(data)
		select {
		case f.arrive <- piece{stream, name, data[:n], err != nil}:
		case <-done:
			return
		}
		if err != nil {
			return
		}
	}
}
