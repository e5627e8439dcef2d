// Patterns: how SCAN and CONFIG GET choose names.

package keyvalue

// matches reports whether a text fits a pattern as Redis has them: * is any text, ? any byte, [a-c] one of those, [^a]
// any other, and a backslash takes the next byte as it is.
func matches(pattern, text []byte) bool {
	// After a star that did not fit, the text is tried again one byte further on: only the last star need be.
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		if p < len(pattern) && pattern[p] == '*' {
			star, mark = p, t
			p++
			continue
		}
		if next, ok := matchByte(pattern, p, text[t]); ok {
			p = next
			t++
			continue
		}
		if star < 0 {
			return false
		}
		mark++
		p, t = star+1, mark
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// matchByte reports whether a byte fits the part of a pattern at p, and where the next part begins.
func matchByte(pattern []byte, p int, c byte) (next int, ok bool) {
	if p >= len(pattern) {
		return p, false
	}
	switch pattern[p] {
	case '?':
		return p + 1, true
	case '[':
		return matchClass(pattern, p+1, c)
	case '\\':
		if p+1 < len(pattern) {
			p++
		}
	}
	return p + 1, pattern[p] == c
}

// matchClass reports whether a byte is in the class whose opening bracket is before p. One that is not closed goes to
// the end of the pattern.
func matchClass(pattern []byte, p int, c byte) (next int, ok bool) {
	not := p < len(pattern) && pattern[p] == '^'
	if not {
		p++
	}
	for ; p < len(pattern) && pattern[p] != ']'; p++ {
		low, high := pattern[p], pattern[p]
		switch {
		case low == '\\' && p+1 < len(pattern):
			p++
			low, high = pattern[p], pattern[p]
		case p+2 < len(pattern) && pattern[p+1] == '-':
			high = pattern[p+2]
			p += 2
		}
		if min(low, high) <= c && c <= max(low, high) {
			ok = true
		}
	}
	return min(p+1, len(pattern)), ok != not
}
