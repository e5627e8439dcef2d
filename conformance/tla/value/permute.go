// Permutations of a value's parts, for symmetry.

package value

// Permute replaces in v every value that is in the domain of the function p by its image, at any depth. memo keeps
// results for one p.
func Permute(v, p Value, memo map[Value]Value) Value {
	switch v.tag() {
	case tagNone, tagLazy, tagClosure:
		return v
	case tagBool, tagInt, tagString, tagModel:
		if w, ok := p.Apply(v); ok {
			return w
		}
		return v
	}
	if w, ok := memo[v]; ok {
		return w
	}
	w := permuteObject(v, p, memo)
	memo[v] = w
	return w
}

func permuteObject(v, p Value, memo map[Value]Value) Value {
	switch v.tag() {
	case tagTuple:
		return Tuple(permuteList(items(v), p, memo))
	case tagRecord:
		d, values := fields(v)
		return Record(d, permuteList(values, p, memo))
	case tagFunc:
		d, values := fields(v)
		f, _ := FuncOf(permuteList(domainElems(d), p, memo), permuteList(values, p, memo))
		return f
	}
	s, _ := Set(permuteList(setElems(v), p, memo))
	return s
}

func permuteList(list []Value, p Value, memo map[Value]Value) []Value {
	out := make([]Value, len(list))
	for i, x := range list {
		out[i] = Permute(x, p, memo)
	}
	return out
}
