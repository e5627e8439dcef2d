// Learning: a proposer that does not know which ballots it has used asks a quorum of the acceptors.

package server

import (
	"slices"
	"sync/atomic"

	"synod/impl/paxos"
	"synod/impl/transport"
)

// learning is how a proposer comes to know which ballots are left to it. On an empty data folder it cannot tell whether it
// is new or has lost its disk. Whatever was proposed under its name, a quorum had promised before. So the largest ballot that
// a quorum has promised is no smaller than any under which it has proposed (spec/register/LostProposer.tla). Until it knows that
// one it begins nothing, and uses acceptors for nothing but their greetings.
type learning struct {
	ignorant atomic.Bool // is written by the loop
	epoch    uint64      // of the links: what those before were told does not count
	lessons  chan lesson
	heard    map[string]lesson // by acceptor
}

// lesson is what an acceptor said in its greeting.
type lesson struct {
	epoch    uint64
	acceptor string
	promised paxos.Ballot
	used     bool // its folder has been committed to
}

// noteLearned is the name under which a proposer keeps that it knows which ballots it has used, and whether the acceptors
// were in use when it asked them.
const noteLearned = "learned"

const (
	learnedFirst = "first"
	learnedLate  = "late"
)

// loadLearned finds out whether the proposer knows what it has used.
func (p *proposer) loadLearned() error {
	text, err := p.store.Note(noteLearned)
	p.learning.ignorant.Store(len(text) == 0)
	p.learning.heard = map[string]lesson{}
	p.generations.late = string(text) == learnedLate
	return err
}

// forget has the proposer learn anew what it may have used.
func (p *proposer) forget() error {
	p.learning.ignorant.Store(true)
	p.learning.heard = map[string]lesson{}
	return p.store.SetNote(noteLearned, nil)
}

// tellLesson hands a lesson to the loop, and ends the stream that has brought it.
func (p *proposer) tellLesson(l lesson) error {
	select {
	case p.learning.lessons <- l:
		return transport.ErrLearned
	case <-p.living.Done():
		return errStopping
	case <-p.ended:
		return errStopping
	}
}

// hear takes a lesson. With those of a quorum the proposer knows enough. An acceptor that holds nothing may have lost its disk:
// where others hold something it is not counted.
func (p *proposer) hear(l lesson) error {
	asked := p.core.Acceptors
	if !p.learning.ignorant.Load() || l.epoch != p.learning.epoch || !slices.Contains(asked, l.acceptor) {
		return nil
	}
	p.learning.heard[l.acceptor] = l
	if largest, late, enough := learned(p.learning.heard, len(asked)); enough {
		return p.know(largest, late)
	}
	return nil
}

// learned tells what follows from lessons of some of the acceptors that are asked, if they are enough.
func learned(heard map[string]lesson, asked int) (largest paxos.Ballot, late, enough bool) {
	used := 0
	for _, l := range heard {
		largest = max(largest, l.promised)
		if l.used {
			used++
		}
	}
	if used > 0 {
		return largest, true, 2*used > asked
	}
	return largest, false, 2*len(heard) > asked
}

// know ends the proposer's ignorance: all ballots that it may have used are no larger than one.
func (p *proposer) know(largest paxos.Ballot, late bool) error {
	if largest > p.reserved {
		if err := p.store.Reserve(largest); err != nil {
			return err
		}
		p.reserved = largest
	}
	text := learnedFirst
	if late {
		text = learnedLate
	}
	if err := p.store.SetNote(noteLearned, []byte(text)); err != nil {
		return err
	}
	p.floor = max(p.floor, largest)
	p.learning.ignorant.Store(false)
	p.generations.mu.Lock()
	p.generations.late = late
	p.generations.mu.Unlock()
	p.registers.all(func(r *contested) {
		r.round.Seen = max(r.round.Seen, largest)
		if r.pausing {
			r.pausing, r.alarm = false, 0
			p.touch(r)
		}
	})
	p.Log.Info("it is known which ballots were used", "largest", uint64(largest))
	for _, l := range *p.links.Load() {
		l.Retry()
	}
	return nil
}
