// Campaigns: what a failure prints is enough to see it again, and a run that is not repeatable is told.

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/sim"
	"synod/tools/simulate/judge"
)

const spec = "../../spec/register/Register.tla"

func campaignOf(f flags, bugs paxos.Bugs) (*campaign, *bytes.Buffer) {
	var out bytes.Buffer
	f.bugs = bugs.String()
	return &campaign{flags: f, bugs: bugs, judge: judge.New(spec), out: &out, again: again}, &out
}

func TestAFailurePrintsAllThatItTakesToSeeItAgain(t *testing.T) {
	folder := t.TempDir()
	c, out := campaignOf(flags{first: 1, seeds: 20, out: folder}, paxos.IgnoreReportedValue)
	failed, err := c.seeds(t.Context())
	require.NoError(t, err)
	require.True(t, failed)
	require.Regexp(t, `^seed \d+ fails\n`, out.String())
	require.Regexp(t, `\nrerun    go run ./tools/simulate -seed \d+ -bug ignore-reported-value\n`, out.String())
	require.Regexp(t, `\nshrunk   to [123] operations and 0 faults, \d+ steps\n`, out.String())
	require.Contains(t, out.String(), "replay   go run ./tools/simulate -schedule "+filepath.Join(folder, "schedule.json"))

	// The schedule that was printed is the one that was kept, and fails again.
	kept, err := os.ReadFile(filepath.Join(folder, "schedule.json"))
	require.NoError(t, err)
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, `{"seed":`) {
			require.JSONEq(t, line, string(kept))
		}
	}
	s, err := sim.ReadSchedule(kept)
	require.NoError(t, err)
	c, out = campaignOf(flags{}, paxos.IgnoreReportedValue)
	failed, err = c.schedule(t.Context(), s)
	require.NoError(t, err)
	require.True(t, failed)
	require.Contains(t, out.String(), "is no step of Register.tla")

	// Without the bug the same schedule passes.
	c, _ = campaignOf(flags{}, 0)
	failed, err = c.schedule(t.Context(), s)
	require.NoError(t, err)
	require.False(t, failed)
}

func TestACampaignRunsEachSeedTwice(t *testing.T) {
	c, out := campaignOf(flags{first: 9, seeds: 12, twice: true}, 0)
	failed, err := c.seeds(t.Context())
	require.NoError(t, err)
	require.False(t, failed)
	require.Contains(t, out.String(), "seeds 9 to 20: no checker objects")
	require.Contains(t, out.String(), "each twice, 2 of them on the real store")
}

func TestARunThatIsNotRepeatableIsTold(t *testing.T) {
	c, _ := campaignOf(flags{first: 5, seeds: 2, twice: true}, 0)
	c.again = func(s sim.Schedule, bugs paxos.Bugs) (*sim.Result, error) {
		s.Network.Delay++
		return sim.Run(s, bugs), nil
	}
	_, err := c.seeds(t.Context())
	require.ErrorContains(t, err, "seed 5 gives two traces")
}

func TestWhatCannotBePlayedIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "schedule.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"acceptors":0}`), 0o644))
	for want, f := range map[string]flags{
		"unknown bug":      {bugs: "no-such-bug"},
		"no such file":     {schedule: file + "x"},
		"0 acceptors":      {schedule: file},
		"NoSuchModule.tla": {seeds: 1, first: 1, spec: "NoSuchModule.tla"},
	} {
		_, err := run(t.Context(), f)
		require.ErrorContains(t, err, want)
	}
}
