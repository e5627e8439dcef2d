// What the tests of this package see of its inside.

package server

// Shape is how the cluster's nodes describe it to each other.
func (c *Cluster) Shape() string { return c.shape() }

// ReserveAhead is how many ballots a proposer reserves.
const ReserveAhead = reserveAhead

// RegisterBytes is what a register takes in a cache.
const RegisterBytes = registerBytes
