// Package loopback finds ports on this machine for servers that are stopped and started again. Addresses is all there is to call.
package loopback

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync/atomic"
)

// The system takes the ports of outgoing connections from 32768 on. One of those, free when a server is stopped, may be
// taken when it starts again; of these it is not.
const (
	first = 10_000
	ports = 32_768 - first
)

// last is the port that was found last. It begins anywhere, so that processes which look at the same time find others.
var last atomic.Uint32

func init() { last.Store(rand.Uint32N(ports)) }

// Addresses gives n addresses on which nobody listens, and none that it gave before in this process until all have been.
func Addresses(n int) (addresses []string, err error) {
	for range ports {
		if len(addresses) == n {
			return addresses, nil
		}
		address := fmt.Sprintf("127.0.0.1:%d", first+last.Add(1)%ports)
		l, failed := net.Listen("tcp", address)
		if failed != nil {
			err = failed
			continue
		}
		l.Close()
		addresses = append(addresses, address)
	}
	return nil, fmt.Errorf("%d of %d ports are free on loopback: %w", len(addresses), n, err)
}
