// Expressions as trees, and how they are written down.

package main

import (
	"strings"
)

// node is an expression: a form and what fills it.
type node struct {
	form   form
	text   string  // a literal's or a name's text, an operator's symbol
	kids   []*node // the expressions inside
	names  []string
	sizes  []int // for bounds: how many names each group has; for LET: how many parameters
	layout uint8 // which of several ways of writing is used: parentheses, lists with bullets
	ofType *typ  // the type it was drawn for; nil where it has none
}

// form is the syntax of an expression.
type form uint8

const (
	atom        form = iota // text
	infix                   // kids[0] text kids[1]
	prefix                  // text kids[0]
	junction                // kids joined by text, /\ or \/
	call                    // text(kids...), text alone without kids
	index                   // kids[0][kids[1], ...]
	dot                     // kids[0].text
	enumeration             // {kids...}
	sequenceOfE             // <<kids...>>
	recordOf                // [names |-> kids, ...]
	recordSet               // [names : kids, ...]
	conditional             // IF kids[0] THEN kids[1] ELSE kids[2]
	cases                   // CASE kids[0] -> kids[1] [] ... [] OTHER -> last (if odd)
	quantifier              // text bounds : body; text is \A or \E
	choose                  // CHOOSE bound : body
	filter                  // {bound : body}
	mapping                 // {body : bounds}
	abstraction             // [bounds |-> body]
	functionSet             // [kids[0] -> kids[1]]
	product                 // kids[0] \X kids[1] \X ...
	except                  // [kids[0] EXCEPT !path = kids[..], ..]; names tell the paths: "" an index, "," the next update, else .name
	lambda                  // LAMBDA names : kids[0]
	let                     // LET names[0](names[1:]...) == kids[0] IN kids[1]; text "rec" has RECURSIVE before it
	letFunction             // LET names[0][names[1] \in kids[0]] == kids[1] IN kids[2]
	within                  // I(kids..)!Op(kids..); text is I!Op, sizes[0] tells how many kids are I's
	subscripted             // [kids[0]]_text, or <<kids[0]>>_text where sizes[0] is 1
)

// bounds of a binding form are groups: sizes[i] > 0 names in the set kids[i], sizes[i] < 0 a tuple of that many. The
// body is the last kid.

// precedence is the range of an operator's binding strength; two that overlap need parentheses between them.
type precedence struct {
	low, high int
	chains    bool // a op b op c is (a op b) op c
}

var infixes = map[string]precedence{
	"=>": {1, 1, false}, "<=>": {2, 2, false}, "/\\": {3, 3, true}, "\\/": {3, 3, true},
	"=": {5, 5, false}, "#": {5, 5, false}, "/=": {5, 5, false}, "<": {5, 5, false}, ">": {5, 5, false}, "<=": {5, 5, false},
	">=": {5, 5, false}, "\\leq": {5, 5, false}, "\\in": {5, 5, false}, "\\notin": {5, 5, false}, "\\subseteq": {5, 5, false},
	"\\prec": {5, 5, false}, "@@": {6, 6, true}, ":>": {7, 7, false}, "\\cup": {8, 8, true}, "\\cap": {8, 8, true},
	"\\": {8, 8, false}, "..": {9, 9, false}, "+": {10, 10, true}, "++": {10, 10, true}, "%": {10, 11, false},
	"-": {11, 11, true}, "\\X": {10, 13, false}, "*": {13, 13, true}, "\\div": {13, 13, false}, "\\o": {13, 13, true},
	"^": {14, 14, false},
}

var prefixes = map[string]precedence{
	"~": {4, 4, false}, "SUBSET": {10, 13, false}, "UNION": {10, 13, false}, "DOMAIN": {10, 13, false}, "-": {12, 12, false},
}

// strength is how strongly an expression holds together: tight ones (names, brackets) need no parentheses anywhere,
// open ones (IF, \E, LET) need them everywhere but between delimiters.
func (n *node) strength() precedence {
	switch n.form {
	case infix:
		return infixes[n.text]
	case prefix:
		return prefixes[n.text]
	case junction:
		if n.bulleted() {
			return precedence{}
		}
		return infixes[n.text]
	case product:
		return infixes["\\X"]
	case conditional, cases, quantifier, choose, lambda, let, letFunction:
		return precedence{}
	default:
		return precedence{low: 16, high: 16}
	}
}

// bulleted reports whether a junction is written as a list, one item a line.
func (n *node) bulleted() bool { return n.form == junction && n.layout%2 == 1 }

// writer writes expressions and knows the column, which a list with bullets needs.
type writer struct {
	strings.Builder
	column int
}

func (w *writer) put(s string) {
	w.WriteString(s)
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		w.column = len(s) - i - 1
	} else {
		w.column += len(s)
	}
}

// String writes an expression down. Lines after the first are indented so that lists line up when the first stands
// at column 0.
func (n *node) String() string {
	w := &writer{}
	w.expression(n)
	return w.Builder.String()
}

// operand writes a kid of an operator, with parentheses where it needs them or its layout asks for them.
func (w *writer) operand(n *node, op precedence, mayChain bool) {
	s := n.strength()
	bare := s.low > op.high || mayChain && op.chains && s == op && n.form == infix
	if s.low == 16 || bare && n.layout&2 == 0 {
		w.expression(n)
		return
	}
	w.put("(")
	w.expression(n)
	w.put(")")
}

func (w *writer) list(kids []*node) {
	for i, k := range kids {
		if i > 0 {
			w.put(", ")
		}
		if i == 0 && k.form == infix && k.text == "\\in" {
			w.operand(k, infixes["\\in"], false) // TLC reads {<<1, 2>> \in S} as the start of a filter
			continue
		}
		w.expression(k)
	}
}

// bounds writes the groups of a binding form: x, y \in S, <<a, b>> \in T.
func (w *writer) bounds(n *node) {
	at := 0
	for i, size := range n.sizes {
		if i > 0 {
			w.put(", ")
		}
		count := size
		if size < 0 {
			count = -size
			w.put("<<")
		}
		w.put(strings.Join(n.names[at:at+count], ", "))
		if size < 0 {
			w.put(">>")
		}
		w.put(" \\in ")
		w.operand(n.kids[i], precedence{}, false)
		at += count
	}
}

func (n *node) body() *node { return n.kids[len(n.kids)-1] }

// expression writes n where it is delimited on both sides.
func (w *writer) expression(n *node) {
	switch n.form {
	case atom:
		w.put(n.text)
	case infix:
		op := infixes[n.text]
		w.operand(n.kids[0], op, n.kids[0].text == n.text)
		w.put(" " + n.text + " ")
		w.operand(n.kids[1], op, false)
	case prefix:
		w.put(n.text)
		if n.text != "-" && n.text != "~" {
			w.put(" ")
		}
		w.operand(n.kids[0], prefixes[n.text], false)
	case junction:
		w.junction(n)
	case call:
		w.call(n.text, n.kids)
	case within:
		instance, definition, _ := strings.Cut(n.text, "!")
		w.call(instance, n.kids[:n.sizes[0]])
		w.call("!"+definition, n.kids[n.sizes[0]:])
	case subscripted:
		brackets := [...][2]string{{"[", "]"}, {"<<", ">>"}}[n.sizes[0]]
		w.bracketed(brackets[0], n.kids, brackets[1])
		w.put("_" + n.text)
	case index:
		w.operand(n.kids[0], precedence{low: 15, high: 15}, false)
		w.bracketed("[", n.kids[1:], "]")
	case dot:
		w.operand(n.kids[0], precedence{low: 15, high: 15}, false)
		w.put("." + n.text)
	case enumeration:
		w.bracketed("{", n.kids, "}")
	case sequenceOfE:
		w.bracketed("<<", n.kids, ">>")
	case recordOf, recordSet, functionSet, abstraction, except:
		w.put("[")
		w.square(n)
		w.put("]")
	case filter, mapping:
		w.put("{")
		if n.form == mapping {
			w.operand(n.body(), infixes["\\in"], false) // {x \in S : y \in T} would be a filter
			w.put(" : ")
			w.bounds(n)
		} else {
			w.bounds(n)
			w.put(" : ")
			w.expression(n.body())
		}
		w.put("}")
	case product:
		for i, k := range n.kids {
			if i > 0 {
				w.put(" \\X ")
			}
			w.operand(k, infixes["\\X"], false)
		}
	default:
		w.open(n)
	}
}

func (w *writer) call(name string, arguments []*node) {
	w.put(name)
	if len(arguments) > 0 {
		w.bracketed("(", arguments, ")")
	}
}

func (w *writer) bracketed(left string, kids []*node, right string) {
	w.put(left)
	w.list(kids)
	w.put(right)
}

func (w *writer) junction(n *node) {
	column := w.column
	for i, k := range n.kids {
		switch {
		case n.bulleted():
			if i > 0 {
				w.put("\n" + strings.Repeat(" ", column))
			}
			w.put(n.text + " ")
			w.expression(k)
		default:
			if i > 0 {
				w.put(" " + n.text + " ")
			}
			w.operand(k, infixes[n.text], false)
		}
	}
}

// square writes what stands between square brackets.
func (w *writer) square(n *node) {
	switch n.form {
	case recordOf, recordSet:
		sign := " |-> "
		if n.form == recordSet {
			sign = " : "
		}
		for i, name := range n.names {
			if i > 0 {
				w.put(", ")
			}
			w.put(name + sign)
			w.expression(n.kids[i])
		}
	case functionSet:
		w.expression(n.kids[0])
		w.put(" -> ")
		w.expression(n.kids[1])
	case abstraction:
		w.bounds(n)
		w.put(" |-> ")
		w.expression(n.body())
	case except:
		w.expression(n.kids[0])
		w.put(" EXCEPT !")
		at := 1
		for _, name := range n.names {
			switch name {
			case "":
				w.bracketed("[", n.kids[at:at+1], "]")
				at++
			case ",":
				w.put(" = ")
				w.expression(n.kids[at])
				at++
				w.put(", !")
			default:
				w.put("." + name)
			}
		}
		w.put(" = ")
		w.expression(n.body())
	}
}

// open writes the forms whose last part goes on as far as it can.
func (w *writer) open(n *node) {
	switch n.form {
	case conditional:
		w.put("IF ")
		w.expression(n.kids[0])
		w.put(" THEN ")
		w.expression(n.kids[1])
		w.put(" ELSE ")
		w.expression(n.kids[2])
	case cases:
		w.cases(n)
	case quantifier:
		w.put(n.text + " ")
		w.bounds(n)
		w.put(" : ")
		w.expression(n.body())
	case choose:
		w.put("CHOOSE ")
		w.bounds(n)
		w.put(" : ")
		w.expression(n.body())
	case lambda:
		w.put("LAMBDA " + strings.Join(n.names, ", ") + " : ")
		w.expression(n.kids[0])
	case let:
		w.put("LET ")
		head := n.names[0]
		if params := n.names[1:]; len(params) > 0 {
			if n.text == "rec" {
				w.put("RECURSIVE " + head + "(" + strings.Repeat("_, ", len(params)-1) + "_) ")
			}
			head += "(" + strings.Join(params, ", ") + ")"
		}
		w.put(head + " == ")
		w.expression(n.kids[0])
		w.put(" IN ")
		w.expression(n.kids[1])
	case letFunction:
		w.put("LET " + n.names[0] + "[" + n.names[1] + " \\in ")
		w.expression(n.kids[0])
		w.put("] == ")
		w.expression(n.kids[1])
		w.put(" IN ")
		w.expression(n.kids[2])
	}
}

// cases writes a CASE. A value that is itself open would swallow the next arm, so it is put in parentheses.
func (w *writer) cases(n *node) {
	for i := 0; i < len(n.kids); i += 2 {
		switch {
		case i == 0:
			w.put("CASE ")
		default:
			w.put(" [] ")
		}
		value := i + 1
		if value == len(n.kids) {
			w.put("OTHER")
			value = i
		} else {
			w.operand(n.kids[i], precedence{}, false)
		}
		w.put(" -> ")
		w.operand(n.kids[value], precedence{}, false)
	}
}
