// Names: whom a certificate speaks for, as one URI in it.

// Package certificate makes and reads the certificates of a cluster: an Authority of its own signs one for each node
// and client, and in each stands the one Name that its owner may go by. TLS proves the certificate; a connection's
// other end must then be who it says it is, in this cluster and in this role.
package certificate

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Roles of those who have certificates.
const (
	Acceptor = "acceptor"
	Proposer = "proposer"
	Replica  = "replica"
	Client   = "client"
	Operator = "operator" // may change the cluster's membership
)

// Name is whom a certificate speaks for.
type Name struct {
	Cluster string
	Role    string
	Node    string
}

// scheme is that of the URI that is a name: synod://cluster/role/node.
const scheme = "synod"

// URI gives the form of the name in a certificate.
func (n Name) URI() *url.URL {
	return &url.URL{Scheme: scheme, Host: n.Cluster, Path: "/" + n.Role + "/" + n.Node}
}

// String gives the name as text.
func (n Name) String() string { return n.URI().String() }

var (
	clusterForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)
	nodeForm    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)
)

// Validate tells what is wrong with a name. A cluster's is what can stand in a host's place in a URI.
func (n Name) Validate() error {
	switch {
	case !clusterForm.MatchString(n.Cluster):
		return fmt.Errorf("cluster name %q is not 1 to 64 small letters, digits and inner hyphens, as a certificate needs", n.Cluster)
	case !slices.Contains([]string{Acceptor, Proposer, Replica, Client, Operator}, n.Role):
		return fmt.Errorf("role %q is none of acceptor, proposer, replica, client and operator", n.Role)
	case !nodeForm.MatchString(n.Node):
		return fmt.Errorf("name %q is not a word of letters, digits and _", n.Node)
	}
	return nil
}

// ErrName says that a certificate does not name whom it should.
var ErrName = errors.New("the certificate does not name")

// Of reads the name in a certificate. There must be one.
func Of(c *x509.Certificate) (Name, error) {
	if len(c.URIs) != 1 || c.URIs[0].Scheme != scheme {
		return Name{}, fmt.Errorf("%w anyone of a cluster", ErrName)
	}
	u := c.URIs[0]
	parts := strings.Split(u.Path, "/")
	if len(parts) != 3 || parts[0] != "" {
		return Name{}, fmt.Errorf("%w anyone: %s is not synod://cluster/role/node", ErrName, u)
	}
	n := Name{Cluster: u.Host, Role: parts[1], Node: parts[2]}
	if err := n.Validate(); err != nil || n.String() != u.String() {
		return Name{}, fmt.Errorf("%w anyone: %s is not synod://cluster/role/node", ErrName, u)
	}
	return n, nil
}

// Check refuses a certificate that does not name whom it should.
func (n Name) Check(c *x509.Certificate) error {
	found, err := Of(c)
	if err == nil && found != n {
		err = fmt.Errorf("%w %s: it is that of %s", ErrName, n, found)
	}
	return err
}
