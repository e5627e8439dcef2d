// Coverage: how often each action was taken, and what it found.

package check

import (
	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
)

// ActionCount says how often an action was taken. The action of the first count is the initial predicate.
type ActionCount struct {
	Action    *resolve.Def // nil for the initial predicate, and for a part of the next-state relation that is no definition
	Init      bool
	Generated int64 // states
	Distinct  int64 // of them, those that were new
}

// tally counts for one worker. A nil tally counts nothing.
type tally struct {
	counts map[*resolve.Def]*ActionCount
	init   ActionCount
	batch  []*ActionCount // of the successors that are not yet looked at
	at     *ActionCount   // of the one that is being looked at
}

func newTally() *tally {
	return &tally{counts: map[*resolve.Def]*ActionCount{}, init: ActionCount{Init: true}}
}

// generate notes by which action the next successor was reached.
func (t *tally) generate(d *resolve.Def, initial bool) {
	c := &t.init
	if !initial {
		if c = t.counts[d]; c == nil {
			c = &ActionCount{Action: d}
			t.counts[d] = c
		}
	}
	c.Generated++
	t.batch = append(t.batch, c)
}

// look goes to the i-th successor of the batch.
func (t *tally) look(i int) {
	if t != nil {
		t.at = t.batch[i]
	}
}

// find notes that the successor at hand is new.
func (t *tally) find() {
	if t != nil {
		t.at.Distinct++
	}
}

func (t *tally) clear() {
	if t != nil {
		t.batch = t.batch[:0]
	}
}

// coverage adds up what the workers counted, in the order in which the specification names its actions. An action that
// consists of others, and is taken only through them, is left out; one that was never taken has zeros.
func (s *search) coverage() []ActionCount {
	if !s.opts.Coverage {
		return nil
	}
	list := []ActionCount{{Init: true}}
	sum := map[*resolve.Def]ActionCount{}
	for _, x := range s.workers {
		list[0].add(x.tally.init)
		for d, c := range x.tally.counts {
			total := sum[d]
			total.add(*c)
			sum[d] = total
		}
	}
	if s.HasNext {
		for _, d := range s.Program.Actions(s.Next) {
			c := sum[d]
			if c.Generated == 0 && eval.Composite(d) {
				continue
			}
			c.Action = d
			list = append(list, c)
		}
	}
	if c := sum[nil]; c.Generated > 0 {
		list = append(list, c)
	}
	return list
}

func (c *ActionCount) add(d ActionCount) {
	c.Generated += d.Generated
	c.Distinct += d.Distinct
}
