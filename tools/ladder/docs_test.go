// The tutorial shows what the command prints.

package ladder

import (
	"bytes"
	"context"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/tools/synod/console"
)

var update = flag.Bool("update", false, "rewrite the stories in docs/ladder.md")

const tutorial = "../../docs/ladder.md"

// shown matches a block of the tutorial with a rung's story.
var shown = regexp.MustCompile("(?s)```console\n\\$ synod ladder (\\w+)\n(.*?)```")

// story is what the command says of a counterexample: its steps and its end.
func story(t *testing.T, r Rung) string {
	t.Helper()
	model, result, err := check(context.Background(), quiet, r)
	require.NoError(t, err)
	require.NotEmpty(t, result.Behavior)
	var out bytes.Buffer
	tellStory(&printer{&console.Console{Stdout: &out}}, familyOf(r), model, result, false)
	return out.String()
}

func TestTheTutorialShowsTheStories(t *testing.T) {
	ladder := readLadder(t)
	text, err := os.ReadFile(tutorial)
	require.NoError(t, err)
	told := map[string]bool{}
	fresh := shown.ReplaceAllStringFunc(string(text), func(block string) string {
		id := shown.FindStringSubmatch(block)[1]
		rungs, err := ladder.Find(id)
		require.NoError(t, err)
		require.Len(t, rungs, 1, id)
		told[rungs[0].ID] = true
		return "```console\n$ synod ladder " + id + "\n" + story(t, rungs[0]) + "```"
	})
	for _, r := range ladder.Rungs {
		if r.Breaks() && familyOf(r) != &plain {
			require.True(t, told[r.ID], "the tutorial tells rung %s", r.ID)
		}
	}
	if *update {
		require.NoError(t, os.WriteFile(tutorial, []byte(fresh), 0o644))
		return
	}
	require.Equal(t, strings.Split(fresh, "\n"), strings.Split(string(text), "\n"),
		"docs/ladder.md shows other stories; go test ./tools/ladder -run Tutorial -update rewrites them")
}
