// Inline requests: a line of words, cut as Redis cuts it.

package resp

import "bytes"

// splitWords cuts a line into words. A word may hold parts in "double quotes", with the escapes \n \r \t \b \a \xFF and
// a backslash before any other character for itself, and parts in 'single quotes', where \' is a quote. A quoted part
// ends its word. It reports false if a quote is not closed, or not at the end of its word.
func splitWords(line []byte) (words [][]byte, ok bool) {
	for {
		line = bytes.TrimLeft(line, " \t\r\n\v\f\x00")
		if len(line) == 0 {
			return words, true
		}
		var word []byte
		if word, line, ok = cutWord(line); !ok {
			return nil, false
		}
		words = append(words, word)
	}
}

// cutWord cuts the first word off a line that begins with it.
func cutWord(line []byte) (word, rest []byte, ok bool) {
	word = []byte{}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case isSpace(c):
			return word, line[i:], true
		case c == '"' || c == '\'':
			var n int
			if word, n, ok = unquote(word, line[i:]); !ok {
				return nil, nil, false
			}
			rest = line[i+n:]
			return word, rest, len(rest) == 0 || isSpace(rest[0])
		default:
			word = append(word, c)
		}
	}
	return word, nil, true
}

// unquote appends what stands in the quotes that line begins with, and tells how many bytes they take.
func unquote(word, line []byte) (_ []byte, n int, ok bool) {
	quote := line[0]
	for i := 1; i < len(line); i++ {
		c := line[i]
		switch {
		case c == quote:
			return word, i + 1, true
		case c == '\\' && quote == '\'' && i+1 < len(line) && line[i+1] == '\'':
			word = append(word, '\'')
			i++
		case c == '\\' && quote == '"' && i+3 < len(line) && line[i+1] == 'x' && isHex(line[i+2]) && isHex(line[i+3]):
			word = append(word, fromHex(line[i+2])<<4|fromHex(line[i+3]))
			i += 3
		case c == '\\' && quote == '"' && i+1 < len(line):
			word = append(word, unescape(line[i+1]))
			i++
		default:
			word = append(word, c)
		}
	}
	return nil, 0, false
}

func unescape(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'b':
		return '\b'
	case 'a':
		return '\a'
	}
	return c
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' || c == 0 }

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func fromHex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}
