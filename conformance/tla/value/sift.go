// Sifting: which elements of a list have a value in a field.

package value

// Sift tells, as a bit for each of at most 64 elements, which are records whose field has the value want, and which are odd: they are no
// records, lack the field, or have something there that TLC refuses to compare with want.
func Sift(list []Value, name, want Value) (hit, odd uint64) {
	var shape Value // of the record before, which tells where the field is
	at := -1
	for i, x := range list {
		if x.tag() != tagRecord {
			odd |= 1 << i
			continue
		}
		d, values := fields(x)
		if d != shape {
			shape, at = d, find(d, name)
		}
		if at < 0 {
			odd |= 1 << i
			continue
		}
		switch have := values[at]; {
		case have == want && !have.IsSymbolic():
			hit |= 1 << i
		case have.Plain(want):
		default:
			if same, fault := Same(have, want); fault != nil {
				odd |= 1 << i
			} else if same {
				hit |= 1 << i
			}
		}
	}
	return hit, odd
}
