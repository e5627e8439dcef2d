// Writing: the lines that a Reader reads.

package line

import "strconv"

// Writer writes a line, word by word, and what stands below it.
type Writer struct{ b []byte }

// lineRoom is what most lines need.
const lineRoom = 96

// Word writes a word that has no space in it.
func (w *Writer) Word(word string) *Writer {
	if w.b == nil {
		w.b = make([]byte, 0, lineRoom)
	}
	w.b = append(append(w.b, word...), ' ')
	return w
}

// Quoted writes any text as a Go string literal.
func (w *Writer) Quoted(text string) *Writer {
	if plain(text) == len(text) {
		w.b = append(append(append(w.b, '"'), text...), '"', ' ')
	} else {
		w.b = append(strconv.AppendQuote(w.b, text), ' ')
	}
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
	return string(w.b) + below
}
