// Which rungs are told how.

package ladder

// families are the tables, each for the rungs from its first number on.
var families = []struct {
	from int
	*family
}{
	{0, &copies},
	{3, &rounds},
	{12, &war},
	{13, &masters},
	{14, &slots},
	{15, &reading},
	{16, &lease},
	{17, &fencing},
	{18, &handover},
	{19, &lock},
	{20, &cache},
	{21, &retry},
	{22, &membership},
	{23, &deletion},
	{24, &plain},
}

// plain tells each step as the specification writes it.
var plain = family{}

// familyOf is the table for a rung.
func familyOf(r Rung) *family {
	found := &plain
	for _, f := range families {
		if f.from <= r.Number() {
			found = f.family
		}
	}
	return found
}
