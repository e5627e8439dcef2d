// Tokens: the words of the language, and the table of its symbols and keywords.

package syntax

// Kind is the class of a token.
type Kind uint8

// The classes of tokens. Within a class the token's Text tells them apart.
const (
	KindEnd        Kind = iota // the end of the text, or of the expression by its column
	KindIdentifier             // also TRUE, FALSE, BOOLEAN and STRING
	KindNumber
	KindString
	KindKeyword
	KindOperator // an operator symbol in its canonical form, SUBSET and the like too
	KindPunct    // brackets, arrows, == and other signs that are no operators
	KindStep     // the name of a proof step: <1>2a
	KindDashes   // ----
	KindEquals   // ====
)

// Token is one word of the source.
type Token struct {
	Kind   Kind
	Text   string // canonical; the value of a string; the decimal form of a number
	Bullet bool   // an /\ or \/ that may begin an item of a junction list; \land and \lor may not
	Indent int    // the column with tabs taken to the next multiple of eight, for alignment
	Span   Span
}

// is reports whether the token is the keyword, operator or sign with this text.
func (t *Token) is(text string) bool {
	return t.Text == text && (t.Kind == KindKeyword || t.Kind == KindPunct || t.Kind == KindOperator)
}

// isReserved reports whether the token is a word of the language.
func (t *Token) isReserved() bool {
	return t.Kind == KindKeyword || t.Kind == KindOperator && isLetter(rune(t.Text[0]))
}

// describe names the token for a message.
func (t *Token) describe() string {
	switch t.Kind {
	case KindEnd:
		return "end of text"
	case KindString:
		return "a string"
	case KindDashes:
		return "----"
	case KindEquals:
		return "===="
	}
	return t.Text
}

// keywords are the reserved words that are not operators.
var keywords = map[string]bool{
	"ACTION": true, "ASSUME": true, "ASSUMPTION": true, "AXIOM": true, "BY": true, "CASE": true, "CHOOSE": true,
	"CONSTANT": true, "CONSTANTS": true, "COROLLARY": true, "DEF": true, "DEFINE": true, "DEFS": true, "ELSE": true,
	"EXCEPT": true, "EXTENDS": true, "HAVE": true, "HIDE": true, "IF": true, "IN": true, "INSTANCE": true,
	"LAMBDA": true, "LEMMA": true, "LET": true, "LOCAL": true, "MODULE": true, "NEW": true, "OBVIOUS": true,
	"OMITTED": true, "ONLY": true, "OTHER": true, "PICK": true, "PROOF": true, "PROPOSITION": true, "PROVE": true,
	"QED": true, "RECURSIVE": true, "STATE": true, "SUFFICES": true, "TAKE": true, "TEMPORAL": true, "THEN": true,
	"THEOREM": true, "USE": true, "VARIABLE": true, "VARIABLES": true, "WITH": true, "WITNESS": true,
	"WF_": true, "SF_": true,
}

// symbol is what a spelling stands for.
type symbol struct {
	kind Kind
	text string
}

// puncts are the signs that are no operators, with their other spellings.
var puncts = [][]string{
	{"==", "≜"}, {"<-", "←"}, {"->", "→"}, {"|->", "↦"}, {"<<", "⟨"}, {">>", "⟩"}, {">>_", "⟩_"}, {"]_"},
	{"::", "∷"}, {":"}, {","}, {"."}, {"!"}, {"@"}, {"_"}, {"("}, {")"}, {"["}, {"]"}, {"{"}, {"}"},
	{`\A`, `\forall`, "∀"}, {`\E`, `\exists`, "∃"}, {`\AA`}, {`\EE`},
}

// symbols finds a token by any of its spellings.
var symbols = func() map[string]symbol {
	m := make(map[string]symbol)
	for _, p := range puncts {
		for _, spelling := range p {
			m[spelling] = symbol{KindPunct, p[0]}
		}
	}
	for _, o := range operators {
		m[o.Name] = symbol{KindOperator, o.Name}
		for _, spelling := range o.Aliases {
			m[spelling] = symbol{KindOperator, o.Name}
		}
	}
	return m
}()

// longestSymbol is the number of characters in the longest spelling.
var longestSymbol = func() int {
	n := 0
	for spelling := range symbols {
		n = max(n, len([]rune(spelling)))
	}
	return n
}()

// numberSets are the Unicode names of the standard sets of numbers.
var numberSets = map[rune]string{'ℕ': "Nat", 'ℤ': "Int", 'ℝ': "Real"}
