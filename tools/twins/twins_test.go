// The short form: twins whose verdicts TLC has given before. No Java is needed.

package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"synod/conformance"
	"synod/trace"
)

const root = "../../spec"

// TestPinnedTwins has the checker judge each twin of testdata as TLC did. They are written by
//
//	go run ./tools/twins -pin tools/twins/testdata
func TestPinnedTwins(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	all, err := models(root)
	require.NoError(t, err)
	specs := map[string]*spec{"Register": register(root)}
	for _, s := range all {
		specs[s.name] = s
	}
	verdicts := map[string]int{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			s := specs[strings.TrimSpace(string(archive.Files[0].Data))]
			require.NotNil(t, s)
			want := strings.TrimSpace(string(archive.Files[1].Data))
			nodes := archive.Files[2:]
			line, _, _ := strings.Cut(string(nodes[0].Data), "\n")
			header, _, wrong := trace.ParseLine(line)
			require.Nil(t, wrong)
			loaded, err := conformance.LoadSpec(s.path, conformance.SpecOptions{Config: s.config, Headers: []trace.Header{*header}})
			require.NoError(t, err)
			got, _, err := checked(t.Context(), loaded, nodes, true)
			require.NoError(t, err)
			require.Equal(t, want, got.String(), "TLC says so; the checker: %s", got.bad)
			verdicts[strings.Fields(want)[0]]++
		})
	}
	require.Greater(t, verdicts["violates"], 10)
	require.Greater(t, verdicts["conforms"], 10)
	require.Positive(t, verdicts["bad"])
}

// A twin is what its seed makes of its base: the same again, and another one for another seed.
func TestATwinIsItsSeeds(t *testing.T) {
	b, err := newBase(register(root), 1)
	require.NoError(t, err)
	different := map[string]bool{}
	for seed := range uint64(50) {
		one, two := newTwin(b, seed), newTwin(b, seed)
		require.Equal(t, one.texts(), two.texts())
		different[fmt.Sprint(one.texts())] = true
	}
	require.Greater(t, len(different), 25)
	untouched, err := newBase(register(root), 1)
	require.NoError(t, err)
	require.Equal(t, untouched.events, b.events, "twins leave their base as it was")
}

// What the judges must agree on is that files fit together, too: told apart from package trace.
func TestFilesThatDoNotFitTogether(t *testing.T) {
	event := func(node string, seq uint64, causes ...trace.ID) trace.Event {
		return trace.Event{ID: trace.ID{Node: node, Run: 1, Seq: seq}, Causes: causes}
	}
	a2, b1 := trace.ID{Node: "a", Run: 1, Seq: 2}, trace.ID{Node: "b", Run: 1, Seq: 1}
	for want, events := range map[string][2][]trace.Event{
		"":                          {{event("a", 1), event("a", 2)}, {event("b", 1, a2)}},
		"a gap in the sequence":     {{event("a", 1), event("a", 3)}, nil},
		"a cause that is not there": {{event("a", 1)}, {event("b", 1, a2)}},
		"causes in a circle":        {{event("a", 1, b1), event("a", 2)}, {event("b", 1, a2)}},
	} {
		require.Equal(t, want, inconsistent([]*trace.File{{Events: events[0]}, {Events: events[1]}}))
	}
}

// The module's values are written without the engine's help.
func TestValuesAreWrittenForTLC(t *testing.T) {
	model := func(s string) bool { return s == "m" }
	for itf, want := range map[string]string{
		`true`:                          `TRUE`,
		`-7`:                            `-7`,
		`{"#bigint":"12345678901"}`:     `12345678901`,
		`"x \\"`:                        `"x \\"`,
		`"m"`:                           `TwinM_m`,
		`{"#set":["m",{"#tup":[1,2]}]}`: `{TwinM_m, <<1, 2>>}`,
		`{"b":1,"a":{"#set":[]}}`:       `[a |-> {}, b |-> 1]`,
		`{"#map":[["m",1],["n",2]]}`:    `(TwinM_m :> 1 @@ "n" :> 2)`,
		`{"#map":[]}`:                   `<<>>`,
	} {
		got, err := expression(itf, model)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, bad := range []string{`{`, `null`, `{"#map":[[1]]}`, `{"#set":[null]}`} {
		_, err := expression(bad, model)
		require.Error(t, err, bad)
	}
}

// A call takes what an event knows and leaves the rest to Next, whose conditions stand around it.
func TestCallsOfNext(t *testing.T) {
	specs, err := models(root)
	require.NoError(t, err)
	called := func(model, action string) (ways []string) {
		i := slices.IndexFunc(specs, func(s *spec) bool { return s.name == model })
		require.NotEqual(t, -1, i, model)
		next, err := nextOf(specs[i])
		require.NoError(t, err)
		known := func(i int) string { return map[int]string{0: "x[1]"}[i] }
		for _, c := range next.calls {
			if c.action == action {
				ways = append(ways, (&module{next: next}).way(c, known, nil))
			}
		}
		return ways
	}
	for _, c := range []struct{ model, action, way string }{
		{"MCVoting", "Promise", `\E a \in {x[1]} : a \in (Acceptor) /\ \E b \in (Ballot) : Promise(a, b)`},
		{"MCLogLease", "AskForLease", `\E h \in {x[1]} : h \in (Holder) /\ \E k \in (Number) : ((InTurn(k)) /\ AskForLease(h, k))`},
		{"MCReadmission", "Prepare", `(\E r \in {x[1]} : r \in (Member) /\ \E b \in (MCBallots) : ((InTurn(b)) /\ Prepare(r, b))) /\ (SameReads)`},
		{"MCReadmission", "Lose", `((losses["r3"] = 0) /\ (promised["r3"] > 0) /\ ("r3") = x[1] /\ Lose("r3"))`},
		{"MCLeaderLeaseReads", "Confirm", `((Inquiring # {}) /\ \E a \in {x[1]} : a \in (Replica) /\ \E b \in (Inquiring) : Confirm(a, b, 1))`},
		{"MCLogRead", "Apply", `(\E r \in {x[1]} : r \in (Replica) /\ \E i \in (Slot) : Apply(r, i)) /\ (UNCHANGED readVars)`},
		{"LostProposer", "RestartOrReplace", `\E p \in {x[1]} : p \in (Proposer) /\ RestartProposer(p)`},
	} {
		require.Equal(t, []string{c.way}, called(c.model, c.action), "%s of %s", c.action, c.model)
	}
	require.Empty(t, called("MCVoting", "TypeOK"), "no action")
	story := relation{calls: []call{{action: "Step"}}}
	require.Equal(t, "Promise", story.stranger([]trace.Event{{Action: "Step"}, {Action: "Promise"}}))
	require.Empty(t, story.stranger([]trace.Event{{Action: "Step"}}))
	_, err = nextOf(&spec{path: root + "/register/MCBallots.tla", next: "Next"})
	require.ErrorContains(t, err, "no definition of Next")
}

// A verdict that differs is a difference, also where both refuse but not the same event.
func TestVerdictsThatDiffer(t *testing.T) {
	stuck := func(n int) *verdict { return &verdict{stuck: map[string]int{"k1": n}} }
	fine, bad := &verdict{}, &verdict{bad: "a gap"}
	free := &verdict{stuck: map[string]int{"k1": 3}, never: map[string]bool{}}
	for _, r := range []ruling{{ours: fine, tlc: stuck(3)}, {ours: stuck(2), tlc: stuck(3)}, {ours: bad, tlc: fine}, {ours: free, tlc: stuck(3)}} {
		require.False(t, r.agree(), "%s, %s", r.ours, r.tlc)
	}
	for _, r := range []ruling{{ours: fine, tlc: fine}, {ours: stuck(3), tlc: stuck(3)}, {ours: bad, tlc: &verdict{bad: "a circle"}}} {
		require.True(t, r.agree(), "%s, %s", r.ours, r.tlc)
	}
}
