// HTML: a report as a page that stands alone.

package conformance

import (
	"html"
	"io"
	"regexp"
	"strings"
)

const (
	pageHead = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>synod replay</title><style>
body { margin: 2em; font: 14px/1.45 ui-monospace, monospace; color-scheme: light dark }
pre { white-space: pre-wrap } .bad { color: #c00; font-weight: bold } .mark { color: #c00 } .ok { opacity: .6 }
</style></head><body><pre>
`
	pageEnd = "</pre></body></html>\n"
)

// falseLine is a line of the specification that does not hold.
var falseLine = regexp.MustCompile(` (FALSE|ERROR)(: |\n)`)

// WriteHTML writes what WriteText does as a page, with what is wrong marked.
func (r *Report) WriteHTML(w io.Writer) error {
	var text strings.Builder
	if err := r.WriteText(&text); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(pageHead)
	for line := range strings.Lines(text.String()) {
		class := ""
		switch {
		case falseLine.MatchString(line), strings.HasPrefix(line, "verdict  violates"):
			class = "bad"
		case strings.Contains(line, "<- "), strings.Trim(line, " ^\n") == "" && strings.Contains(line, "^"):
			class = "mark"
		case strings.HasSuffix(line, " ok\n"):
			class = "ok"
		}
		escaped := html.EscapeString(strings.TrimSuffix(line, "\n"))
		if class != "" {
			escaped = `<span class="` + class + `">` + escaped + "</span>"
		}
		b.WriteString(escaped + "\n")
	}
	b.WriteString(pageEnd)
	_, err := io.WriteString(w, b.String())
	return err
}
