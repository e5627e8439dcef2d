// The queue of what happens next, by time.

package sim

type eventKind uint8

const (
	evOperation eventKind = iota // index: of the schedule's operations
	evFault                      // index: of the schedule's faults
	evHeal                       // index: of the schedule's faults
	evCalm                       //
	evDeliver                    // index: of the packet
	evSynced                     // node, life
	evTimer                      // node, life; index: the key; alarm
	evRestart                    // node
)

// event is something that happens at a time. Those of one time happen in the order in which they were planned.
type event struct {
	at    Time
	order uint64
	kind  eventKind
	node  int32
	index int32
	life  uint32
	alarm uint64
}

// queue is a binary heap. That of container/heap would box each event.
type queue struct {
	heap  []event
	order uint64
}

func (e *event) before(f *event) bool { return e.at < f.at || e.at == f.at && e.order < f.order }

func (q *queue) push(e event) {
	q.order++
	e.order = q.order
	h := append(q.heap, e)
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !e.before(&h[parent]) {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = e
	q.heap = h
}

// pop takes the earliest event; there must be one.
func (q *queue) pop() event {
	h := q.heap
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(&h[child]) {
			child++
		}
		if !h[child].before(&last) {
			break
		}
		h[i] = h[child]
		i = child
	}
	if len(h) > 0 {
		h[i] = last
	}
	q.heap = h
	return first
}
