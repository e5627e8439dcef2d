// Numbers that cannot be evaluated are refused before anything is.

package check

import (
	"strings"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

// numbers refuses decimal fractions, and integers beyond 32 bits, in the user's modules: TLC cannot read them.
func numbers(all *resolve.Program, wide bool) error {
	var errs syntax.ErrorList
	seen := map[*resolve.Def]bool{}
	for _, m := range all.Modules {
		if m.Standard {
			continue
		}
		for _, d := range m.Defs {
			if d.Body == nil || seen[d] {
				continue
			}
			seen[d] = true
			eval.Walk(d.Body, func(e resolve.Expr) {
				n, ok := e.(*resolve.Number)
				switch {
				case !ok:
				case strings.Contains(n.Text, "."):
					errs.Add(n.Span(), "the number %s is no integer: only integers can be evaluated", n.Text)
				case !wide && tooWide(n.Text):
					errs.Add(n.Span(), "the number %s is too large: integers have 32 bits, as in TLC", n.Text)
				}
			})
		}
	}
	return errs.Err()
}

func tooWide(text string) bool {
	const most = "2147483647"
	text = strings.TrimLeft(text, "0")
	return len(text) > len(most) || len(text) == len(most) && text > most
}
