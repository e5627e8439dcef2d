// Printed values, final states, and differences between modules.

package ladder

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestValuesAreReadAndPrinted(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`7`, `7`},
		{`-7`, `-7`},
		{`TRUE`, `TRUE`},
		{`"a b"`, `"a b"`},
		{`{}`, `{}`},
		{`{b, a}`, `{a, b}`},
		{`<<b, a>>`, `<<b, a>>`},
		{`<<>>`, `<<>>`},
		{`[y |-> 1, x |-> {}]`, `[x |-> {}, y |-> 1]`},
		{"{ [type |-> \"accept\",\n    ballot |-> 1],  <<>>}", `{<<>>, [ballot |-> 1, type |-> "accept"]}`},
		{`(a2 :> <<1, {}>> @@ a1 :> 0)`, `(a1 :> 0 @@ a2 :> <<1, {}>>)`},
	} {
		term, err := parseTerm(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, term.print(nil))
	}
}

func TestWhatIsNoValueIsRefused(t *testing.T) {
	for _, text := range []string{``, `{`, `{a`, `{a b}`, `<<1, 2`, `[x -> 1]`, `(a :> )`, `"open`, `1 2`, `{a,}`, `]`} {
		_, err := parseTerm(text)
		require.Error(t, err, text)
	}
}

func TestFinalStatesAreTheSameUpToNames(t *testing.T) {
	found, err := readLadder(t).Find("3")
	require.NoError(t, err)
	names := renamings(load(t, found[0]))
	require.Len(t, names, 3*2*1*2*1, "three acceptors and two values can change places")

	pinned := []Final{{"acceptedValue": "(a1 :> v @@ a2 :> w @@ a3 :> w)"}}
	for value, want := range map[string]bool{
		"(a1 :> v @@ a2 :> w @@ a3 :> w)":    true,
		"(a3 :> w @@ a2 :> v @@ a1 :> w)":    true,
		"(a1 :> w @@ a2 :> v @@ a3 :> v)":    true,
		"(a1 :> v @@ a2 :> v @@ a3 :> v)":    false,
		"(a1 :> None @@ a2 :> w @@ a3 :> w)": false,
	} {
		known, err := among(Final{"acceptedValue": value, "messages": "{}"}, pinned, names)
		require.NoError(t, err)
		require.Equal(t, want, known, value)
	}
	_, err = among(Final{"messages": "{}"}, pinned, names)
	require.Error(t, err, "a state without the pinned variable")
}

func TestTLCsLastStateIsRead(t *testing.T) {
	state, err := lastState("Error: Invariant Inv is violated.\nState 1: <Initial predicate>\n/\\ x = 0\n/\\ y = {}\n\n" +
		"State 2: <Next line 3, col 1 to line 4, col 2 of module M>\n/\\ x = 1\n/\\ y = { [a |-> 1],\n  [a |-> 2] }\n\n" +
		"State 3: Stuttering\n12 states generated\n")
	require.NoError(t, err)
	require.Equal(t, Final{"x": "1", "y": "{ [a |-> 1], [a |-> 2] }"}, state)
	_, err = lastState("Model checking completed. No error has been found.\n")
	require.Error(t, err)
}

func TestDifferencesTurnOldIntoNew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "c"}), 0, 12)
		old, new := lines.Draw(t, "old"), lines.Draw(t, "new")
		var before, after []string
		for _, e := range difference(old, new) {
			if e.sign != '+' {
				before = append(before, e.line)
			}
			if e.sign != '-' {
				after = append(after, e.line)
			}
		}
		require.Equal(t, strings.Join(old, "\n"), strings.Join(before, "\n"))
		require.Equal(t, strings.Join(new, "\n"), strings.Join(after, "\n"))
	})
}

func TestDifferencesAreShortest(t *testing.T) {
	require.Equal(t, []edit{{' ', "a"}, {'-', "b"}, {'+', "x"}, {' ', "c"}},
		difference([]string{"a", "b", "c"}, []string{"a", "x", "c"}))
	require.Empty(t, hunks(difference([]string{"a", "b"}, []string{"a", "b"}), 2))
}

func TestHunksNameTheDefinitionThatChanges(t *testing.T) {
	old := strings.Split("A ==\n  1\n\nB(x, y) ==\n  1\n  2\n  3\n", "\n")
	new := strings.Split("A ==\n  1\n\nB(x, y) ==\n  1\n  2\n  4\n", "\n")
	all := hunks(difference(old, new), 2)
	require.Len(t, all, 1)
	require.Equal(t, "B", all[0].heading)
	require.Equal(t, []edit{{' ', "  1"}, {' ', "  2"}, {'-', "  3"}, {'+', "  4"}}, all[0].edits)
}

// TestStepsOnTheWayToTheSynodAreSmall: what one rung adds to the one before is to be seen at a glance, unless it is a
// protocol of another kind.
func TestStepsOnTheWayToTheSynodAreSmall(t *testing.T) {
	ladder := readLadder(t)
	for _, r := range ladder.Rungs {
		next, ok := ladder.Next(r)
		if !ok || r.Number() < 3 || familyOf(r) != familyOf(next) {
			continue
		}
		changed := 0
		for _, e := range difference(formulas(read(t, r)), formulas(read(t, next))) {
			if e.sign != ' ' {
				changed++
			}
		}
		require.LessOrEqual(t, changed, 80, "rung %s", r.ID)
	}
}

func read(t *testing.T, r Rung) string {
	t.Helper()
	text, err := os.ReadFile(r.Model.Spec)
	require.NoError(t, err)
	return string(text)
}
