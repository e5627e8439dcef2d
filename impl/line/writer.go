// Writing: the lines that a Reader reads.

package line

import "strconv"

// Writer writes a line, word by word, and what stands below it.
type Writer struct{ b []byte }

// Word writes a word that has no space in it.
func (w *Writer) Word(word string) *Writer {
	w.b = append(append(w.b, word...), ' ')
	return w
}

// Quoted writes any text as a Go string literal.
func (w *Writer) Quoted(text string) *Writer {
	w.b = append(strconv.AppendQuote(w.b, text), ' ')
	return w
}

// Number writes a number.
func (w *Writer) Number(n uint64) *Writer {
	w.b = append(strconv.AppendUint(w.b, n, 10), ' ')
	return w
}

// Text ends the line, and gives it with a text below it.
func (w *Writer) Text(below string) string {
	w.b[len(w.b)-1] = '\n'
	return string(append(w.b, below...))
}
