package conformance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/trace"
)

// lock is a lock service and the store that its holders write to. It knows nothing of traces but where it records its steps.
type lock struct {
	holder string
	token  int
	tokens map[string]int
	fence  int
	trace  *trace.Recording

	anyoneReleases bool // a bug: a release is not checked against the holder
}

func (l *lock) acquire(client string) bool {
	if l.holder != "none" {
		return false
	}
	l.holder = client
	l.token++
	l.tokens[client] = l.token
	l.trace.Record("Acquire", trace.Values{"c": client}, trace.Values{"token": l.token})
	return true
}

func (l *lock) release(client string) bool {
	if l.holder != client && !l.anyoneReleases || l.holder == "none" {
		return false
	}
	l.holder = "none"
	l.trace.Record("Release", trace.Values{"c": client}, nil)
	return true
}

// expire is not recorded: the timer that calls it has no trace.
func (l *lock) expire() { l.holder = "none" }

func (l *lock) write(client string) bool {
	if t := l.tokens[client]; t == 0 || t < l.fence {
		return false
	}
	l.fence = l.tokens[client]
	l.trace.Record("Write", trace.Values{"c": client}, trace.Values{"fence": l.fence})
	return true
}

// newLock is a lock with the trace of what it does.
func newLock() (*lock, *trace.Recorder) {
	recorder := trace.NewRecorder("Lock.tla")
	return &lock{holder: "none", tokens: map[string]int{}, trace: recorder.Node("server")}, recorder
}

// lockOptions say that the timer's steps are not logged: one at most between two events.
var lockOptions = conformance.Options{Unlogged: []conformance.Unlogged{{Action: "Expire", Max: 1}}}

// drive does to the lock what the bytes say.
func (l *lock) drive(schedule []byte) {
	for _, b := range schedule {
		client := []string{"c1", "c2"}[b&1]
		switch b >> 1 & 3 {
		case 0:
			l.acquire(client)
		case 1:
			l.release(client)
		case 2:
			l.write(client)
		case 3:
			l.expire()
		}
	}
}

func loadLock(t testing.TB) *conformance.Spec {
	spec, err := conformance.LoadSpec("testdata/lock/Lock.tla", conformance.SpecOptions{})
	require.NoError(t, err)
	return spec
}

func TestLock(t *testing.T) {
	spec := loadLock(t)
	for _, c := range []struct {
		name string
		do   func(*lock)
	}{
		{"in turn", func(l *lock) { l.acquire("c1"); l.write("c1"); l.release("c1"); l.acquire("c2") }},
		{"expired", func(l *lock) { l.acquire("c1"); l.expire(); l.acquire("c2"); l.write("c1"); l.write("c2") }},
		{"fenced off", func(l *lock) { l.acquire("c1"); l.expire(); l.acquire("c2"); l.write("c2"); l.write("c1") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, recorder := newLock()
			c.do(l)
			conformance.CheckRecorder(t, spec, recorder, lockOptions)
		})
	}
	for seed := range uint64(20) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			schedule := make([]byte, 300)
			for i := range schedule {
				schedule[i] = byte(random.Uint32())
			}
			l, recorder := newLock()
			l.drive(schedule)
			conformance.CheckRecorder(t, spec, recorder, lockOptions)
		})
	}
}

// FuzzLock looks for a schedule after which the lock has done what Lock.tla forbids.
func FuzzLock(f *testing.F) {
	spec := loadLock(f)
	f.Add([]byte{0, 4, 6, 1, 5, 2})
	f.Fuzz(func(t *testing.T, schedule []byte) {
		l, recorder := newLock()
		l.drive(schedule)
		conformance.CheckRecorder(t, spec, recorder, lockOptions)
	})
}

// artifacts is a test that keeps what Check leaves behind.
type artifacts struct {
	*tb
	folder string
	attrs  map[string]string
}

func (a *artifacts) ArtifactDir() string    { return a.folder }
func (a *artifacts) Attr(key, value string) { a.attrs[key] = value }

// The bug: a client whose lock has expired releases the next one's. The third to come then holds a lock that is held.
func TestLockWithABugIsCaught(t *testing.T) {
	fake := &artifacts{&tb{T: t}, t.TempDir(), map[string]string{}}
	l, recorder := newLock()
	l.anyoneReleases = true
	l.drive([]byte{0, 4, 2, 1, 5, 3}) // a round of each client that is as it should be
	l.acquire("c1")
	l.expire()
	l.acquire("c2")
	l.release("c1")
	l.acquire("c1")
	spec := loadLock(t)
	report := conformance.CheckRecorder(fake, spec, recorder, lockOptions)
	require.Equal(t, conformance.Violates, report.Verdict)
	require.Equal(t, "Release", report.Violations[0].Event.Action)
	require.Len(t, fake.errors, 1)
	require.Regexp(t, `^\n\./conformance/lock_test\.go:\d+:1: event server/1/9 \(9 of 10, Release\) is no step of Lock\.tla\n`, fake.errors[0])
	require.Contains(t, fake.errors[0], `FALSE: "c2" = "c1"`)
	require.Regexp(t, `why +holder = "c2" since event server/1/8: Acquire`, fake.errors[0])
	require.Regexp(t, `rerun +go test \./conformance -run '\^TestLockWithABugIsCaught\$'`, fake.errors[0])
	require.Equal(t, "violates", fake.attrs["conformance"])

	kept := filepath.Join(fake.folder, "violation.ndjson")
	require.Regexp(t, `shrunk +9 -> 1 event: `+kept, fake.errors[0])
	again := &tb{T: t}
	conformance.CheckFile(again, spec, kept, lockOptions)
	require.Len(t, again.errors, 1, "the shrunk trace is refused as well")
	page, err := os.ReadFile(filepath.Join(fake.folder, "violation.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "FALSE: &#34;c2&#34; = &#34;c1&#34;")

	bounded := &tb{T: t}
	l, recorder = newLock()
	l.acquire("c1")
	report = conformance.CheckRecorder(bounded, spec, recorder, conformance.Options{MaxCandidates: 1, Unlogged: []conformance.Unlogged{{Action: "Acquire"}}})
	require.Equal(t, conformance.Inconclusive, report.Verdict)
	require.Regexp(t, `\nconformance/lock_test\.go:\d+: event server/1/1 is not decided: `, bounded.errors[0])
	var annotation strings.Builder
	require.NoError(t, report.WriteGitHub(&annotation))
	require.Regexp(t, `^::error file=conformance/lock_test\.go,line=\d+,title=Inconclusive::`, annotation.String())

	mistyped := &tb{T: t}
	l, recorder = newLock()
	l.trace.Record("Aquire", trace.Values{"c": "c1"}, nil)
	conformance.CheckRecorder(mistyped, spec, recorder, lockOptions)
	require.Len(t, mistyped.errors, 1)
	require.Regexp(t, `^conformance/lock_test\.go:\d+: event server/1/1: \S+ has no action Aquire \(did you mean Acquire\?\)`, mistyped.errors[0])

	withoutTimer := &tb{T: t}
	l, recorder = newLock()
	l.acquire("c1")
	l.expire()
	l.acquire("c2")
	conformance.CheckRecorder(withoutTimer, spec, recorder, conformance.Options{})
	require.Len(t, withoutTimer.errors, 1, "the timer's steps must be declared")
}

// What docs/testing.md shows is what runs here.
func TestDocumentedCodeIsThis(t *testing.T) {
	page, err := os.ReadFile("../docs/testing.md")
	require.NoError(t, err)
	sources := map[string]string{}
	for kind, path := range map[string]string{"go": "lock_test.go", "tla": "testdata/lock/Lock.tla", "cfg": "testdata/lock/Lock.cfg"} {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		sources[kind] = string(text)
	}
	found := 0
	for i, part := range strings.Split(string(page), "```") {
		kind, code, _ := strings.Cut(part, "\n")
		if i%2 == 1 && sources[kind] != "" {
			found++
			require.Contains(t, sources[kind], strings.TrimSuffix(code, "\n"))
		}
	}
	require.GreaterOrEqual(t, found, 5)
}

// replay is a replay outside of a test.
func replay(spec *conformance.Spec, recorder *trace.Recorder) (*conformance.Report, error) {
	files, err := recorder.Files()
	if err != nil {
		return nil, err
	}
	return conformance.Replay(context.Background(), spec, files[0].Headers, files[0].Events, conformance.Options{})
}

func Example() {
	spec, err := conformance.LoadSpec("testdata/lock/Lock.tla", conformance.SpecOptions{})
	if err != nil {
		panic(err)
	}
	l, recorder := newLock()
	l.acquire("c1")
	l.write("c1")
	l.release("c1")
	report, err := replay(spec, recorder)
	if err != nil {
		panic(err)
	}
	report.WriteText(os.Stdout)
	// Output:
	// 3 of 3 events are steps of testdata/lock/Lock.tla, in 1 instance
	//   1  Acquire
	//   1  Release
	//   1  Write
	// never fired: Expire
	// at most 1 state was possible at one time
	//
	// verdict  conforms
}

func ExampleReport_Coverage() {
	spec, err := conformance.LoadSpec("testdata/lock/Lock.tla", conformance.SpecOptions{})
	if err != nil {
		panic(err)
	}
	var all *conformance.Coverage
	for _, client := range []string{"c1", "c2"} {
		l, recorder := newLock()
		l.acquire(client)
		report, err := replay(spec, recorder)
		if err != nil {
			panic(err)
		}
		if all == nil {
			all = report.Coverage
		} else if err := all.Merge(report.Coverage); err != nil {
			panic(err)
		}
	}
	never, _ := all.Never()
	fmt.Println(all.Replays, "replays,", all.Events, "events; never fired:", never)
	// Output: 2 replays, 2 events; never fired: [Release Write Expire]
}

// A Monitor takes events as they come; here the second one is wrong.
func ExampleMonitor() {
	spec, err := conformance.LoadSpec("testdata/lock/Lock.tla", conformance.SpecOptions{})
	if err != nil {
		panic(err)
	}
	headers := []trace.Header{{Spec: "Lock.tla", Node: "server", Run: 1}}
	m, err := conformance.NewMonitor(spec, headers, conformance.MonitorOptions{})
	if err != nil {
		panic(err)
	}
	defer m.Close()
	clock := trace.NewClock("server", 1, 0)
	for _, client := range []string{"c1", "c2"} {
		e := trace.Event{Action: "Acquire", Args: trace.Fields{{Name: "c", JSON: trace.String(client)}}}
		clock.Stamp(&e)
		if err := m.Add(&e); err != nil {
			panic(err)
		}
		fmt.Println(client, m.Report().Verdict)
	}
	// Output:
	// c1 conforms
	// c2 violates
}
