// Identities: that a connection's other end is who it says it is.

package transport

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"synod/impl/certificate"
)

// certified checks the greeting of a stream's other end against the certificate that the stream began with. A stream
// in plaintext, which does not leave the machine, has none to check. All messages of a stream are their sender's, so
// that what the certificate allows holds for each of them.
func certified(info credentials.AuthInfo, h *Hello) error {
	found, encrypted, err := certificateName(info)
	if !encrypted {
		return nil
	}
	said := certificate.Name{Cluster: h.Cluster, Role: h.Role, Node: h.Node}
	if err == nil && found != said {
		err = fmt.Errorf("%w %s: it is that of %s", certificate.ErrName, said, found)
	}
	return err
}

// admit refuses a call of somebody whose certificate does not give a role in the cluster.
func admit(ctx context.Context, cluster, role string) error {
	caller, ok := peer.FromContext(ctx)
	if !ok {
		return status.Error(codes.PermissionDenied, "the connection's other end is not known")
	}
	found, encrypted, err := certificateName(caller.AuthInfo)
	switch {
	case !encrypted:
		return nil
	case err != nil:
		return status.Error(codes.PermissionDenied, err.Error())
	case found.Cluster != cluster || found.Role != role:
		return status.Errorf(codes.PermissionDenied, "%s is no %s of cluster %s", found, role, cluster)
	}
	return nil
}

// certificateName gives the name in the other end's certificate, and whether the connection is encrypted at all.
func certificateName(from credentials.AuthInfo) (_ certificate.Name, encrypted bool, err error) {
	info, ok := from.(credentials.TLSInfo)
	if !ok {
		return certificate.Name{}, false, nil
	}
	if len(info.State.PeerCertificates) == 0 {
		return certificate.Name{}, true, fmt.Errorf("%w anyone: there is none", certificate.ErrName)
	}
	name, err := certificate.Of(info.State.PeerCertificates[0])
	return name, true, err
}
