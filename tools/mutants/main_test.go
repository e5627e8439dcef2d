// The table's verdict: a mutant that is caught passes, one that survives does not.

package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/tools/simulate/judge"
)

func TestASurvivorIsRefused(t *testing.T) {
	j := judge.New("../../spec/register/Register.tla")
	caught := judge.Mutant{Bug: paxos.IgnoreReportedValue, Must: "CIL"}
	require.True(t, hunt(t.Context(), j, []judge.Mutant{caught}, 50, 1, 1))
	survivor := judge.Mutant{Bug: 0, Must: "C", About: "nothing is wrong with it"}
	require.False(t, hunt(t.Context(), j, []judge.Mutant{caught, survivor}, 50, 1, 1))
	survivor.Equivalent = "it is the protocol itself"
	require.True(t, hunt(t.Context(), j, []judge.Mutant{survivor}, 3, 1, 1))
}
