package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPaths(t *testing.T) {
	for text, want := range map[string]path{
		`messages`:           {"messages", nil},
		`promised[a1]`:       {"promised", []string{`"a1"`}},
		`log[3].term`:        {"log", []string{"3", `"term"`}},
		`f[-2]["a ]b"][x_1]`: {"f", []string{"-2", `"a ]b"`, `"x_1"`}},
		`f["7"]`:             {"f", []string{`"7"`}},
	} {
		got, err := parsePath(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		``:       `"" does not begin with a variable's name`,
		`[a]`:    `does not begin with a variable's name`,
		`x[`:     `an index is missing in "x["`,
		`x[]`:    `an index is missing`,
		`x[a`:    `an index has no closing bracket in "x[a"`,
		`x[a-b]`: `an index that is no word and no number is quoted, ["a-b"], in "x[a-b]"`,
		`x["a]`:  `an index is not a valid string`,
		`x.`:     `a field's name is missing in "x."`,
		`x y`:    `" y" in "x y" is neither an [index] nor a .field`,
		`x[a]b`:  `"b" in "x[a]b" is neither`,
	} {
		_, err := parsePath(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestSuggestions(t *testing.T) {
	names := []string{"Promise", "Propose", "Accept"}
	require.Equal(t, " (did you mean Promise?)", suggest("Promis", names))
	require.Equal(t, " (did you mean Accept?)", suggest("accpet", names))
	require.Empty(t, suggest("Restart", names))
}
