// A sample of the keys: what is traced is traced whole, and the rest not at all.

package main

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/resp"
	"synod/trace"
)

func TestASampleOfTheKeysConforms(t *testing.T) {
	t.Parallel()
	const keys = 60
	s := newService(t, "-sample", "4")
	put := func(proposer string) {
		c, err := resp.Dial(t.Context(), s.addresses["resp "+proposer], nil)
		require.NoError(t, err)
		defer c.Close()
		for i := range keys {
			r, err := c.Do("INCR", fmt.Sprint("key", i))
			require.NoError(t, err)
			require.False(t, r.IsError(), r.Text)
		}
	}
	put("p1")
	for _, name := range []string{"a1", "p1"} {
		s.kill(name)
		s.start(name)
	}
	put("p2")
	put("p1")
	names := slices.Sorted(maps.Keys(s.processes))
	s.replays()
	steps := map[string]map[string]int{} // by key and node
	for _, name := range names {
		f, err := trace.ReadFile(s.trace(name))
		require.NoError(t, err)
		for _, e := range f.Events {
			if steps[e.Instance] == nil {
				steps[e.Instance] = map[string]int{}
			}
			steps[e.Instance][name]++
		}
	}
	require.Greater(t, len(steps), keys/20)
	require.Less(t, len(steps), keys/2)
	for key, by := range steps {
		require.Len(t, by, len(names), "%s is traced at all nodes or at none", key)
	}
}
