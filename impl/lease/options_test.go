// Options: when a lease is renewed.

package lease

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// However large a part of the term the margin is, there is time for three attempts before it begins.
func TestALeaseIsRenewedBeforeItsMargin(t *testing.T) {
	for _, o := range []Options{{}, {Margin: 2 * time.Second}, {Term: 3 * time.Second, Margin: 2 * time.Second}} {
		require.NoError(t, o.complete())
		require.Positive(t, o.renewal())
		require.LessOrEqual(t, 3*o.renewal(), o.Term-2*o.ClockError-o.Margin)
	}
	o := Options{Term: 2 * time.Second, Margin: 2 * time.Second}
	require.ErrorContains(t, o.complete(), "nothing is left")
}
