// Steps: what the log does, as the two specifications have it, and how they are recorded.

package sim

import (
	"strconv"
	"strings"

	"synod/impl/lock"
	"synod/impl/step"
	"synod/trace"
)

// show records what the log did with a request, if that is a step.
func (w *world) show(q request, result lock.Result) {
	held := result.Lock
	var owner string
	if q.from != nil {
		owner = q.from.id
	}
	by := trace.Fields{{Name: "h", JSON: step.Quote(owner)}, {Name: "k", JSON: step.Number(q.id)}}
	n := trace.Field{Name: "n", JSON: step.Number(held.Grant)}
	client := trace.Field{Name: "c", JSON: step.Quote(owner)}
	free := trace.Fields{{Name: "owner", JSON: `"nobody"`}}
	switch {
	case q.command.Kind == lock.Acquire && result.Outcome == lock.Granted:
		w.result.Grants++
		w.owned = held.Token
		w.lease.Step("log", "", "Acquire", append(by, n), trace.Fields{
			{Name: "owner", JSON: step.Quote(owner)}, {Name: "token", JSON: step.Number(held.Token)}, {Name: "last", JSON: step.Number(held.Grant)}})
		w.lock.Step("log", "", "Acquire", trace.Fields{client, {Name: "t", JSON: step.Number(held.Token)}}, nil)
	case q.command.Kind == lock.Renew && result.Outcome == lock.Granted:
		w.result.Renewed++
		w.lease.Step("log", "", "Renew", append(by, n), trace.Fields{
			{Name: "token", JSON: step.Number(held.Token)}, {Name: "last", JSON: step.Number(held.Grant)}})
	case result.Outcome == lock.Released:
		w.owned = 0
		w.lease.Step("log", "", "Release", trace.Fields{{Name: "t", JSON: step.Number(q.command.Token)}}, free)
		w.lock.Step("log", "", "Release", trace.Fields{client}, free)
	case result.Outcome == lock.Expired:
		w.result.Expired++
		w.owned = 0
		w.lease.Step("log", "", "Expire", trace.Fields{{Name: "n", JSON: step.Number(q.command.Grant)}}, free)
		w.lock.Step("log", "", "Expire", nil, free)
	case result.Outcome == lock.Fenced:
		w.result.Fenced++
	case q.command.Kind == lock.Fetch:
		w.lock.Step("log", "", "Fetch", trace.Fields{client}, trace.Fields{
			{Name: "fence", JSON: step.Number(held.Token)}, {Name: "fetched[" + owner + "]", JSON: `{"#set":[` + result.Body + `]}`}})
	case q.command.Kind == lock.Store:
		w.result.Stored++
		w.stored(q, result)
	}
}

// stored records a write that came through. Each adds 1 to what was there before.
func (w *world) stored(q request, result lock.Result) {
	w.acks++
	if result.Body != strconv.Itoa(w.acks) {
		w.broken("NothingLost: after %d writes the store holds %s", w.acks, result.Body)
		w.acks, _ = strconv.Atoi(result.Body)
	}
	w.lock.Step("log", "", "Store", trace.Fields{{Name: "t", JSON: step.Number(q.command.Token)}, {Name: "n", JSON: step.Number(q.writes)}},
		trace.Fields{{Name: "fence", JSON: step.Number(result.Lock.Token)}, {Name: "stored", JSON: result.Body}})
}

// number64 is what the store holds: "get", "set 5".
type number64 struct{ n int64 }

func (m *number64) Apply(command string) string {
	if text, found := strings.CutPrefix(command, "set "); found {
		m.n, _ = strconv.ParseInt(text, 10, 64)
	}
	return strconv.FormatInt(m.n, 10)
}

func (m *number64) Snapshot() string { return strconv.FormatInt(m.n, 10) }

func (m *number64) Restore(snapshot string) (err error) {
	m.n, err = strconv.ParseInt(snapshot, 10, 64)
	return err
}
