// Trace specifications, the library modules they use, composed actions, and counterexamples for other programs.

package check_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

func load(t *testing.T, module, config string) *tla.Model {
	t.Helper()
	files := fstest.MapFS{"M.tla": {Data: []byte("---- MODULE M ----\n" + module + "\n====\n")}, "M.cfg": {Data: []byte(config)}}
	m, err := tla.Load("M.tla", tla.Options{FS: files, Config: "M.cfg"})
	require.NoError(t, err)
	return m
}

// follow is a specification of a counter that follows the file's lines.
const follow = `EXTENDS Naturals, Sequences, Json, TLC
VARIABLES n, l
Log == ndJsonDeserialize(%q)
ASSUME TLCGet("config").worker = 1
Init == n = 0 /\ l = 1
Next == l <= Len(Log) /\ n' \in {n + 1, n + 2} /\ n' = Log[l].n /\ l' = l + 1
Spec == Init /\ [][Next]_<<n, l>>
View == <<n, l>>
Matched == [](l <= Len(Log) => [](TLCGet("queue") = 1 \/ l > Len(Log)))
AtEnd == TLCGet("stats").diameter = Len(Log) + 1 /\ TLCGet("diameter") = Len(Log) + 1
Levels == TLCGet("level") = l`

func followTrace(t *testing.T, lines, property string, opts tla.CheckOptions) *tla.Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trace.ndjson")
	require.NoError(t, os.WriteFile(path, []byte(lines), 0o644))
	config := "SPECIFICATION Spec\nVIEW View\nINVARIANT Levels\nCHECK_DEADLOCK FALSE\n" + property
	return check(t, load(t, fmt.Sprintf(follow, path), config), opts)
}

func TestATraceIsFollowedToItsEnd(t *testing.T) {
	good, bad := "{\"n\":1}\n{\"n\":3}\n\n{\"n\":4}\n", "{\"n\":1}\n{\"n\":4}\n{\"n\":5}\n"
	for _, opts := range []tla.CheckOptions{{DepthFirst: true}, {Workers: 1}} {
		require.Equal(t, 0, followTrace(t, good, "PROPERTY Matched\nPOSTCONDITION AtEnd\n", opts).Code)
		r := followTrace(t, bad, "PROPERTY Matched\n", opts)
		require.Equal(t, []any{tla.Liveness, 13, "Matched"}, []any{r.Verdict, r.Code, r.Property})
		require.Len(t, r.Behavior, 2, "the second line cannot be followed")
		require.Equal(t, 10, followTrace(t, bad, "POSTCONDITION AtEnd\n", opts).Code)
	}
}

func TestBadJSONHasItsPlace(t *testing.T) {
	r := followTrace(t, "{\"n\":1}\n{\"n\":null}\n", "PROPERTY Matched\n", tla.CheckOptions{DepthFirst: true})
	require.Equal(t, tla.Failed, r.Verdict)
	require.ErrorContains(t, r.Err, "trace.ndjson:2:")
	require.ErrorContains(t, r.Err, "null is no TLA+ value")
}

func TestExitEndsAnInfiniteSearch(t *testing.T) {
	const module = "EXTENDS Naturals, TLC\nVARIABLE n\nInit == n = 0\nNext == n' = n + 1\n" +
		"Stop == n > 20 => TLCSet(\"exit\", TRUE)\nSpec == Init /\\ [][Next]_n\nEver == <>(n = 7)"
	for _, opts := range []tla.CheckOptions{{DepthFirst: true}, {Workers: 1}, {Workers: 2}} {
		r := check(t, load(t, module, "SPECIFICATION Spec\nCONSTRAINT Stop\nPROPERTY Ever\n"), opts)
		require.Equal(t, tla.OK, r.Verdict)
		require.Equal(t, int64(22), r.Distinct)
		require.Len(t, r.Notes, 1, "what was not checked is told")
	}
}

func TestComposedActions(t *testing.T) {
	const module = "EXTENDS Naturals\nVARIABLES x, y\nInit == x = 0 /\\ y = 0\n" +
		"Up == x < 4 /\\ x' = x + 1 /\\ y' = y\nCopy == y' = x /\\ x' = x\nNext == Up \\cdot Copy\n" +
		"Right == [][x' = x + 1 /\\ y' = x']_<<x, y>>\nAlso == [][Up \\cdot Copy]_<<x, y>>\nWrong == [][Copy \\cdot Up]_<<x, y>>"
	require.Equal(t, 0, check(t, load(t, module, "INIT Init\nNEXT Next\nPROPERTY Right\nPROPERTY Also\n"), tla.CheckOptions{}).Code)
	require.Equal(t, 13, check(t, load(t, module, "INIT Init\nNEXT Next\nPROPERTY Wrong\n"), tla.CheckOptions{}).Code)
}

// The libraries' operators give what their definitions say, and the false ones are refused.
func TestLibraryOperators(t *testing.T) {
	folder := t.TempDir()
	prelude := "EXTENDS Integers, Sequences, SequencesExt, FiniteSetsExt, Functions, Bags, BagsExt, Json, IOUtils, CSV, TLC\nF == " +
		fmt.Sprintf("%q", filepath.Join(folder, "file")) + "\nASSUME "
	for expression, holds := range map[string]bool{
		`FoldSeq(+, 0, <<1, 2, 3>>) = 6`:                                  true,
		`FoldSeq(+, 0, <<1, 2, 3>>) = 7`:                                  false,
		`FoldLeft(LAMBDA a, x : Append(a, x), <<>>, <<1, 2>>) = <<1, 2>>`: true,
		`FoldSet(LAMBDA x, a : <<x>> \o a, <<>>, 1..3) = <<3, 2, 1>>`:     true,
		`FoldFunctionOnSet(+, 0, [i \in 1..5 |-> i], {2, 4}) = 6`:         true,
		`SelectInSeq(<<1, 5, 5>>, LAMBDA e : e = 5) = 2`:                  true,
		`SelectLastInSubSeq(<<5, 5, 5>>, 1, 2, LAMBDA e : e = 5) = 2`:     true,
		`SelectLastInSeq(<<1>>, LAMBDA e : e = 5) = 0`:                    true,
		`Max({3, 9, -1}) = 9 /\ Min({3, 9, -1}) = -1`:                     true,
		`Max({3, 9}) = 3`: false,
		`SetToBag({1, 2}) (+) SetToBag({2}) = (1 :> 1 @@ 2 :> 2)`:                       true,
		`(1 :> 2 @@ 2 :> 1) (-) SetToBag({1, 2}) = (1 :> 1)`:                            true,
		`FoldBag(+, 0, (1 :> 2 @@ 5 :> 3)) = 17`:                                        true,
		`ToJson([a |-> <<1, {2}>>, b |-> "x\"y"]) = "{\"a\":[1,[2]],\"b\":\"x\\\"y\"}"`: true,
		`JsonSerialize(F, <<[a |-> 3], 2>>) /\ JsonDeserialize(F) = <<[a |-> 3], 2>>`:   true,
		`JsonSerialize(F, {1})`: false,
		`IOExec(<<"echo", "a b">>).stdout = "a b\n" /\ IOExec(<<"false">>).exitValue = 1`: true,
		`atoi("-17") = -17`: true,
		`atoi("seven") = 7`: false,
		`CSVWrite("%2$s#%1$s", <<1, "a">>, F \o ".csv") /\ CSVRead(<<"p", "q">>, "#", F \o ".csv")[1].q = "1"`: true,
	} {
		r := check(t, load(t, prelude+expression, ""), tla.CheckOptions{})
		require.Equal(t, holds, r.Verdict == tla.OK, "%s: %s %v", expression, r.Message, r.Err)
	}
}

func TestCounterexamplesForOtherPrograms(t *testing.T) {
	const module = "EXTENDS Naturals\nVARIABLE n\nInit == n = 0\nUp(by) == n' = n + by\nNext == \\E by \\in {2} : Up(by)\nSmall == n < 3"
	r := check(t, load(t, module, "INIT Init\nNEXT Next\nINVARIANT Small\n"), tla.CheckOptions{})
	var itf struct {
		Vars   []string
		States []map[string]json.RawMessage
	}
	var buf bytes.Buffer
	require.NoError(t, r.WriteITF(&buf))
	require.NoError(t, json.Unmarshal(buf.Bytes(), &itf))
	require.Equal(t, []string{"n"}, itf.Vars)
	require.Len(t, itf.States, 3)
	require.JSONEq(t, "4", string(itf.States[2]["n"]))
	require.Contains(t, string(itf.States[2]["#meta"]), `"by"`)

	buf.Reset()
	require.NoError(t, r.WriteJSON(&buf))
	var all struct {
		Verdict  string
		Code     int
		Behavior []struct {
			Action struct {
				Name  string
				Args  map[string]int
				Place struct{ Line int }
			}
			Changed []string
		}
	}
	require.NoError(t, json.Unmarshal(buf.Bytes(), &all))
	require.Equal(t, []any{"safety", 12}, []any{all.Verdict, all.Code})
	last := all.Behavior[2]
	require.Equal(t, []any{"Up", 2, 5}, []any{last.Action.Name, last.Action.Args["by"], last.Action.Place.Line})
	require.Equal(t, []string{"n"}, last.Changed)
}
