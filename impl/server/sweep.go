// Sweeps: deletions that did not reach every acceptor at once, and entries that have expired, are erased later.

package server

import (
	"context"
	"errors"
	"time"

	"synod/impl/register"
	"synod/impl/transport"
)

// The pace of sweeps. A sweep reads all registers of one acceptor, in steps, so that nobody notices.
const (
	sweepStep  = 2000 // registers
	sweepPause = 20 * time.Millisecond
)

// maxDoubtful bounds how many keys one sweep remembers for the next.
const maxDoubtful = 1 << 16

// sweep looks at one acceptor's registers after the other's, for those that have no entry and had none at the sweep
// before: those it deletes once more, and what all acceptors accept then is erased. Before that, whoever does not know
// what became of his change can still find it in the deletion's lineage. A sweep holds nothing that a crash could lose:
// who sweeps next finds what is left. Each proposer sweeps the keys that prefer it and, every time that it has been
// through all acceptors, once the others too.
func (p *proposer) sweep(ctx context.Context) {
	before := map[string]bool{}
	for pass := 0; ; pass++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(p.cfg.SweepInterval):
		}
		links := *p.links.Load()
		everyKey := pass%(len(links)+1) == len(links)
		absent, err := p.sweepPeer(ctx, links[pass%len(links)], everyKey, before)
		if err != nil {
			p.Log.Debug("a sweep has not come to its end", "error", err)
			continue
		}
		before = absent
	}
}

// sweepPeer sweeps what one acceptor holds, of the keys that were absent before, and gives those that are.
func (p *proposer) sweepPeer(
	ctx context.Context, acceptor link, everyKey bool, before map[string]bool,
) (absent map[string]bool, err error) {
	absent = map[string]bool{}
	for after, more := "", true; more; {
		now := time.Now().UnixMilli()
		asking, cancel := context.WithTimeout(ctx, listTimeout)
		list, err := acceptor.Keys(asking, transport.KeysRequest{After: after, Limit: sweepStep, Absent: now})
		cancel()
		if err != nil {
			return nil, err
		}
		for _, key := range list.Keys {
			if len(absent) < maxDoubtful {
				absent[key] = true
			}
			if !before[key] || !everyKey && !p.prefers(key) {
				continue
			}
			if err := p.sweepKey(ctx, key, now); err != nil {
				return nil, err
			}
		}
		after, more = list.Last, list.More
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(sweepPause):
		}
	}
	return absent, nil
}

// sweepKey deletes a key once more, if it has no entry at a time, and waits for the outcome.
func (p *proposer) sweepKey(ctx context.Context, key string, now int64) error {
	ended := make(chan struct{})
	err := p.desk.put(&request{
		key: key, change: register.Sweep{Now: now}, deadline: time.Now().Add(frontPatience), done: func(result) { close(ended) },
	})
	if errors.Is(err, errBusy) {
		return nil // clients come first
	}
	if err != nil {
		return err
	}
	select {
	case <-ended:
		return nil
	case <-p.ended:
		return errStopping
	case <-ctx.Done():
		return ctx.Err()
	}
}
