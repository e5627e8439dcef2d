package conformance_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"synod/conformance"
	"synod/trace"
)

var update = flag.Bool("update", false, "rewrite the expected reports")

// Each file of testdata/replay holds a trace and the report that it must give; the comment says what it is about. A
// file may have a specification of its own, called Own.tla, and say what the coverage must be.
func TestReplay(t *testing.T) {
	files, err := filepath.Glob("testdata/replay/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			parts := map[string]*txtar.File{}
			for i := range archive.Files {
				parts[archive.Files[i].Name] = &archive.Files[i]
			}
			var options string
			if o := parts["options"]; o != nil {
				options = string(o.Data)
			}
			got, coverage := replayText(t, archive, string(parts["trace"].Data), options)
			if *update {
				parts["want"].Data = []byte(got)
				if parts["coverage"] != nil {
					parts["coverage"].Data = []byte(coverage)
				}
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			}
			require.Equal(t, string(parts["want"].Data), got)
			if parts["coverage"] != nil {
				require.Equal(t, string(parts["coverage"].Data), coverage)
			}
		})
	}
}

func replayText(t *testing.T, archive *txtar.Archive, text, options string) (report, coverage string) {
	f, err := trace.Read("trace", strings.NewReader(text))
	require.NoError(t, err)
	path, specOptions := "testdata/Account.tla", conformance.SpecOptions{Headers: f.Headers}
	own, err := txtar.FS(archive)
	require.NoError(t, err)
	if _, err := fs.Stat(own, "Own.tla"); err == nil {
		path, specOptions.FS = "Own.tla", own
	}
	spec, err := conformance.LoadSpec(path, specOptions)
	if err != nil {
		return "error: " + err.Error() + "\n", ""
	}
	r, err := conformance.Replay(t.Context(), spec, f.Headers, f.Events, parseOptions(t, options))
	if err != nil {
		return "error: " + err.Error() + "\n", ""
	}
	var out, covered strings.Builder
	require.NoError(t, r.WriteText(&out))
	require.NoError(t, r.Coverage.WriteText(&covered))
	return out.String(), covered.String()
}

func parseOptions(t *testing.T, text string) (opts conformance.Options) {
	for line := range strings.Lines(text) {
		var action string
		var n int
		switch {
		case scan(line, "unlogged %s %d", &action, &n):
			opts.Unlogged = append(opts.Unlogged, conformance.Unlogged{Action: action, Max: n})
		case scan(line, "maxcandidates %d", &n):
			opts.MaxCandidates = n
		case scan(line, "maxsearched %d", &n):
			opts.MaxSearched = n
		case scan(line, "timeout %dns", &n):
			opts.Timeout = time.Duration(n)
		case strings.TrimSpace(line) == "reorder":
			opts.Reorder = true
		default:
			require.Fail(t, "unknown option", line)
		}
	}
	return opts
}

func scan(line, format string, into ...any) bool {
	n, err := fmt.Sscanf(line, format, into...)
	return err == nil && n == len(into)
}

func readTrace(t testing.TB, name string) *trace.File {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "replay", name+".txtar"))
	require.NoError(t, err)
	for _, f := range archive.Files {
		if f.Name == "trace" {
			file, err := trace.Read("trace", strings.NewReader(string(f.Data)))
			require.NoError(t, err)
			return file
		}
	}
	t.Fatalf("%s has no trace", name)
	return nil
}

func loadAccount(t testing.TB, headers []trace.Header) *conformance.Spec {
	spec, err := conformance.LoadSpec("testdata/Account.tla", conformance.SpecOptions{Headers: headers})
	require.NoError(t, err)
	return spec
}

// tb records what Check does to a test.
type tb struct {
	*testing.T
	errors []string
}

func (t *tb) Errorf(format string, args ...any) {
	t.errors = append(t.errors, fmt.Sprintf(format, args...))
}

func (t *tb) Fatalf(format string, args ...any) { t.Errorf(format, args...) }

func TestCheckFailsTheTestOfAViolation(t *testing.T) {
	f := readTrace(t, "guard-false")
	fake := &tb{T: t}
	conformance.Check(fake, loadAccount(t, f.Headers), f.Headers, f.Events)
	require.Len(t, fake.errors, 1)
	require.True(t, strings.HasPrefix(fake.errors[0], "\n./bank.go:20:1: event ann/1/2 (2 of 2, Send) is no step of Account.tla"), fake.errors[0])
	require.Contains(t, fake.errors[0], "rerun    go test ./conformance -run '^TestCheckFailsTheTestOfAViolation$'")

	f = readTrace(t, "conforms")
	fake = &tb{T: t}
	conformance.Check(fake, loadAccount(t, f.Headers), f.Headers, f.Events)
	require.Empty(t, fake.errors)
}

func TestShrinkKeepsWhatTheViolationNeeds(t *testing.T) {
	f := readTrace(t, "conforms")
	// Deposits of one, then a sending of more than their sum.
	events := f.Events[:0:0]
	clock := trace.NewClock("ann", 1, 0)
	add := func(action string, args trace.Fields, instance string) {
		e := trace.Event{Action: action, Args: args, Instance: instance}
		clock.Stamp(&e)
		events = append(events, e)
	}
	for i := range 40 {
		add("Deposit", trace.Fields{{Name: "o", JSON: `"ann"`}, {Name: "n", JSON: "1"}}, fmt.Sprintf("k%d", i%2))
	}
	add("Send", trace.Fields{{Name: "o", JSON: `"ann"`}, {Name: "to", JSON: `"bob"`}, {Name: "n", JSON: "50"}}, "k1")
	add("Deposit", trace.Fields{{Name: "o", JSON: `"ann"`}, {Name: "n", JSON: "1"}}, "k1")
	spec := loadAccount(t, f.Headers)
	shrunk, err := conformance.Shrink(t.Context(), spec, f.Headers, events, conformance.Options{})
	require.NoError(t, err)
	require.Len(t, shrunk, 1, "a sending alone is refused for the same reason")
	require.Equal(t, "Send", shrunk[0].Action)
	require.Equal(t, uint64(1), shrunk[0].Seq)
	_, err = conformance.Shrink(context.Background(), spec, f.Headers, f.Events, conformance.Options{})
	require.ErrorContains(t, err, "a trace that conforms has no violation")
}
