// The corpus: expressions and what TLC makes of them, kept for a test that needs no Java.

package main

import (
	"fmt"
	"io"
	"strings"
)

// entry is one expression of a corpus file and TLC's outcome. A file has a block for each, apart by an empty line:
// the expression as it stands in a module, then a line "= value" or "! error".
type entry struct {
	expression string
	expected   outcome
}

func (e entry) write(w io.Writer) error {
	mark := "= " + e.expected.value
	if e.expected.failed {
		mark = "! " + strings.ReplaceAll(e.expected.err, "\n", " ")
	}
	_, err := fmt.Fprintf(w, "%s\n%s\n\n", e.expression, mark)
	return err
}
