// What a node was asked for is among the guesses, although others have caught up meanwhile.

package conformance

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
	"synod/trace"
)

func TestOthersWhoCatchUpHideNothing(t *testing.T) {
	number := func(n int) tla.Value {
		v, err := tla.ParseValue(json.RawMessage(strconv.Itoa(n)))
		require.NoError(t, err)
		return v
	}
	propose := tla.Action{Name: "Propose", Params: []string{"i"}}
	early := summary{}
	var late steps
	for n := 300; n > 0; n-- { // 300 is proposed, and then another hears of all slots before
		x := step{action: &propose, args: []tla.Value{number(n)}}
		late = append(late, x)
		early.note(&x)
	}
	for _, past := range []history{late, early, both{late[250:], early}} {
		values, all := past.latest("i", nil)
		require.Contains(t, values, number(300))
		require.True(t, all)
	}
	values, _ := append(late, late...).latest("i", map[tla.Value]bool{number(7): true})
	require.Len(t, values, 1)
}

// What the bounds of the search leave out may have been it: a restart that nothing explains is then no violation.
func TestBoundsOfHiddenStepsAreInconclusive(t *testing.T) {
	owners := trace.Fields{{Name: "Owner", JSON: trace.Set(`"ann"`, `"bob"`)}}
	headers := []trace.Header{{Node: "ann", Run: 1, Constants: owners, Hidden: []string{"Deposit"}}, {Node: "bob", Run: 1, Constants: owners}}
	spec, err := LoadSpec("testdata/Account.tla", SpecOptions{Headers: headers})
	require.NoError(t, err)
	for _, c := range []struct {
		name     string
		deposits int // by bob, of so many different amounts
		found    int // by ann, on her disk
		verdict  Verdict
		reason   string
	}{
		{name: "an amount that was asked for", deposits: 100, found: 3, verdict: Conforms},
		{name: "no amount, and all were tried", deposits: 100, found: -3, verdict: Violates},
		{name: "no amount among the latest", deposits: 2000, found: -3, verdict: Inconclusive,
			reason: "no unrecorded step before the restart ann/1/1 was found, but of the values that n had only the latest were tried"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bob := trace.NewClock("bob", 1, 0)
			var events []trace.Event
			for n := range c.deposits {
				e := trace.Event{Action: "Deposit", Args: trace.Fields{{Name: "o", JSON: `"bob"`}, {Name: "n", JSON: strconv.Itoa(n + 1)}}}
				bob.Stamp(&e)
				events = append(events, e)
			}
			restart := trace.Event{Action: "Restart", Restart: true, Args: trace.Fields{{Name: "o", JSON: `"ann"`}},
				Vars: trace.Fields{{Name: "balance[ann]", JSON: strconv.Itoa(c.found)}}}
			ann := trace.NewClock("ann", 1, bob.Now())
			ann.Stamp(&restart)
			events = append(events, restart)

			whole, err := Replay(t.Context(), spec, headers, events, Options{})
			require.NoError(t, err)
			m, err := NewMonitor(spec, headers, MonitorOptions{})
			require.NoError(t, err)
			defer m.Close()
			for i := range events {
				require.NoError(t, m.Add(&events[i]))
			}
			for _, r := range []*Report{whole, m.Report()} {
				require.Equal(t, c.verdict, r.Verdict)
				if c.reason != "" {
					require.Equal(t, c.reason, r.Unfinished[0].Reason)
				}
			}
		})
	}
}
