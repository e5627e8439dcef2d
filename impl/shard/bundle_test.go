// Bundles do what their commands do one by one, and what is none is not taken for one.

package shard

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABundleIsItsCommands(t *testing.T) {
	commands := []string{
		Command{Kind: Serve, Shard: "1", Client: "c", Number: 1, Body: "x\ny"}.String(),
		Command{Kind: Freeze, Shard: "2", Group: "g2"}.String(),
		Command{Kind: Serve, Shard: "2", Body: "z"}.String(),
		"nothing",
	}
	for n := 1; n <= len(commands); n++ {
		one, other := newTwo(t)
		var want []string
		for _, c := range commands[:n] {
			want = append(want, one.Apply(c))
		}
		got, ok := Unbundle(other.Apply(Bundle(commands[:n])))
		require.True(t, ok)
		require.Equal(t, want, got)
		require.Equal(t, one.Snapshot(), other.Snapshot())
	}
}

// A bundle is read where each of its commands can be.
func TestABundleIsRead(t *testing.T) {
	m, _ := newTwo(t)
	locate, split := Command{Kind: Locate, Shard: "1"}.String(), Command{Kind: Split, Shard: "2"}.String()
	text, ok := m.Read(Bundle([]string{locate, locate}))
	require.True(t, ok)
	require.Equal(t, Bundle([]string{m.Apply(locate), m.Apply(locate)}), text)
	_, ok = m.Read(Bundle([]string{locate, split}))
	require.False(t, ok)
}

func TestWhatIsNoBundle(t *testing.T) {
	for _, text := range []string{"", "bundle ", "bundle \n", "bundle 1\n", "bundle 1\nab", "bundle -1\na", "bundle x\na", "bundle 1 1\na", "bundles 1\na", "serve 1\na"} {
		_, ok := Unbundle(text)
		require.False(t, ok, text)
	}
}

// newTwo makes two machines of one group.
func newTwo(t *testing.T) (one, other *Machine) {
	t.Helper()
	empty := func() Content { return &texts{} }
	return New("g1", "g1", Names(), empty), New("g1", "g1", Names(), empty)
}

// texts keeps what it is told.
type texts struct{ all string }

func (c *texts) Apply(command string) string {
	c.all += command
	return c.all
}

func (c *texts) Snapshot() string { return c.all }

func (c *texts) Restore(text string) error {
	c.all = text
	return nil
}

// echo is content that answers what it is asked.
type echo struct{}

func (echo) Apply(command string) string { return command }
func (echo) Snapshot() string            { return "" }
func (echo) Restore(string) error        { return nil }

// 64 requests for as many shards on their way into a machine and back.
func BenchmarkServe(b *testing.B) {
	names := Names()
	m := New("g1", "g1", names, func() Content { return echo{} })
	body := strings.Repeat("x", 300)
	b.ReportAllocs()
	for b.Loop() {
		var texts []string
		for _, name := range names[:64] {
			texts = append(texts, Command{Kind: Serve, Shard: name, Body: body}.String())
		}
		results, _ := Unbundle(m.Apply(Bundle(texts)))
		for _, text := range results {
			if _, err := ParseResult(text); err != nil {
				b.Fatal(err)
			}
		}
	}
}
