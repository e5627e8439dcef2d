// Output: wrapped lines, and colours where there are any.

package ladder

import (
	"fmt"
	"strings"

	"synod/tools/synod/console"
)

// width is where lines are wrapped.
const width = 100

// printer writes to the console.
type printer struct{ out *console.Console }

func (p *printer) line(text string) { fmt.Fprintln(p.out.Stdout, text) }

func (p *printer) bold(s string) string  { return p.out.Paint(console.Bold, s) }
func (p *printer) faint(s string) string { return p.out.Paint(console.Faint, s) }
func (p *printer) red(s string) string   { return p.out.Paint(console.Red, s) }
func (p *printer) green(s string) string { return p.out.Paint(console.Green, s) }

// paragraph writes text in wrapped lines. The first one starts with the lead, the others with as many blanks.
func (p *printer) paragraph(lead, text string) {
	indent := strings.Repeat(" ", len(lead))
	line := lead
	empty := true
	for _, word := range strings.Fields(text) {
		if !empty && len(line)+1+len(word) > width {
			p.line(line)
			line, empty = indent, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	p.line(strings.TrimRight(line, " "))
}
