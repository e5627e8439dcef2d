package conformance_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance"
)

// reportOf replays one of the traces in testdata/replay.
func reportOf(t *testing.T, name string, opts conformance.Options) *conformance.Report {
	f := readTrace(t, name)
	report, err := conformance.Replay(t.Context(), loadAccount(t, f.Headers), f.Headers, f.Events, opts)
	require.NoError(t, err)
	return report
}

// tooFew makes a replay inconclusive.
var tooFew = conformance.Options{MaxCandidates: 50, Unlogged: []conformance.Unlogged{{Action: "Interest"}}}

func TestGitHubAnnotations(t *testing.T) {
	write := func(r *conformance.Report) string {
		var out strings.Builder
		require.NoError(t, r.WriteGitHub(&out))
		return out.String()
	}
	r := reportOf(t, "guard-false", conformance.Options{})
	require.Equal(t, `::error file=bank.go,line=20,title=Send is no step of Account.tla::`+
		`event ann/1/2: Send(o = "ann", n = 7, to = "bob") is no step of testdata/Account.tla (trace:3)%0A`+
		`testdata/Account.tla:27:6: balance[o] >= n  FALSE: 5 >= 7%0A`+
		`balance[ann] = 5 since event ann/1/1: Deposit(o = "ann", n = 5), bank.go:10`+"\n", write(r))
	r.Violations[0].Event.Source = "a,b:c/100%.go:7"
	require.Contains(t, write(r), "::error file=a%2Cb%3Ac/100%25.go,line=7,title=")
	r.Violations[0].Event.Source = ""
	require.Contains(t, write(r), "::error file=trace,line=3,title=")
	require.Equal(t, "::error file=trace,line=3,title=Inconclusive::event ann/1/2 is not decided: unlogged steps lead to more than 50 states\n",
		write(reportOf(t, "inconclusive", tooFew)))
	require.Empty(t, write(reportOf(t, "conforms", conformance.Options{})))
}

// object is a JSON object of a SARIF log, with what the standard demands of its properties.
type object map[string]any

func (o object) list(t *testing.T, name string) (out []object) {
	t.Helper()
	list, ok := o[name].([]any)
	require.True(t, ok, "%s is a list", name)
	for _, x := range list {
		out = append(out, object(x.(map[string]any)))
	}
	return out
}

func (o object) in(t *testing.T, name string) object {
	t.Helper()
	inner, ok := o[name].(map[string]any)
	require.True(t, ok, "%s is an object", name)
	return inner
}

func (o object) text(t *testing.T, name string) string {
	t.Helper()
	s, ok := o[name].(string)
	require.True(t, ok && s != "", "%s is a text", name)
	return s
}

// only checks that an object has no property but these.
func (o object) only(t *testing.T, names ...string) {
	t.Helper()
	for name := range o {
		require.Contains(t, names, name)
	}
}

// checkSARIF checks a log against the structure of SARIF 2.1.0 and gives its results.
func checkSARIF(t *testing.T, r *conformance.Report) []object {
	t.Helper()
	var text strings.Builder
	require.NoError(t, r.WriteSARIF(&text))
	var log object
	require.NoError(t, json.Unmarshal([]byte(text.String()), &log))
	log.only(t, "$schema", "version", "runs")
	require.Equal(t, "2.1.0", log.text(t, "version"))
	runs := log.list(t, "runs")
	require.Len(t, runs, 1)
	runs[0].only(t, "tool", "results")
	driver := runs[0].in(t, "tool").in(t, "driver")
	driver.text(t, "name")
	rules := map[string]bool{}
	for _, rule := range driver.list(t, "rules") {
		rules[rule.text(t, "id")] = true
		rule.in(t, "shortDescription").text(t, "text")
	}
	results := runs[0].list(t, "results")
	for _, result := range results {
		result.only(t, "ruleId", "level", "message", "locations", "relatedLocations")
		require.True(t, rules[result.text(t, "ruleId")])
		require.Contains(t, []string{"none", "note", "warning", "error"}, result.text(t, "level"))
		result.in(t, "message").text(t, "text")
		for _, at := range result.list(t, "locations") {
			checkLocation(t, at)
		}
		if result["relatedLocations"] != nil {
			for _, at := range result.list(t, "relatedLocations") {
				checkLocation(t, at)
				at.in(t, "message").text(t, "text")
			}
		}
	}
	return results
}

func checkLocation(t *testing.T, at object) {
	t.Helper()
	at.only(t, "physicalLocation", "message")
	physical := at.in(t, "physicalLocation")
	physical.only(t, "artifactLocation", "region")
	uri, err := url.Parse(physical.in(t, "artifactLocation").text(t, "uri"))
	require.NoError(t, err)
	require.NotContains(t, uri.String(), " ")
	region := physical.in(t, "region")
	region.only(t, "startLine", "startColumn")
	require.GreaterOrEqual(t, region["startLine"], 1.0)
	if region["startColumn"] != nil {
		require.GreaterOrEqual(t, region["startColumn"], 1.0)
	}
}

func TestSARIF(t *testing.T) {
	r := reportOf(t, "guard-false", conformance.Options{})
	results := checkSARIF(t, r)
	require.Len(t, results, 1)
	place := func(at object) string {
		return at.in(t, "physicalLocation").in(t, "artifactLocation").text(t, "uri")
	}
	require.Equal(t, "bank.go", place(results[0].list(t, "locations")[0]))
	related := results[0].list(t, "relatedLocations")
	require.Equal(t, []string{"trace", "testdata/Account.tla", "trace"}, []string{place(related[0]), place(related[1]), place(related[2])})
	require.Equal(t, "the specification: FALSE: 5 >= 7", related[1].in(t, "message").text(t, "text"))
	r.Violations[0].Event.Place.File = "/some where/a1.ndjson"
	require.Equal(t, "file:///some%20where/a1.ndjson", place(checkSARIF(t, r)[0].list(t, "relatedLocations")[0]))

	require.Len(t, checkSARIF(t, reportOf(t, "instances", conformance.Options{})), 2)
	require.Equal(t, "inconclusive", checkSARIF(t, reportOf(t, "inconclusive", tooFew))[0]["ruleId"])
	require.Empty(t, checkSARIF(t, reportOf(t, "conforms", conformance.Options{})))
}

func TestJSON(t *testing.T) {
	read := func(r *conformance.Report) (out object) {
		var text strings.Builder
		require.NoError(t, r.WriteJSON(&text))
		require.NoError(t, json.Unmarshal([]byte(text.String()), &out))
		return out
	}
	good := read(reportOf(t, "conforms", conformance.Options{}))
	require.Equal(t, "conforms", good["verdict"])
	require.Nil(t, good["violations"])
	require.NotEmpty(t, good.in(t, "never")["fired"])
	bad := read(reportOf(t, "guard-false", conformance.Options{}))
	require.Equal(t, "violates", bad["verdict"])
	v := bad.list(t, "violations")[0]
	require.Equal(t, "ann/1/2", v["event"])
	require.Equal(t, "bank.go:20", v["source"])
	require.Equal(t, "balance[ann]", v.list(t, "since")[0]["path"])
	require.Equal(t, "ann/1/1", v.list(t, "tested")[0]["without"])
	require.NotEmpty(t, v.list(t, "others"))
	require.Equal(t, "FALSE: 5 >= 7", v.list(t, "conjuncts")[2]["detail"])
	require.Equal(t, "inconclusive", read(reportOf(t, "inconclusive", tooFew))["verdict"])
}
