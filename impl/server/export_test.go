// What the tests of this package see of its inside.

package server

// Shape is how the cluster's nodes describe it to each other.
func (c *Cluster) Shape() string { return c.shape() }

// ReserveAhead is how many ballots a proposer reserves.
const ReserveAhead = reserveAhead

// SetCache limits the registers in memory of nodes that start later, until the returned function is called.
func SetCache(registers int) (restore func()) {
	before := cacheBytes
	cacheBytes = registers * registerBytes
	return func() { cacheBytes = before }
}
