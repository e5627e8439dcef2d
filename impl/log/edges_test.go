// Both directions: what spec/log/Log.tla can do in small models the core can, and nothing else.

package log

import (
	"cmp"
	"flag"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
	"synod/tools/edges"
)

// long compares everything: go test ./impl/log -run Edges -long
var long = flag.Bool("long", false, "compare in all states, and in the larger models too, which takes minutes")

var two, three = []string{"r1", "r2"}, []string{"r1", "r2", "r3"}

// What the two clients of the models ask for.
var add, set5 = Command{"c1", 1, "add 1"}, Command{"c2", 1, "set 5"}

// models are the configurations of MCLog, or another module, in testdata, with the cores of each.
var models = map[string]*cluster{
	"Ballots":    {ids: two, batches: []Batch{{add}}, ballots: 2, slots: 1, never: []string{"TakeSnapshot", "Tell", "Restart", "Answer"}},
	"Restarts":   {long: true, ids: two, batches: []Batch{{add}}, ballots: 2, slots: 1, never: []string{"TakeSnapshot", "Tell", "Answer"}},
	"Snapshots":  {ids: two, batches: []Batch{{add}}, ballots: 1, slots: 1},
	"Truncation": {ids: two, batches: []Batch{{add}}, ballots: 2, slots: 1, never: []string{"Restart", "Tell", "Heartbeat", "Answer", "SendSnapshot"}},
	"Slots":      {ids: two, batches: []Batch{{add}}, ballots: 2, slots: 2, never: []string{"TakeSnapshot", "Restart", "Tell", "Heartbeat", "Learn", "Answer"}},
	"Batches":    {ids: two, batches: []Batch{{add}, {set5}, {add, set5}}, ballots: 1, slots: 2, never: []string{"TakeSnapshot", "Restart", "Tell", "Heartbeat"}},
	"Orders":     {ids: two, batches: []Batch{{add}, {set5}, {add, set5}}, ballots: 1, slots: 1, never: []string{"TakeSnapshot", "Restart", "Tell"}},
	"Learned":    {long: true, ids: two, batches: []Batch{{add}}, ballots: 2, slots: 2, never: []string{"TakeSnapshot", "Restart", "Tell", "Heartbeat"}},
	"Reads":      {spec: "../../spec/log/MCLogRead.tla", gather: []string{"Next"}, ids: two, batches: []Batch{{add}}, ballots: 2, slots: 1, never: []string{"TakeSnapshot", "Tell", "Restart", "Heartbeat", "RefusePrepare", "RefuseAccept", "RepeatAccept"}},
	"Losses":     {spec: "testdata/SmallReadmission.tla", gather: []string{"Lasting", "SameReads"}, ids: two, batches: []Batch{{add}}, ballots: 3, slots: 1, prepareSize: 1, never: []string{"TakeSnapshot", "Truncate", "SendSnapshot", "InstallSnapshot", "Heartbeat", "Answer", "Restart", "RefusePrepare", "RefuseAccept", "RepeatAccept", "Inquire", "Confirm", "ReadConfirmed"}},
	"Leases":     {long: true, spec: "testdata/SmallLease.tla", ids: two, batches: []Batch{{add}}, ballots: 2, slots: 1, term: 1, leased: []Ballot{1}, never: beside},
	"Inherits":   {spec: "testdata/SmallLease.tla", ids: two, batches: []Batch{{add}}, ballots: 2, slots: 1, term: 1, leased: []Ballot{2}, proposing: []Ballot{1}, never: append(beside[:len(beside):len(beside)], "Restart")},
	"Three":      {long: true, ids: three, batches: []Batch{{add}}, ballots: 2, slots: 1, never: []string{"TakeSnapshot", "Tell", "Heartbeat", "Answer", "Restart"}},
}

// beside are the actions of the log that SmallLease leaves out.
var beside = []string{
	"TakeSnapshot", "Truncate", "SendSnapshot", "InstallSnapshot", "Heartbeat", "Follow", "Tell", "Hear", "Answer", "RefusePrepare",
	"RefuseAccept", "RepeatAccept", "Inquire", "Confirm", "ReadConfirmed",
}

// domains are the sets from which the log's actions take their parameters.
var domains = map[string]string{
	"r": "Replica", "a": "Replica", "b": "Ballot", "p": "Ballot", "q": "SUBSET Replica", "i": "Slot", "k": "Slot", "v": "Batch", "c": "Command",
}

// domains are those of the actions of the model.
func (c *cluster) domains() map[string]string {
	if c.term > 0 {
		return map[string]string{
			"r": "Replica", "a": "Replica", "b": "1..MaxBallot", "q": "SUBSET Replica", "i": "{1}", "v": "{<<>>, <<Add>>}",
			"c": "[Replica -> 0..MaxTime]", "s": "SmallTime",
		}
	}
	if !strings.HasSuffix(c.spec, "MCLogRead.tla") {
		return domains
	}
	all := maps.Clone(domains)
	all["n"] = "Number"
	return all
}

// sample is in how many states there is one in which models are compared.
func sample() int {
	if *long {
		return 1
	}
	return 5
}

func (c *cluster) compare(t *testing.T, config string) *edges.Figures {
	m, err := tla.Load(cmp.Or(c.spec, "../../spec/log/MCLog.tla"), tla.Options{
		Config: "testdata/" + config + ".cfg", SearchDirs: []string{"../../spec/log"},
	})
	require.NoError(t, err)
	g, err := edges.Compare(m, edges.Code[view]{Domains: c.domains(), Gather: c.gather, Steps: c.steps, Sample: sample(), Refuses: c.refuses})
	require.NoError(t, err)
	return g
}

func TestEdgesOfTheLog(t *testing.T) {
	var mu sync.Mutex
	executed := map[string]int{}
	t.Run("models", func(t *testing.T) { // ends when all have
		for name, c := range models {
			if c.long && !*long {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				g := c.compare(t, name)
				require.Empty(t, strings.Join(g.Wrong, "\n\n"), "%d differences", len(g.Wrong))
				t.Logf("%d states, %d edges; executed: %v; refused by design: %v", g.States, g.Edges, g.Executed, g.Refused)
				mu.Lock()
				defer mu.Unlock()
				for action, n := range g.Executed {
					executed[action] += n
				}
			})
		}
	})
	for _, action := range []string{
		"Prepare", "Promise", "RefusePrepare", "Lead", "Propose", "Accept", "RepeatAccept", "RefuseAccept", "Learn", "Heartbeat",
		"Follow", "Tell", "Hear", "Apply", "Answer", "TakeSnapshot", "SaveSnapshot", "Truncate", "SendSnapshot", "InstallSnapshot",
		"Restart", "Inquire", "Confirm", "ReadConfirmed", "Lose", "Bound", "Admit", "Readmit",
		"AskForLease", "Grant", "Hold", "Read",
	} {
		require.Positive(t, executed[action], action)
	}
}

// A bug of the core is a difference in the model that can show it. AboveOne needs a third replica to
// show, LeaseErrorIgnored clocks that err, and OldCopy a shell.
func TestABuggyLogDiffers(t *testing.T) {
	for bug, model := range map[Bugs]string{
		ApplyPastGap: "Batches", HoleDespiteReport: "Slots", ReportFirstOpenSlot: "Slots", TruncatedTakenForFree: "Truncation",
		DeposedLeaderCounts: "Ballots", FollowAnyVote: "Restarts", TruncateBeforeSaved: "Snapshots", SnapshotOffByOne: "Snapshots",
		SnapshotLowersPromise: "Snapshots", SnapshotWithoutSessions: "Snapshots", ApplyInAnyOrder: "Orders",
		PerformAgain: "Batches", PromiseNotPersisted: "Ballots", AcceptBelowPromise: "Ballots",
		ReadBeforeInherited: "Reads", ConfirmAny: "Reads", ReadUnconfirmed: "Reads",
		StartEmpty: "Losses", NothingSettled: "Losses",
		PromiseWhileBound: "Leases", ForgottenOverRestart: "Leases", CountFromAnswer: "Leases", HoldWithoutQuorum: "Leases",
		GrantToAnother: "Leases", ReadBeforeSettled: "Inherits",
	} {
		t.Run(bug.String(), func(t *testing.T) {
			t.Parallel()
			broken := *models[model]
			broken.bugs = bug
			require.NotEmpty(t, broken.compare(t, model).Wrong)
		})
	}
}
