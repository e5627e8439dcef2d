// Histories that a register could have given, and their twins that it could not.

package demo

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// done is a satisfied operation between two moments.
func done(call, end int, before int64, c change, after int64) operation {
	return operation{
		key: "k", change: c, call: time.Duration(call), end: time.Duration(end), answer: answer{before, after}}
}

// ended is an operation that was not satisfied.
func ended(call, end int, c change, how outcome) operation {
	return operation{key: "k", change: c, call: time.Duration(call), end: time.Duration(end), outcome: how}
}

var (
	read   = change{name: "read"}
	set5   = change{name: "set", value: 5}
	add2   = change{name: "add", value: 2}
	cas5to = change{name: "cas", expect: 5, value: 9}
)

func TestHistories(t *testing.T) {
	cases := []struct {
		name string
		ops  []operation
		ok   bool
	}{
		{"one after the other", []operation{done(0, 1, 0, set5, 5), done(2, 3, 5, add2, 7), done(4, 5, 7, read, 7)}, true},
		{"a lost change", []operation{done(0, 1, 0, set5, 5), done(2, 3, 5, add2, 7), done(4, 5, 5, read, 5)}, false},
		{"a wrong state before", []operation{done(0, 1, 0, set5, 5), done(2, 3, 4, read, 5)}, false},
		{"at the same time, in either order", []operation{done(0, 9, 0, set5, 5), done(0, 9, 5, add2, 7), done(10, 11, 7, read, 7)}, true},
		{"at the same time, in no order", []operation{done(0, 9, 0, set5, 5), done(0, 9, 0, add2, 2), done(10, 11, 2, read, 2)}, false},
		{"the first state is 0", []operation{done(0, 1, 0, read, 0)}, true},
		{"a first state from nowhere", []operation{done(0, 1, 3, read, 3)}, false},
		{"a stale read", []operation{done(0, 1, 0, set5, 5), done(2, 3, 0, read, 0)}, false},
		{"a compare-and-set that finds what it expects", []operation{done(0, 1, 0, set5, 5), done(2, 3, 5, cas5to, 9)}, true},
		{"a compare-and-set that does not", []operation{done(0, 1, 0, add2, 2), done(2, 3, 2, cas5to, 2)}, true},
		{"a compare-and-set that writes all the same", []operation{done(0, 1, 0, add2, 2), done(2, 3, 2, cas5to, 9)}, false},
		{"an unknown change takes effect", []operation{ended(0, 1, set5, unknown), done(2, 3, 5, read, 5)}, true},
		{"an unknown change takes effect late", []operation{ended(0, 1, set5, unknown), done(2, 3, 0, read, 0), done(4, 5, 5, read, 5)}, true},
		{"an unknown change takes no effect", []operation{ended(0, 1, set5, unknown), done(2, 3, 0, read, 0)}, true},
		{"an unknown change takes effect twice", []operation{ended(0, 1, add2, unknown), done(2, 3, 4, read, 4)}, false},
		{"an unknown change before its call", []operation{done(0, 1, 5, read, 5), ended(2, 3, set5, unknown)}, false},
		{"a rejected change has no effect", []operation{ended(0, 1, set5, rejected), done(2, 3, 0, read, 0)}, true},
		{"a rejected change has an effect", []operation{ended(0, 1, set5, rejected), done(2, 3, 5, read, 5)}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var h history
			for i, o := range c.ops {
				o.client = i
				h.add(o)
			}
			found, err := h.check(context.Background(), t.TempDir())
			require.NoError(t, err)
			require.Equal(t, c.ok, found.ok())
			if !c.ok {
				require.Equal(t, []string{"k"}, found.illegal)
				require.FileExists(t, found.picture)
			}
		})
	}
}

func TestKeysAreRegistersOfTheirOwn(t *testing.T) {
	var h history
	other := done(2, 3, 0, read, 0)
	other.key = "l"
	h.add(done(0, 1, 0, set5, 5))
	h.add(other)
	found, err := h.check(context.Background(), t.TempDir())
	require.NoError(t, err)
	require.True(t, found.ok())
	require.Equal(t, 2, found.keys)
	require.Equal(t, 2, found.operations)
}

func TestAnUndecidedKeyIsAFailure(t *testing.T) {
	require.False(t, linearizability{undecided: []string{"k"}}.ok())
}

func TestAPictureThatCannotBeWrittenIsAnError(t *testing.T) {
	var h history
	h.add(done(0, 1, 3, read, 3))
	_, err := h.check(context.Background(), t.TempDir()+"/none")
	require.ErrorIs(t, err, os.ErrNotExist)
}
