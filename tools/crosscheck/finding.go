// What a checker found, and whether two findings agree.

package crosscheck

import (
	"fmt"
	"strings"
	"time"

	"synod/conformance/tla"
)

// Finding is what a checker, or a manifest, says of a model.
type Finding struct {
	Result    string  `json:"result"` // "success", "assumption failure", "deadlock failure", "safety failure", "liveness failure", "error"
	Generated int64   `json:"generated"`
	Distinct  int64   `json:"distinct"`
	Depth     int64   `json:"depth"`
	Seconds   float64 `json:"seconds"`              // on the clock
	CPU       float64 `json:"cpuSeconds"`           // of all threads, the process's start included
	Memory    int64   `json:"memory"`               // the most bytes in memory
	Message   string  `json:"message,omitempty"`    // about what is wrong
	TimedOut  bool    `json:"timedOut,omitempty"`   // no result: the time was over
	Unlisted  bool    `json:"unmeasured,omitempty"` // no counts: the manifest has none
}

// results names TLC's exit codes; others are errors.
var results = map[int]string{0: "success", 10: "assumption failure", 11: "deadlock failure", 12: "safety failure", 13: "liveness failure"}

func resultOf(code int) string {
	if name, ok := results[code]; ok {
		return name
	}
	return "error"
}

// Status is how a model's comparison came out.
type Status string

// The ways in which a comparison can come out.
const (
	Same     Status = "same"    // the result, and every count that is known
	Differs  Status = "differs" // something does
	TimedOut Status = "timeout" // the engine did not finish, so there was nothing to compare
	Skipped  Status = "skipped" // not checked, for the reason given
	Verdict  Status = "verdict" // the result is the same; nothing more is known of the model
)

// Row is one model's comparison.
type Row struct {
	Model  string   `json:"model"`
	Status Status   `json:"status"`
	Reason string   `json:"reason,omitempty"` // what differs, or why the model was skipped
	Engine *Finding `json:"engine,omitempty"`
	TLC    *Finding `json:"tlc,omitempty"`
	Listed *Finding `json:"manifest,omitempty"`
}

// compare says what the engine's finding differs in from another's; "" where in nothing that is known. Depth is left
// out of what a manifest says: with several threads TLC's is not the same in each run.
func compare(engine, other Finding, who string, depth bool) string {
	var parts []string
	if other.Result != "unknown" && engine.Result != other.Result {
		return fmt.Sprintf("%s says %s%s", who, other.Result, message(engine))
	}
	if other.Unlisted || engine.Result != "success" {
		return ""
	}
	differs := func(what string, a, b int64) {
		if b >= 0 && a != b {
			parts = append(parts, fmt.Sprintf("%s: %s %d", who, what, b))
		}
	}
	differs("generated", engine.Generated, other.Generated)
	differs("distinct", engine.Distinct, other.Distinct)
	if depth {
		differs("depth", engine.Depth, other.Depth)
	}
	return strings.Join(parts, ", ")
}

func message(f Finding) string {
	if f.Message == "" {
		return ""
	}
	first, _, _ := strings.Cut(f.Message, "\n")
	return ": " + first
}

// listed is a manifest's finding.
func (m Model) listed() Finding {
	return Finding{
		Result: m.Result, Generated: m.Generated, Distinct: m.Distinct, Depth: m.Depth, Seconds: m.Runtime.Seconds(),
		Unlisted: m.Generated < 0 && m.Distinct < 0,
	}
}

// engineFinding turns the engine's result into a finding.
func engineFinding(r *tla.Result, elapsed time.Duration) Finding {
	f := Finding{
		Result: resultOf(r.Code), Generated: r.Generated, Distinct: r.Distinct, Depth: int64(r.Depth), Seconds: elapsed.Seconds(),
		Message: r.Message,
	}
	if r.Err != nil {
		f.Message = r.Err.Error()
	}
	return f
}
