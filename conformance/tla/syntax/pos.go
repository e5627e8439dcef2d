// Positions: where in which file a token or an expression stands.

package syntax

import "fmt"

// Pos is a place in a source file. Line and Col count from 1; Col counts Unicode code points, as editors do.
// The zero Pos is "no place".
type Pos struct {
	File string // the path the file was loaded under
	Line int
	Col  int
}

// IsValid reports whether the position is a place at all.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String gives file:line:col.
func (p Pos) String() string {
	if !p.IsValid() {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Span is a stretch of source text: from the first character to the last one, both included.
type Span struct {
	Start   Pos
	EndLine int
	EndCol  int
}
