// What a node was asked for is among the guesses, although others have caught up meanwhile.

package conformance

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

func TestOthersWhoCatchUpHideNothing(t *testing.T) {
	number := func(n int) tla.Value {
		v, err := tla.ParseValue(json.RawMessage(strconv.Itoa(n)))
		require.NoError(t, err)
		return v
	}
	propose := tla.Action{Name: "Propose", Params: []string{"i"}}
	early := summary{}
	var late steps
	for n := 300; n > 0; n-- { // 300 is proposed, and then another hears of all slots before
		x := step{action: &propose, args: []tla.Value{number(n)}}
		late = append(late, x)
		early.note(&x)
	}
	for _, past := range []history{late, early, both{late[250:], early}} {
		require.Contains(t, past.latest("i", nil), number(300))
	}
	require.Len(t, append(late, late...).latest("i", map[tla.Value]bool{number(7): true}), 1)
}
