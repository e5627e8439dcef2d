// The operator symbols of the language: spellings, precedence ranges and associativity.

package syntax

// Fixity says where an operator stands: before, between or after its operands.
type Fixity uint8

// The three places of an operator symbol.
const (
	Prefix Fixity = iota + 1
	Infix
	Postfix
)

// String gives the word for the fixity.
func (f Fixity) String() string {
	return [...]string{"", "prefix", "infix", "postfix"}[f]
}

// Operator is an operator symbol. Precedences are ranges: of two operators the one whose range lies wholly above
// the other's binds tighter, and where the ranges overlap, parentheses are needed.
type Operator struct {
	Name      string // the canonical form
	Fixity    Fixity
	Lo, Hi    int
	LeftAssoc bool     // a op b op c may be written without parentheses
	Aliases   []string // the other spellings
}

// above reports whether o binds tighter than p.
func (o *Operator) above(p *Operator) bool { return o.Lo > p.Hi }

// operators is the table of Lamport's "Specifying Systems", section 15.2.1, with later additions: the prefix
// operators SUBSET, UNION and DOMAIN have the ranges that SANY gives them. The symbols "." and "[" of records and
// function application bind tighter than all of these and are not operators.
var operators = []*Operator{
	{"~", Prefix, 4, 4, false, []string{`\lnot`, `\neg`, "¬"}},
	{"ENABLED", Prefix, 4, 15, false, nil},
	{"UNCHANGED", Prefix, 4, 15, false, nil},
	{"[]", Prefix, 4, 15, false, []string{"□"}},
	{"<>", Prefix, 4, 15, false, []string{"◇", "⋄"}},
	{"SUBSET", Prefix, 10, 13, false, nil},
	{"UNION", Prefix, 10, 13, false, nil},
	{"DOMAIN", Prefix, 10, 13, false, nil},
	{"-.", Prefix, 12, 12, false, nil},

	{"=>", Infix, 1, 1, false, []string{"⇒"}},
	{"-+->", Infix, 2, 2, false, []string{"⇸"}},
	{"<=>", Infix, 2, 2, false, []string{`\equiv`, "⇔", "≡"}},
	{"~>", Infix, 2, 2, false, []string{"↝", "⇝"}},
	{`/\`, Infix, 3, 3, true, []string{`\land`, "∧"}},
	{`\/`, Infix, 3, 3, true, []string{`\lor`, "∨"}},

	{"#", Infix, 5, 5, false, []string{"/=", "≠"}},
	{"-|", Infix, 5, 5, false, []string{"⊣"}},
	{"::=", Infix, 5, 5, false, []string{"⩴"}},
	{":=", Infix, 5, 5, false, []string{"≔"}},
	{"<", Infix, 5, 5, false, nil},
	{"=", Infix, 5, 5, false, nil},
	{"=|", Infix, 5, 5, false, []string{"⫤"}},
	{">", Infix, 5, 5, false, nil},
	{`\approx`, Infix, 5, 5, false, []string{"≈"}},
	{`\asymp`, Infix, 5, 5, false, []string{"≍"}},
	{`\cong`, Infix, 5, 5, false, []string{"≅"}},
	{`\doteq`, Infix, 5, 5, false, []string{"≐"}},
	{`\geq`, Infix, 5, 5, false, []string{">=", "≥"}},
	{`\gg`, Infix, 5, 5, false, []string{"≫"}},
	{`\in`, Infix, 5, 5, false, []string{"∈"}},
	{`\leq`, Infix, 5, 5, false, []string{"<=", "=<", "≤"}},
	{`\ll`, Infix, 5, 5, false, []string{"≪"}},
	{`\notin`, Infix, 5, 5, false, []string{"∉"}},
	{`\prec`, Infix, 5, 5, false, []string{"≺"}},
	{`\preceq`, Infix, 5, 5, false, []string{"⪯"}},
	{`\propto`, Infix, 5, 5, false, []string{"∝"}},
	{`\sim`, Infix, 5, 5, false, []string{"∼"}},
	{`\simeq`, Infix, 5, 5, false, []string{"≃"}},
	{`\sqsubset`, Infix, 5, 5, false, []string{"⊏"}},
	{`\sqsubseteq`, Infix, 5, 5, false, []string{"⊑"}},
	{`\sqsupset`, Infix, 5, 5, false, []string{"⊐"}},
	{`\sqsupseteq`, Infix, 5, 5, false, []string{"⊒"}},
	{`\subset`, Infix, 5, 5, false, []string{"⊂"}},
	{`\subseteq`, Infix, 5, 5, false, []string{"⊆"}},
	{`\succ`, Infix, 5, 5, false, []string{"≻"}},
	{`\succeq`, Infix, 5, 5, false, []string{"⪰"}},
	{`\supset`, Infix, 5, 5, false, []string{"⊃"}},
	{`\supseteq`, Infix, 5, 5, false, []string{"⊇"}},
	{"|-", Infix, 5, 5, false, []string{"⊢"}},
	{"|=", Infix, 5, 5, false, []string{"⊨"}},
	{`\cdot`, Infix, 5, 14, true, []string{"⋅"}},

	{"@@", Infix, 6, 6, true, nil},
	{":>", Infix, 7, 7, false, nil},
	{"<:", Infix, 7, 7, false, nil},
	{`\`, Infix, 8, 8, false, nil},
	{`\cap`, Infix, 8, 8, true, []string{`\intersect`, "∩"}},
	{`\cup`, Infix, 8, 8, true, []string{`\union`, "∪"}},
	{"..", Infix, 9, 9, false, []string{"‥"}},
	{"...", Infix, 9, 9, false, []string{"…"}},

	{"!!", Infix, 9, 13, false, []string{"‼"}},
	{"##", Infix, 9, 13, true, nil},
	{"$", Infix, 9, 13, true, nil},
	{"$$", Infix, 9, 13, true, nil},
	{"??", Infix, 9, 13, true, []string{"⁇"}},
	{`\sqcap`, Infix, 9, 13, true, []string{"⊓"}},
	{`\sqcup`, Infix, 9, 13, true, []string{"⊔"}},
	{`\uplus`, Infix, 9, 13, true, []string{"⊎"}},
	{`\wr`, Infix, 9, 14, false, []string{"≀"}},

	{"(+)", Infix, 10, 10, true, []string{`\oplus`, "⊕"}},
	{"+", Infix, 10, 10, true, nil},
	{"++", Infix, 10, 10, true, nil},
	{"%", Infix, 10, 11, false, nil},
	{"%%", Infix, 10, 11, true, nil},
	{"|", Infix, 10, 11, true, nil},
	{"||", Infix, 10, 11, true, []string{"‖"}},
	{`\X`, Infix, 10, 13, true, []string{`\times`, "×"}},
	{"(-)", Infix, 11, 11, true, []string{`\ominus`, "⊖"}},
	{"-", Infix, 11, 11, true, nil},
	{"--", Infix, 11, 11, true, nil},

	{"&", Infix, 13, 13, true, nil},
	{"&&", Infix, 13, 13, true, nil},
	{"(.)", Infix, 13, 13, true, []string{`\odot`, "⊙"}},
	{"(/)", Infix, 13, 13, false, []string{`\oslash`, "⊘"}},
	{`(\X)`, Infix, 13, 13, true, []string{`\otimes`, "⊗"}},
	{"*", Infix, 13, 13, true, nil},
	{"**", Infix, 13, 13, true, nil},
	{"/", Infix, 13, 13, false, nil},
	{"//", Infix, 13, 13, false, nil},
	{`\bigcirc`, Infix, 13, 13, true, []string{"◯"}},
	{`\bullet`, Infix, 13, 13, true, []string{"●"}},
	{`\div`, Infix, 13, 13, false, []string{"÷"}},
	{`\o`, Infix, 13, 13, true, []string{`\circ`, "∘"}},
	{`\star`, Infix, 13, 13, true, []string{"⋆"}},
	{"^", Infix, 14, 14, false, nil},
	{"^^", Infix, 14, 14, false, nil},

	{"'", Postfix, 15, 15, false, nil},
	{"^+", Postfix, 15, 15, false, []string{"⁺"}},
	{"^*", Postfix, 15, 15, false, nil},
	{"^#", Postfix, 15, 15, false, nil},
}

// operatorsByName finds an operator by its canonical form. Prefix and infix forms never share one: the minus sign
// is "-." as a prefix.
var operatorsByName = func() map[string]*Operator {
	m := make(map[string]*Operator, len(operators))
	for _, o := range operators {
		m[o.Name] = o
	}
	return m
}()

// LookupOperator gives the operator with a canonical name, or nil.
func LookupOperator(name string) *Operator { return operatorsByName[name] }

// Operators gives all operator symbols of the language.
func Operators() []*Operator { return append([]*Operator(nil), operators...) }

// CanonicalOperator gives the canonical form of an operator's spelling: "\\union" gives "\\cup". Any other text
// stays as it is.
func CanonicalOperator(spelling string) string {
	if s, ok := symbols[spelling]; ok && s.kind == KindOperator {
		return s.text
	}
	return spelling
}
