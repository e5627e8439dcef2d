// What is likely a mistake is told as a note.

package check_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// notesOf are the notes of checking a module, which has no states unless it has an Init.
func notesOf(t *testing.T, body string) []string {
	t.Helper()
	config := "\n"
	if strings.Contains(body, "Init ==") {
		config = "INIT Init\nNEXT Next\n"
	}
	if strings.Contains(body, "Spec ==") {
		config = "SPECIFICATION Spec\nPROPERTY Live\n"
	}
	files := fstest.MapFS{"L.tla": {Data: []byte("---- MODULE L ----\n" + body + "\n====\n")}, "L.cfg": {Data: []byte(config)}}
	m, err := tla.Load("L.tla", tla.Options{FS: files, Config: "L.cfg"})
	require.NoError(t, err)
	r, err := m.Check(context.Background(), tla.CheckOptions{Workers: 1})
	require.NoError(t, err)
	return r.Notes
}

func TestAFieldThatIsCalledLikeADefinition(t *testing.T) {
	notes := notesOf(t, "bar == 23\nR == [bar |-> 42, other |-> 1]")
	require.Equal(t, []string{`L.tla:3:6: the field bar has nothing to do with what is called bar in module L: DOMAIN [bar |-> ..] is {"bar"}`}, notes)
	for _, innocent := range []string{
		"bar == 23\nR == [foo |-> 42]",
		"bar == 23\nR(x) == [bar |-> x]",
		"bar == 23\nR == [bar |-> 42]\nS == {[bar |-> x] : x \\in {1}}",
		"VARIABLE bar\nR == [bar |-> 1, foo |-> bar]\nInit == bar = 0\nNext == UNCHANGED bar",
	} {
		require.Empty(t, notesOf(t, innocent), innocent)
	}
}

func TestATranslationThatWasEdited(t *testing.T) {
	lines := []string{"VARIABLE x", "Init == x = 0"}
	sum := crc32.ChecksumIEEE([]byte(lines[0] + lines[1]))
	text := func(sum uint32, second string) string {
		return fmt.Sprintf("(* --algorithm A { { skip } } *)\n\\* BEGIN TRANSLATION (chksum(pcal) = \"1\" /\\ chksum(tla) = \"%x\")\n%s\n%s\n\\* END TRANSLATION\nNext == UNCHANGED x", sum, lines[0], second)
	}
	require.Empty(t, notesOf(t, text(sum, lines[1])))
	notes := notesOf(t, text(sum, "Init == x = 1"))
	require.Equal(t, []string{"L.tla: the translation in module L was changed since it was made from its algorithm"}, notes)
}

func TestAPlaceThatExceptDoesNotFind(t *testing.T) {
	body := func(field string) string {
		return "VARIABLE m\nInit == m = [val |-> 1]\nNext == m' = [m EXCEPT !." + field + " = 2]"
	}
	require.Equal(t, []string{`L.tla:4:24: EXCEPT leaves a value as it is where it has no such place: "value"`}, notesOf(t, body("value")))
	require.Empty(t, notesOf(t, body("val")))
}

func TestAnInitialPredicateThatNothingSatisfies(t *testing.T) {
	body := func(value string) string {
		return "VARIABLE x\nInit == x = 1 /\\ x = " + value + "\nNext == UNCHANGED x"
	}
	require.Equal(t, []string{"Init is true of no state, so that there is nothing to check"}, notesOf(t, body("2")))
	require.Empty(t, notesOf(t, body("1")))
}

func TestALassoThatFairnessWouldExclude(t *testing.T) {
	body := func(next, fairness string) string {
		return "VARIABLE x\nInit == x = TRUE\nNext == " + next + "\nSpec == Init /\\ [][Next]_x" + fairness + "\nLive == <>(x = FALSE)"
	}
	notes := notesOf(t, body("x' = ~x", ""))
	require.Len(t, notes, 1)
	require.Contains(t, notes[0], "WF_vars(Next)")
	require.Empty(t, notesOf(t, body("x' = ~x", " /\\ WF_x(Next)")))
	require.Empty(t, notesOf(t, body("x' = x", "")), "fairness is not what is missing")
}
