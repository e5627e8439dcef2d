// Generations: that an acceptor's data folder is the one that promised and accepted, and not older than that.

package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"synod/impl/membership"
	"synod/impl/storage"
	"synod/impl/transport"
)

// generations is what a proposer remembers of the acceptors' data folders. An acceptor that has lost its disk, or runs on
// an old copy, has forgotten promises, and cannot know it. The proposers do.
type generations struct {
	store  *storage.Store
	ignore bool // bug StrangerServes
	late   bool // the acceptors were in use when the proposer first asked them

	mu      sync.Mutex
	known   map[string]generation
	changed bool // known is not as it is on disk
}

// generation is what is remembered of one acceptor, as long as it is a member since the same configuration.
type generation struct {
	Since       uint64 `json:"since"`
	Incarnation uint64 `json:"incarnation"`
	Commits     uint64 `json:"commits"`
}

const noteGenerations = "generations"

// ErrGeneration says that an acceptor has another data folder than the one that is a member, or an old copy of it.
var ErrGeneration = errors.New("acceptor must not serve")

func (g *generations) load() error {
	g.known = map[string]generation{}
	text, err := g.store.Note(noteGenerations)
	if text == nil || err != nil {
		return err
	}
	if err := json.Unmarshal(text, &g.known); err != nil {
		return fmt.Errorf("what is known of the acceptors cannot be read: %w", err)
	}
	return nil
}

// of gives what is remembered of a member: zeros if nothing.
func (g *generations) of(name string, m membership.Member) (incarnation, commits uint64) {
	if g.ignore {
		return 0, 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.get(name, m)
	return e.Incarnation, e.Commits
}

func (g *generations) get(name string, m membership.Member) generation {
	if e, ok := g.known[name]; ok && e.Since == m.Since {
		return e
	}
	return generation{Since: m.Since, Incarnation: m.Incarnation}
}

// meet checks what an acceptor says of itself before anything that it promises counts. What is new is made durable first.
func (g *generations) meet(name string, m membership.Member, incarnation, commits uint64) error {
	if g.ignore {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.get(name, m)
	if err := compare(name, e.Incarnation, e.Commits, incarnation, commits); err != nil {
		return err
	}
	if g.late && e.Incarnation == 0 && commits == 0 {
		// It may have lost its disk, as the proposer perhaps did. The other proposers know.
		return fmt.Errorf("%w: %s holds nothing, and the others do: it is used when another proposer has used it", ErrGeneration, name)
	}
	fresh := e.Incarnation == 0
	e.Incarnation, e.Commits = incarnation, commits
	if _, ok := g.known[name]; fresh || !ok || g.known[name] != e {
		g.known[name] = e
		g.changed = true
	}
	return g.save()
}

// compare tells whether a data folder may be the one that is remembered, which may be 0 for none.
func compare(name string, remembered, least, incarnation, commits uint64) error {
	switch {
	case remembered != 0 && remembered != incarnation:
		return fmt.Errorf("%w: %s has another data folder than the one that is a member: if that is lost, start it on an empty "+
			"folder with join set, and then: synod member readmit %s", ErrGeneration, name, name)
	case remembered != 0 && commits < least:
		return fmt.Errorf("%w: the data folder of %s is an old copy, of %d commits where there were %d: bring the right one back, "+
			"or start it on an empty folder with join set, and then: synod member readmit %s", ErrGeneration, name, commits, least, name)
	}
	return nil
}

// note takes note of how far an acceptor has come that was met before.
func (g *generations) note(name string, incarnation, commits uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e, ok := g.known[name]; ok && e.Incarnation == incarnation && e.Commits < commits {
		e.Commits = commits
		g.known[name] = e
		g.changed = true
	}
}

// save makes what is known durable.
func (g *generations) save() error {
	if !g.changed {
		return nil
	}
	text, err := json.Marshal(g.known)
	if err == nil {
		err = g.store.SetNote(noteGenerations, text)
	}
	if err == nil {
		g.changed = false
	}
	return err
}

// watchInterval is how often a proposer asks acceptors how far they have come. What an acceptor has committed since can
// be missing in an old copy unnoticed.
const watchInterval = time.Second

// watch asks the acceptors how far they have come, until ctx ends.
func (p *proposer) watch(ctx context.Context) {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, l := range *p.links.Load() {
			if l.Connected() {
				p.visit(ctx, l)
			}
		}
		p.generations.mu.Lock()
		err := p.generations.save()
		p.generations.mu.Unlock()
		if err != nil {
			p.Log.Warn("how far the acceptors have come is not kept", "error", err)
		}
	}
}

func (p *proposer) visit(ctx context.Context, l link) {
	ctx, cancel := context.WithTimeout(ctx, watchInterval)
	defer cancel()
	if s, err := l.Status(ctx); err == nil {
		p.generations.note(l.name, s.Incarnation, s.Commits)
	}
}

// presence is what an acceptor compares with proposers' greetings: its own generation, and the largest number of a
// configuration that it was told of.
type presence struct {
	mu     sync.Mutex
	number uint64
}

// recognize refuses a proposer that remembers another data folder of this acceptor or a younger one, or that is in a
// configuration which is out of use: that proposer runs on an old data folder itself. stop says that the acceptor
// should end, so that somebody takes notice.
func (a *acceptor) recognize(p transport.Hello) (stop bool, err error) {
	incarnation, commits := a.store.Generation()
	if err := compare(a.ID, p.Incarnation, p.Commits, incarnation, commits); err != nil {
		return !(a.Joins && p.Incarnation != incarnation), fmt.Errorf("%w (%s remembers it)", err, p.Node)
	}
	if a.Joins && commits == 0 && p.Incarnation == 0 && !p.Learns {
		return false, fmt.Errorf("acceptor %s is empty, and waits until it is made a member", a.ID)
	}
	a.presence.mu.Lock()
	defer a.presence.mu.Unlock()
	switch known := a.presence.number; {
	case p.Configuration+1 < known:
		return false, fmt.Errorf("proposer %s is in configuration %d, and %d is in use: if it has lost its disk, or runs on an old copy: "+
			"synod member restore %s", p.Node, p.Configuration, known, p.Node)
	case p.Configuration > known:
		if err := a.store.SetNote(noteConfiguration, strconv.AppendUint(nil, p.Configuration, 10)); err != nil {
			return true, err
		}
		a.presence.number = p.Configuration
	}
	return false, nil
}

// loadPresence reads what the acceptor was told in earlier runs.
func (a *acceptor) loadPresence() error {
	text, err := a.store.Note(noteConfiguration)
	if text == nil || err != nil {
		return err
	}
	if a.presence.number, err = strconv.ParseUint(string(text), 10, 64); err != nil {
		return fmt.Errorf("the configuration's number on disk cannot be read: %w", err)
	}
	return nil
}
