// What the clients saw, and whether a register could have answered so.

package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"

	"synod/trace"
)

// outcome is how an operation ended for its client.
type outcome uint8

// A satisfied change took effect and its client has the state it left. A rejected one did not and never will. Of an
// unknown one nothing is said: it may take effect at any later time, or never.
const (
	satisfied outcome = iota
	rejected
	unknown
)

func (o outcome) String() string { return [...]string{"satisfied", "rejected", "unknown"}[o] }

// operation is one change as its client saw it.
type operation struct {
	client    int
	key       string
	change    change
	call, end time.Duration // since the start of the load
	outcome   outcome
	answer    answer // satisfied only
}

// answer is what the client of a satisfied change is told: the state that was changed, and what became of it.
type answer struct{ before, after int64 }

// history collects operations of all clients.
type history struct {
	mu         sync.Mutex
	operations []operation
}

func (h *history) add(o operation) {
	h.mu.Lock()
	h.operations = append(h.operations, o)
	h.mu.Unlock()
}

// count gives the number of operations with each outcome.
func (h *history) count() (counts [3]int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, o := range h.operations {
		counts[o.outcome]++
	}
	return counts
}

// keys splits the history by key: each is a register of its own.
func (h *history) keys() (names []string, byKey map[string][]operation) {
	byKey = make(map[string][]operation)
	for _, o := range h.operations {
		byKey[o.key] = append(byKey[o.key], o)
	}
	for name := range byKey {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, byKey
}

// save writes the history as a file, one operation a line in the order of their ends.
func (h *history) save(path string) error {
	var lines []byte
	for _, o := range h.operations {
		line := struct {
			Client  int    `json:"client"`
			Key     string `json:"key"`
			Change  string `json:"change"`
			Call    int64  `json:"call"` // nanoseconds since the start
			End     int64  `json:"end"`
			Outcome string `json:"outcome"`
			Before  *int64 `json:"before,omitempty"`
			After   *int64 `json:"after,omitempty"`
		}{o.client, o.key, o.change.String(), int64(o.call), int64(o.end), o.outcome.String(), nil, nil}
		if o.outcome == satisfied {
			line.Before, line.After = &o.answer.before, &o.answer.after
		}
		text, err := json.Marshal(line)
		if err != nil {
			return err
		}
		lines = append(append(lines, text...), '\n')
	}
	return os.WriteFile(path, lines, 0o644)
}

// unrecorded names the keys on which clients were told of more satisfied changes than the traces propose: a
// trace with a hole would let a replay pass that did not see everything.
func (h *history) unrecorded(events []trace.Event) []string {
	proposed := make(map[string]int)
	for _, e := range events {
		if changes, ok := e.Args.Get("cs"); ok {
			proposed[e.Instance] += strings.Count(changes, `{"name":`)
		}
	}
	names, byKey := h.keys()
	return slices.DeleteFunc(names, func(name string) bool {
		told := 0
		for _, o := range byKey[name] {
			if o.outcome == satisfied {
				told++
			}
		}
		return told <= proposed[name]
	})
}

// register is porcupine's model of one key: a state that starts at 0 and that every operation changes by its
// function. The answer to a satisfied operation tells the state before and after it.
var register = porcupine.Model{
	Init: func() any { return int64(0) },
	Step: func(state, input, output any) (bool, any) {
		now := answer{before: state.(int64)}
		now.after = input.(change).apply(now.before)
		told, known := output.(answer)
		return !known || told == now, now.after
	},
	Hash: func(state any) uint64 { return uint64(state.(int64)) },
	DescribeOperation: func(input, output any) string {
		told, known := output.(answer)
		if !known {
			return fmt.Sprintf("%v -> unknown", input)
		}
		return fmt.Sprintf("%v: %d -> %d", input, told.before, told.after)
	},
	DescribeState: func(state any) string { return fmt.Sprint(state) },
}

// forPorcupine translates the operations on one key. A rejected one is left out: it must not have had an effect. An
// unknown one is pending until the end, because it may take effect at any time after its call.
func forPorcupine(operations []operation) []porcupine.Operation {
	var out []porcupine.Operation
	for _, o := range operations {
		switch o.outcome {
		case satisfied:
			out = append(out, porcupine.Operation{
				ClientId: o.client, Input: o.change, Call: int64(o.call), Output: o.answer, Return: int64(o.end)})
		case unknown:
			out = append(out, porcupine.Operation{
				ClientId: o.client, Input: o.change, Call: int64(o.call), Return: math.MaxInt64})
		}
	}
	return out
}

// linearizability is porcupine's answer for a whole history.
type linearizability struct {
	keys       int
	operations int      // satisfied and unknown ones
	illegal    []string // keys whose answers no register gives
	undecided  []string // keys that porcupine did not decide in time; they count as failures
	picture    string   // a page that shows the first illegal key
	elapsed    time.Duration
}

func (l linearizability) ok() bool { return len(l.illegal) == 0 && len(l.undecided) == 0 }

// keyTimeout bounds porcupine's search on one key, which is exponential at worst.
const keyTimeout = 20 * time.Second

// check asks porcupine about each key by itself. It draws the first illegal one into folder.
func (h *history) check(ctx context.Context, folder string) (linearizability, error) {
	start := time.Now()
	names, byKey := h.keys()
	found := linearizability{keys: len(names)}
	for _, name := range names {
		if ctx.Err() != nil {
			return found, ctx.Err()
		}
		operations := forPorcupine(byKey[name])
		found.operations += len(operations)
		result, info := porcupine.CheckOperationsVerbose(register, operations, keyTimeout)
		switch result {
		case porcupine.Ok:
		case porcupine.Illegal:
			found.illegal = append(found.illegal, name)
			if found.picture == "" {
				found.picture = filepath.Join(folder, "history-"+name+".html")
				if err := picture(found.picture, info); err != nil {
					return found, err
				}
			}
		default:
			found.undecided = append(found.undecided, name)
		}
	}
	found.elapsed = time.Since(start)
	return found, nil
}

// picture writes porcupine's picture of one key's history.
func picture(path string, info porcupine.LinearizationInfo) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := porcupine.Visualize(register, info, file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
