// Annotations: a report as code hosts and editors read it.

package conformance

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"synod/conformance/tla"
	"synod/trace"
)

// WriteGitHub writes each violation as a GitHub workflow annotation on the line of the program that took the step, or of
// the trace where the trace does not name one.
func (r *Report) WriteGitHub(w io.Writer) error {
	annotate := func(file string, line int, title, message string) error {
		var place string
		if file != "" {
			place = fmt.Sprintf("file=%s,line=%d,", gitHubProperty.Replace(file), max(line, 1))
		}
		_, err := fmt.Fprintf(w, "::error %stitle=%s::%s\n", place, gitHubProperty.Replace(title), gitHubText.Replace(message))
		return err
	}
	for i := range r.Violations {
		v := &r.Violations[i]
		file, line := placeOf(v.Event)
		if err := annotate(file, line, v.Event.Action+" is no step of "+filepath.Base(r.Spec), v.message(r)); err != nil {
			return err
		}
	}
	for i := range r.Unfinished {
		u := &r.Unfinished[i]
		file, line := placeOf(u.Event)
		if err := annotate(file, line, "Inconclusive", u.message()); err != nil {
			return err
		}
	}
	return nil
}

// What GitHub takes for a sign of its own, in the text of an annotation and in its properties.
var (
	gitHubText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	gitHubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (u *Unfinished) message() string {
	return fmt.Sprintf("event %s is not decided: %s", u.Event.ID, u.Reason)
}

// placeOf gives the line of the program that took an event's step, else the line of the trace.
func placeOf(e *trace.Event) (file string, line int) {
	if at := strings.LastIndexByte(e.Source, ':'); at > 0 {
		if n, err := strconv.Atoi(e.Source[at+1:]); err == nil {
			return e.Source[:at], n
		}
	}
	return e.Place.File, e.Place.Line
}

// message says in a few lines what is wrong.
func (v *Violation) message(r *Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "event %s: %s%s is no step of %s", v.Event.ID, v.Event.Action, arguments(v.Event), r.Spec)
	if at := v.Event.Place.String(); at != "" {
		fmt.Fprintf(&b, " (%s)", at)
	}
	for i := range v.Nearest.Conjuncts {
		if c := &v.Nearest.Conjuncts[i]; c.Verdict != tla.Holds {
			fmt.Fprintf(&b, "\n%s: %s  %s", c.Span.Start, c.Source, fate(c))
		}
	}
	for _, s := range v.Since {
		fmt.Fprintf(&b, "\n%s = %s since %s", s.Path, shorten(s.Value, 60), v.origin(s.Event))
	}
	return b.String()
}
