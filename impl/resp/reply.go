// Replies: what a server answers, and its form in RESP2 and RESP3.

package resp

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
)

// Kind is a type of reply.
type Kind byte

// The kinds of replies. Those that RESP2 does not have take the form there that Redis gives them.
const (
	KindStatus   Kind = '+' // Text: a word such as OK
	KindError    Kind = '-' // Text: a code in capitals, and what is wrong
	KindInteger  Kind = ':' // Integer
	KindBulk     Kind = '$' // Bulk: bytes
	KindNull     Kind = '_' // nothing, where there could be a bulk
	KindArray    Kind = '*' // List
	KindMap      Kind = '%' // List: keys and values by turns. RESP2: an array
	KindSet      Kind = '~' // List. RESP2: an array
	KindVerbatim Kind = '=' // Bulk: text for people. RESP2: a bulk
)

// Reply is an answer to a request. It is not changed any more once it is given.
type Reply struct {
	Kind    Kind
	Text    string
	Integer int64
	Bulk    []byte
	List    []Reply
}

// OK is the reply to what simply was done.
var OK = Status("OK")

// Status is a reply of one word.
func Status(text string) Reply { return Reply{Kind: KindStatus, Text: text} }

// Error is a reply that something is wrong: a code in capitals and an explanation.
func Error(text string) Reply { return Reply{Kind: KindError, Text: text} }

// Errorf is Error with a format.
func Errorf(format string, args ...any) Reply { return Error(fmt.Sprintf(format, args...)) }

// Integer is a reply of one number.
func Integer(n int64) Reply { return Reply{Kind: KindInteger, Integer: n} }

// Bulk is a reply of bytes.
func Bulk(b []byte) Reply { return Reply{Kind: KindBulk, Bulk: b} }

// Text is a reply of bytes, given as a string.
func Text(s string) Reply { return Bulk([]byte(s)) }

// Verbatim is a reply of text that is meant for people.
func Verbatim(s string) Reply { return Reply{Kind: KindVerbatim, Bulk: []byte(s)} }

// Null is the reply where there is no value.
func Null() Reply { return Reply{Kind: KindNull} }

// Array is a reply of several.
func Array(list ...Reply) Reply { return Reply{Kind: KindArray, List: list} }

// Map is a reply of keys and values by turns.
func Map(list ...Reply) Reply { return Reply{Kind: KindMap, List: list} }

// Texts is an array of strings.
func Texts(list ...string) Reply {
	replies := make([]Reply, len(list))
	for i, s := range list {
		replies[i] = Text(s)
	}
	return Array(replies...)
}

// IsError reports whether the reply says that something is wrong.
func (r *Reply) IsError() bool { return r.Kind == KindError }

// replyBytes is what a reply takes in memory beside its text.
const replyBytes = 96

// size is about how many bytes a reply holds.
func (r *Reply) size() int {
	n := replyBytes + len(r.Text) + len(r.Bulk)
	for i := range r.List {
		n += r.List[i].size()
	}
	return n
}

// encode writes the reply as version 2 or 3 of the protocol has it. Errors stay in w.
func (r *Reply) encode(w *bufio.Writer, version int) {
	switch r.Kind {
	case KindStatus, KindError:
		w.WriteByte(byte(r.Kind))
		w.WriteString(oneLine.Replace(r.Text))
		w.WriteString("\r\n")
	case KindInteger:
		writeNumber(w, ':', r.Integer)
	case KindBulk:
		writeBulk(w, r.Bulk)
	case KindNull:
		if version >= 3 {
			w.WriteString("_\r\n")
		} else {
			w.WriteString("$-1\r\n")
		}
	case KindVerbatim:
		if version < 3 {
			writeBulk(w, r.Bulk)
			return
		}
		writeNumber(w, '=', int64(len(r.Bulk)+len("txt:")))
		w.WriteString("txt:")
		w.Write(r.Bulk)
		w.WriteString("\r\n")
	case KindArray, KindMap, KindSet:
		r.encodeList(w, version)
	default:
		panic("resp: a reply of no kind")
	}
}

func (r *Reply) encodeList(w *bufio.Writer, version int) {
	switch {
	case version < 3 || r.Kind == KindArray:
		writeNumber(w, '*', int64(len(r.List)))
	case r.Kind == KindMap:
		writeNumber(w, '%', int64(len(r.List)/2))
	default:
		writeNumber(w, '~', int64(len(r.List)))
	}
	for i := range r.List {
		r.List[i].encode(w, version)
	}
}

// oneLine keeps a text from breaking its line: what an error quotes of a request may hold anything.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

func writeNumber(w *bufio.Writer, kind byte, n int64) {
	w.WriteByte(kind)
	w.Write(strconv.AppendInt(w.AvailableBuffer(), n, 10))
	w.WriteString("\r\n")
}

func writeBulk(w *bufio.Writer, text []byte) {
	writeNumber(w, '$', int64(len(text)))
	w.Write(text)
	w.WriteString("\r\n")
}
