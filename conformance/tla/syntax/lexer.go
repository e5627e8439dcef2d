// The lexer: splits the text of a module into tokens.

package syntax

import (
	"math/big"
	"strings"
)

// tabWidth is the distance of tab stops, for the alignment of junction lists.
const tabWidth = 8

// lexer walks over the characters of a file. The columns are kept up by advance.
type lexer struct {
	file   string
	text   []rune
	pos    int
	line   int
	col    int
	indent int
	depth  int  // modules that are open
	after  bool // the token before was ----
	tokens []Token
	errs   *ErrorList
}

func newLexer(file string, src []byte, errs *ErrorList) *lexer {
	text := []rune(strings.TrimPrefix(string(src), "\ufeff"))
	return &lexer{file: file, text: text, line: 1, col: 1, indent: 1, errs: errs}
}

// lexModule gives the tokens of the first module of the text, from its opening dashes to its closing ====. What
// stands before and after is a comment. It gives nil where there is no module.
func lexModule(file string, src []byte, errs *ErrorList) []Token {
	l := newLexer(file, src, errs)
	for l.pos < len(l.text) && !l.atModule() {
		l.advance(1)
	}
	if l.pos == len(l.text) {
		return nil
	}
	for l.next() {
		if last := l.tokens[len(l.tokens)-1]; last.Kind == KindEquals && l.depth == 0 {
			break
		}
	}
	return l.finish()
}

// lexExpression gives the tokens of a text that is one expression.
func lexExpression(file string, src []byte, errs *ErrorList) []Token {
	l := newLexer(file, src, errs)
	for l.next() {
	}
	return l.finish()
}

// finish puts the end token behind the others.
func (l *lexer) finish() []Token {
	at := Pos{l.file, l.line, l.col}
	end := Token{Kind: KindEnd, Indent: l.indent, Span: Span{at, at.Line, at.Col}}
	return append(l.tokens, end)
}

// atModule reports whether four or more dashes and the word MODULE begin here.
func (l *lexer) atModule() bool {
	if l.peek(0) != '-' {
		return false
	}
	n := l.run('-')
	if n < 4 {
		return false
	}
	for l.peek(n) == ' ' {
		n++
	}
	return l.has(n, "MODULE")
}

// peek gives the character n places on, or 0 at the end.
func (l *lexer) peek(n int) rune {
	if l.pos+n < len(l.text) {
		return l.text[l.pos+n]
	}
	return 0
}

// has reports whether the text n places on begins with s.
func (l *lexer) has(n int, s string) bool {
	for _, c := range s {
		if l.peek(n) != c {
			return false
		}
		n++
	}
	return true
}

// run counts how often c repeats from here.
func (l *lexer) run(c rune) int {
	n := 0
	for l.peek(n) == c {
		n++
	}
	return n
}

// advance moves on by n characters.
func (l *lexer) advance(n int) {
	for ; n > 0 && l.pos < len(l.text); n-- {
		switch c := l.text[l.pos]; {
		case c == '\n' || c == '\r' && l.peek(1) != '\n':
			l.line++
			l.col, l.indent = 1, 1
		case c == '\t':
			l.col++
			l.indent += tabWidth - (l.indent-1)%tabWidth
		default:
			l.col++
			l.indent++
		}
		l.pos++
	}
}

// here is the span of the next n characters, all on this line.
func (l *lexer) here(n int) Span {
	return Span{Pos{l.file, l.line, l.col}, l.line, l.col + max(n, 1) - 1}
}

// emit makes a token of the next n characters.
func (l *lexer) emit(kind Kind, text string, n int) {
	l.tokens = append(l.tokens, Token{Kind: kind, Text: text, Indent: l.indent, Span: l.here(n)})
	l.advance(n)
}

// next reads one token; it gives false at the end of the text.
func (l *lexer) next() bool {
	before := len(l.tokens)
	for len(l.tokens) == before {
		l.skipBlank()
		if l.pos == len(l.text) {
			return false
		}
		l.scan()
	}
	l.countModules()
	return true
}

// countModules keeps the number of open modules: ---- MODULE opens one, ==== closes one.
func (l *lexer) countModules() {
	last := &l.tokens[len(l.tokens)-1]
	switch {
	case l.after && last.is("MODULE"):
		l.depth++
	case last.Kind == KindEquals:
		l.depth--
	}
	l.after = last.Kind == KindDashes
}

// skipBlank skips white space and comments.
func (l *lexer) skipBlank() {
	for {
		switch c := l.peek(0); {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\ufeff' || c == '\u00a0':
			l.advance(1)
		case l.has(0, `\*`):
			for l.pos < len(l.text) && l.peek(0) != '\n' && l.peek(0) != '\r' {
				l.advance(1)
			}
		case l.has(0, "(*"):
			l.skipComment()
		default:
			return
		}
	}
}

// skipComment skips a comment in (* and *), which may hold others.
func (l *lexer) skipComment() {
	start := l.here(2)
	depth := 0
	for l.pos < len(l.text) {
		switch {
		case l.has(0, "(*"):
			depth++
			l.advance(2)
		case l.has(0, "*)"):
			depth--
			l.advance(2)
		default:
			l.advance(1)
		}
		if depth == 0 {
			return
		}
	}
	l.errs.Add(start, "this comment has no end")
}

// scan reads one token, or reports a character that begins none.
func (l *lexer) scan() {
	c := l.peek(0)
	switch {
	case isLetter(c) || isDigit(c) || c == '_':
		l.scanWord()
	case c == '"':
		l.scanString()
	case numberSets[c] != "":
		l.emit(KindIdentifier, numberSets[c], 1)
	case c == '-' && l.run('-') >= 4:
		l.emit(KindDashes, "----", l.run('-'))
	case c == '=' && l.run('=') >= 4:
		l.emit(KindEquals, "====", l.run('='))
	case c == '<' && l.stepLength() > 0:
		n := l.stepLength()
		l.emit(KindStep, string(l.text[l.pos:l.pos+n]), n)
	case c == '\\' && l.basedNumber() > 0:
		l.scanBasedNumber(l.basedNumber())
	default:
		l.scanSymbol()
	}
}

func isLetter(c rune) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isDigit(c rune) bool  { return '0' <= c && c <= '9' }

// scanWord reads an identifier, a keyword or a number. An identifier is any run of letters, digits and
// underscores with a letter in it; WF_ and SF_ at its head are words of their own.
func (l *lexer) scanWord() {
	n, digits, letter := 0, 0, false
	for c := l.peek(n); isLetter(c) || isDigit(c) || c == '_'; c = l.peek(n) {
		letter = letter || isLetter(c)
		if n == digits && isDigit(c) {
			digits++
		}
		n++
	}
	word := string(l.text[l.pos : l.pos+n])
	switch {
	case l.has(0, "WF_") || l.has(0, "SF_"):
		l.emit(KindKeyword, word[:3], 3)
	case keywords[word]:
		l.emit(KindKeyword, word, n)
	case symbols[word].kind == KindOperator:
		l.emit(KindOperator, word, n)
	case letter:
		l.emit(KindIdentifier, word, n)
	case digits > 0:
		l.scanDecimal(digits)
	default:
		l.emit(KindPunct, "_", 1)
	}
}

// scanDecimal reads a number of n digits and the fraction that may follow.
func (l *lexer) scanDecimal(n int) {
	if l.peek(n) == '.' && isDigit(l.peek(n+1)) {
		n++
		for isDigit(l.peek(n)) {
			n++
		}
	}
	text := strings.TrimLeft(string(l.text[l.pos:l.pos+n]), "0")
	if text == "" || text[0] == '.' {
		text = "0" + text
	}
	l.emit(KindNumber, text, n)
}

// basedNumber gives the length of a number like \hFF that begins here, or 0.
func (l *lexer) basedNumber() int {
	n := 2
	for isBasedDigit(l.peek(1), l.peek(n)) {
		n++
	}
	if n == 2 {
		return 0
	}
	return n
}

// isBasedDigit reports whether c is a digit in the base with that letter.
func isBasedDigit(base, c rune) bool {
	switch base {
	case 'b', 'B':
		return c == '0' || c == '1'
	case 'o', 'O':
		return '0' <= c && c <= '7'
	case 'h', 'H':
		return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
	}
	return false
}

func (l *lexer) scanBasedNumber(n int) {
	base := map[rune]int{'b': 2, 'o': 8, 'h': 16}[l.peek(1)|0x20]
	value, _ := new(big.Int).SetString(string(l.text[l.pos+2:l.pos+n]), base)
	l.emit(KindNumber, value.String(), n)
}

// stepLength gives the length of a proof step's name like <1>2. or <*>a, with its dots, or 0.
func (l *lexer) stepLength() int {
	n := 1
	if c := l.peek(1); c == '*' || c == '+' {
		n = 2
	} else {
		for isDigit(l.peek(n)) {
			n++
		}
	}
	if n == 1 || l.peek(n) != '>' {
		return 0
	}
	n++
	for c := l.peek(n); isLetter(c) || isDigit(c) || c == '_'; c = l.peek(n) {
		n++
	}
	for l.peek(n) == '.' {
		n++
	}
	return n
}

// escapes are the characters that a backslash may precede in a string.
var escapes = map[rune]rune{'"': '"', '\\': '\\', 't': '\t', 'n': '\n', 'f': '\f', 'r': '\r'}

// scanString reads a string, which must end on its line.
func (l *lexer) scanString() {
	var value strings.Builder
	n, before := 1, len(*l.errs)
	for {
		switch c := l.peek(n); {
		case c == '"':
			l.emit(KindString, value.String(), n+1)
			return
		case c == '\n' || c == '\r' || l.pos+n >= len(l.text):
			*l.errs = (*l.errs)[:before] // its backslashes are none of a string, then
			l.errs.Add(l.here(n), "this string has no end on its line")
			l.emit(KindString, value.String(), n)
			return
		case c == '\\':
			e, ok := escapes[l.peek(n+1)]
			if !ok {
				l.errs.Add(l.here(n+1), `a string has a backslash that is not part of \" \\ \n \t \f or \r`)
				e = '\\'
				n--
			}
			value.WriteRune(e)
			n += 2
		default:
			value.WriteRune(c)
			n++
		}
	}
}

// scanSymbol reads the longest symbol that begins here.
func (l *lexer) scanSymbol() {
	for n := min(longestSymbol, len(l.text)-l.pos); n > 0; n-- {
		if s, ok := symbols[string(l.text[l.pos:l.pos+n])]; ok {
			bullet := n <= 2 && (s.text == `/\` || s.text == `\/`)
			l.emit(s.kind, s.text, n)
			l.tokens[len(l.tokens)-1].Bullet = bullet
			return
		}
	}
	hint := ""
	if strings.ContainsRune("“”„‘’«»", l.peek(0)) {
		hint = `; strings stand between straight quotes, "a"`
	}
	l.errs.Add(l.here(1), "the character %q begins no symbol of TLA+%s", l.peek(0), hint)
	l.advance(1)
}

// Tokens splits a text in the language's words, as those of configuration files are. The last token is the end token.
// The error is an ErrorList.
func Tokens(file string, src []byte) ([]Token, error) {
	var errs ErrorList
	tokens := lexExpression(file, src, &errs)
	return tokens, errs.Err()
}
