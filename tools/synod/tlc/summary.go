// The figures in what TLC prints.

package tlc

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// Summary is the end of a run in figures, and the first error.
type Summary struct {
	Generated int64
	Distinct  int64
	Left      int64  // states that were found and not yet expanded
	Depth     int64  // of the graph searched; 0 where TLC says none, as after a liveness error
	Length    int64  // states in the behaviour that leads to the error; 0 for none
	Error     string // TLC's first error line without "Error: "; "" for none
}

var (
	// The figures end the line "N states generated, M distinct states found, K states left on queue."; progress lines
	// have the same words behind a prefix and are told apart by the anchor.
	figures = regexp.MustCompile(`^([\d,]+) states generated, ([\d,]+) distinct states found, ([\d,]+) states? left on queue`)
	state   = regexp.MustCompile(`^State (\d+): <`)
	depth   = regexp.MustCompile(`^The depth of the complete state graph search is ([\d,]+)`)
)

// Summarize finds the figures in a checker's whole output; synod check prints them as TLC does.
func Summarize(output []byte) Summary {
	r := &summaryReader{rest: output}
	r.Write([]byte("\n")) // it never fails
	return r.summary()
}

// summaryReader takes TLC's output as it comes and keeps what a Summary needs.
type summaryReader struct {
	rest []byte // a line whose end has not come yet
	seen Summary
}

func (r *summaryReader) Write(p []byte) (int, error) {
	r.rest = append(r.rest, p...)
	for {
		line, rest, ok := bytes.Cut(r.rest, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		r.line(strings.TrimRight(string(line), "\r"))
		r.rest = rest
	}
}

func (r *summaryReader) line(text string) {
	if m := figures.FindStringSubmatch(text); m != nil {
		r.seen.Generated, r.seen.Distinct, r.seen.Left = number(m[1]), number(m[2]), number(m[3])
	} else if m := depth.FindStringSubmatch(text); m != nil {
		r.seen.Depth = number(m[1])
	} else if m := state.FindStringSubmatch(text); m != nil {
		r.seen.Length = number(m[1])
	} else if message, ok := strings.CutPrefix(text, "Error: "); ok && r.seen.Error == "" {
		r.seen.Error = message
	}
}

func (r *summaryReader) summary() Summary {
	if len(r.rest) > 0 {
		r.line(string(r.rest))
		r.rest = nil
	}
	return r.seen
}

func number(digits string) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(digits, ",", ""), 10, 64)
	if err != nil {
		return -1 // more digits than a count has; no expected figure equals it
	}
	return n
}
