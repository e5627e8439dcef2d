// The union of lists of keys ends where the shortest one does.

package server

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/transport"
)

func TestUnion(t *testing.T) {
	list := func(more bool, keys ...string) *transport.KeysReply {
		return &transport.KeysReply{Keys: keys, More: more}
	}
	cases := []struct {
		lists []*transport.KeysReply
		keys  []string
		more  bool
	}{
		{[]*transport.KeysReply{list(false), list(false)}, nil, false},
		{[]*transport.KeysReply{list(false, "a", "c"), list(false, "b", "c")}, []string{"a", "b", "c"}, false},
		// What is above the last key of a list that goes on may be in that list, too: it comes later.
		{[]*transport.KeysReply{list(true, "a", "b"), list(false, "a", "d")}, []string{"a", "b"}, true},
		{[]*transport.KeysReply{list(true, "a", "b"), list(true, "c", "d")}, []string{"a", "b"}, true},
		{[]*transport.KeysReply{list(true, "c", "d"), list(false)}, []string{"c", "d"}, true},
	}
	for _, c := range cases {
		keys, more := union(c.lists)
		require.Equal(t, c.keys, keys)
		require.Equal(t, c.more, more)
	}
}
