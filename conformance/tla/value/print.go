// Printing: values as TLC writes them.

package value

import (
	"strconv"
	"strings"
)

// enumBound is the size up to which a symbolic set is printed by its elements, as TLC does it.
const enumBound = 2000

// String prints v as TLC does, on one line.
func (v Value) String() string {
	p := printer{limit: -1}
	p.value(v)
	return p.String()
}

// Text prints v as String does, up to about that many bytes; whole is false where there are more.
func Text(v Value, bytes int) (text string, whole bool) {
	p := printer{limit: bytes}
	p.ordered = true
	p.value(v)
	return p.String(), !p.full()
}

// Brief prints v as String does and cuts it off where it gets long: for messages.
func Brief(v Value) string {
	const limit = 300
	p := printer{limit: limit}
	p.value(v)
	if s := p.String(); len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(p.String()[:limit], "") + " ..."
}

// describe prints v with what it is: "the integer 3".
func describe(v Value) string { return v.KindName() + " " + Brief(v) }

// KindName names what v is, with an article: "the integer".
func (v Value) KindName() string {
	switch v.Kind() {
	case KindBool:
		return "the boolean"
	case KindInt:
		return "the integer"
	case KindString:
		return "the string"
	case KindModel:
		return "the model value"
	case KindTuple:
		return "the sequence"
	case KindRecord:
		return "the record"
	case KindFunc:
		return "the function"
	case KindSet:
		return "the set"
	}
	return "nothing"
}

// printer writes values and stops soon after limit bytes; a negative limit is none.
type printer struct {
	strings.Builder
	limit   int
	ordered bool // large sets are written out, whatever it takes to put them in order
}

func (p *printer) full() bool { return p.limit >= 0 && p.Len() > p.limit }

func (p *printer) value(v Value) {
	switch v.tag() {
	case tagBool:
		if v == True {
			p.WriteString("TRUE")
		} else {
			p.WriteString("FALSE")
		}
	case tagInt:
		p.WriteString(strconv.FormatInt(v.Num(), 10))
	case tagString:
		p.WriteString(Quote(nameOf(v)))
	case tagModel:
		p.WriteString(nameOf(v))
	case tagTuple:
		p.list("<<", items(v), ">>")
	case tagRecord:
		p.record(v)
	case tagFunc:
		p.function(v)
	case tagSet:
		p.list("{", items(v), "}")
	case tagBig:
		if p.limit >= 0 && !p.ordered { // putting the elements in order to show a few of them would take too long
			p.WriteString("{... " + strconv.Itoa(bigOf(v).n) + " elements ...}")
			return
		}
		p.list("{", setElems(v), "}")
	case tagLazy:
		p.symbolic(v)
	case tagClosure:
		p.WriteString("[... |-> ...]")
	default:
		p.WriteString("?")
	}
}

func (p *printer) list(open string, elems []Value, closing string) {
	p.WriteString(open)
	for i, e := range elems {
		if i > 0 {
			p.WriteString(", ")
		}
		if p.full() {
			return
		}
		p.value(e)
	}
	p.WriteString(closing)
}

func (p *printer) record(v Value) {
	d, values := fields(v)
	for _, n := range domainElems(d) {
		if !isName(nameOf(n)) {
			p.function(v)
			return
		}
	}
	p.WriteString("[")
	for i, n := range domainElems(d) {
		if i > 0 {
			p.WriteString(", ")
		}
		if p.full() {
			return
		}
		p.WriteString(nameOf(n))
		p.WriteString(" |-> ")
		p.value(values[i])
	}
	p.WriteString("]")
}

// isName reports whether a string can be written as a field of a record.
func isName(s string) bool {
	letter := false
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			letter = true
		case r == '_' || r >= '0' && r <= '9':
		default:
			return false
		}
	}
	return letter && (s[0] < '0' || s[0] > '9')
}

func (p *printer) function(v Value) {
	d, values := fields(v)
	p.WriteString("(")
	for i, x := range domainElems(d) {
		if i > 0 {
			p.WriteString(" @@ ")
		}
		if p.full() {
			return
		}
		p.value(x)
		p.WriteString(" :> ")
		p.value(values[i])
	}
	p.WriteString(")")
}

func (p *printer) symbolic(v Value) {
	f, ops := fields(v)
	if f == formInterval {
		p.WriteString(ops[0].String() + ".." + ops[1].String())
		return
	}
	if n, finite := size(v); finite && n <= min(enumBound, Largest()) {
		if c, fault := Canonical(v); fault == nil && c != v {
			p.value(c)
			return
		}
	}
	switch f {
	case formNat:
		p.WriteString("Nat")
	case formInt:
		p.WriteString("Int")
	case formReal:
		p.WriteString("Real")
	case formString:
		p.WriteString("STRING")
	case formAny:
		p.WriteString("ANY")
	case formSubset:
		p.parts("SUBSET ", "", "", ops)
	case formFuncSet:
		p.parts("[", " -> ", "]", ops)
	case formRecordSet:
		p.recordSet(ops)
	case formProduct:
		p.parts("(", ` \X `, ")", ops)
	case formSeq:
		p.parts("Seq(", "", ")", ops)
	case formCup:
		p.parts("(", ` \cup `, ")", ops)
	case formCap:
		p.parts("(", ` \cap `, ")", ops)
	case formDiff:
		p.parts("(", ` \ `, ")", ops)
	case formUnion:
		p.parts("UNION ", "", "", ops)
	case formMixed:
		p.list("{", ops, "}")
	}
}

func (p *printer) parts(open, between, closing string, ops []Value) {
	p.WriteString(open)
	for i, o := range ops {
		if i > 0 {
			p.WriteString(between)
		}
		if p.full() {
			return
		}
		p.value(o)
	}
	p.WriteString(closing)
}

func (p *printer) recordSet(ops []Value) {
	p.WriteString("[")
	for i, n := range domainElems(ops[0]) {
		if i > 0 {
			p.WriteString(", ")
		}
		p.WriteString(nameOf(n) + " : ")
		p.value(ops[i+1])
	}
	p.WriteString("]")
}

// Quote writes a string as a TLA+ string literal.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"':
			b.WriteString(`\"`)
		case '\\':
			b.WriteString(`\\`)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		case '\r':
			b.WriteString(`\r`)
		case '\f':
			b.WriteString(`\f`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
