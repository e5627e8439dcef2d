// The bench's own parts: what is counted, and what is refused.

package bench

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSamplesOfAMetricAreAddedUp(t *testing.T) {
	const page = `# HELP syncs_count syncs
syncs_count{node="a"} 3
syncs_count{node="b"} 4.5
syncs_count_more 100
syncs 100
`
	total, err := sum(strings.NewReader(page), "syncs_count")
	require.NoError(t, err)
	require.Equal(t, 7.5, total)
	_, err = sum(strings.NewReader(page), "syncs_coun")
	require.ErrorContains(t, err, "no metric")
	_, err = sum(strings.NewReader("syncs_count x\n"), "syncs_count")
	require.Error(t, err)
}

func TestProcessorTimeOfAProcess(t *testing.T) {
	self := &process{cmd: new(exec.Cmd)}
	proc, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	self.cmd.Process = proc
	before, err := self.cpu()
	require.NoError(t, err)
	for begun := time.Now(); time.Since(begun) < 100*time.Millisecond; {
	}
	after, err := self.cpu()
	require.NoError(t, err)
	require.Greater(t, after, before)
}

func TestASystemThatIsNoneIsRefusedBeforeAnythingStarts(t *testing.T) {
	for _, name := range []string{"abacus", "abacus@old", "synod@new"} {
		_, err := Run(context.Background(), Options{Systems: []string{name}, Builds: map[string]string{"old": "/bin/true"}})
		require.ErrorIs(t, err, ErrSystem, name)
	}
}

func TestARowHasTheMediansOfItsRounds(t *testing.T) {
	first := []Figures{{Rate: 100}, {Rate: 50}, {Rate: 200}}
	rounds := []Figures{
		{Rate: 90, Server: 3, Median: 7, Errors: 1},
		{Rate: 60, Server: 1, Median: 9},
		{Rate: 190, Server: 2, Median: 8, Errors: 1},
	}
	var row Row
	row.summarize(rounds, first)
	require.Equal(t, Row{Figures: Figures{Rate: 90, Server: 2, Median: 8, Errors: 2}, Best: 190, Ratio: 0.95}, row)
}
