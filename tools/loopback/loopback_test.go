// What was given is free, and given once.

package loopback

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddressesAreFreeAndGivenOnce(t *testing.T) {
	seen := map[string]bool{}
	for range 3 {
		addresses, err := Addresses(4)
		require.NoError(t, err)
		require.Len(t, addresses, 4)
		for _, a := range addresses {
			require.False(t, seen[a], a)
			seen[a] = true
			l, err := net.Listen("tcp", a)
			require.NoError(t, err)
			defer l.Close()
			require.Less(t, l.Addr().(*net.TCPAddr).Port, first+ports)
		}
	}
}

func TestAPortInUseIsNotGiven(t *testing.T) {
	free, err := Addresses(1)
	require.NoError(t, err)
	l, err := net.Listen("tcp", free[0])
	require.NoError(t, err)
	defer l.Close()
	last.Add(^uint32(0)) // it is the next in turn
	addresses, err := Addresses(1)
	require.NoError(t, err)
	require.NotEqual(t, l.Addr().String(), addresses[0])
}
