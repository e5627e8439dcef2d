// Comprehensions over sets that only grow: what they gave before, and what has come since.

package eval

import "synod/conformance/tla/value"

// {m.slot : m \in {n \in messages : n.type = "accept"}} goes through all messages ever sent, and in a long history there are many.
// But of a set that only grows the order is kept in which its elements came (see value.Growth), and an element gives what it gave before as long as
// what else the body reads is the same. So of each comprehension a worker keeps some results, and goes on from there through
// the elements that came since.

// growing is a comprehension that may be over a set that only grows.
type growing struct {
	id  int     // of its results
	key memoKey // what the body reads besides the element
}

// growth is what a comprehension gave for a set.
type growth struct {
	of     value.Growth
	keys   [maxMemoKeys]value.Value
	result value.Value
}

// growths are a comprehension's results, a few: for each replica's own set, say. The oldest makes room.
type growths struct {
	list []growth
	next int
}

const (
	maxGrowths  = 16
	manyMatches = 64 // a look-up by an index that gives no more is done anew
)

// growing tells how to keep what a comprehension with this body gives; nil where that cannot be.
func (c *compiler) growing(b *bound, body *code) *growing {
	r := body.reads
	for _, slot := range b.slots {
		r.unbind(slot)
	}
	n := len(r.cur) + len(r.nxt) + len(r.slots)
	if !r.pure() || r.figures || n > maxMemoKeys {
		return nil
	}
	return &growing{c.newGrowing(), memoKey{cur: r.cur, nxt: r.nxt, slots: r.slots, n: n}}
}

// over gives the comprehension over a set: by all, or from an earlier result if so many elements came since at most. one is
// what an element gives; false is nothing.
func (g *growing) over(w *Worker, set value.Value, most int, all func() value.Value, one func(x value.Value) (value.Value, bool)) value.Value {
	var now growth
	var ok bool
	if now.of, ok = value.GrowthOf(set); !ok {
		return all()
	}
	if _, ok = g.key.gather(w, &now.keys); !ok {
		return all()
	}
	if now.result, ok = w.grown(g, &now, most, one); !ok {
		now.result = all()
	}
	w.growths[g.id].keep(&now)
	return now.result
}

// grown adds to an earlier result what the elements give that came since; ok is false where there is none, or the elements cannot
// be in one set with the others.
func (w *Worker) grown(g *growing, now *growth, most int, one func(x value.Value) (value.Value, bool)) (result value.Value, ok bool) {
	before := w.growths[g.id].find(now)
	if before == nil {
		return 0, false
	}
	var buffer [manyMatches]value.Value
	came, ok := now.of.Since(&before.of, buffer[:0])
	if !ok || len(came) > most {
		return 0, false
	}
	result = before.result
	for _, x := range came {
		v, some := one(x)
		if !some {
			continue
		}
		var f *value.Fault
		if result, f = value.Insert(result, v); f != nil {
			return 0, false
		}
	}
	return result, true
}

// find is the result that was kept for some version of the same set; nil is none.
func (g *growths) find(now *growth) *growth {
	for i := range g.list {
		if e := &g.list[i]; e.keys == now.keys && e.of.SameLog(&now.of) {
			return e
		}
	}
	return nil
}

// keep remembers a result in the place of the one for another version.
func (g *growths) keep(now *growth) {
	if e := g.find(now); e != nil {
		*e = *now
		return
	}
	if len(g.list) < maxGrowths {
		g.list = append(g.list, *now)
		return
	}
	g.list[g.next] = *now
	g.next = (g.next + 1) % maxGrowths
}
