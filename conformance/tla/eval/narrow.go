// Narrowing: going through few elements of a large set instead of all.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// narrow are look-ups that choose the elements for which a quantifier's body can be true: those whose fields have
// the values that the body asks for.
type narrow struct {
	names []value.Value
	vals  []valueFn
}

func (c *compiler) narrowing(e resolve.Expr, b *bound, inner *env) *narrow { return nil }

func (n *narrow) candidates(w *Worker, set value.Value) ([]value.Value, bool) { return nil, false }
