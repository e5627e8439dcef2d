// Credentials: mutual TLS passes through to both ends, and then plaintext does not get in.

package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/credentials"
)

// mutualTLS makes credentials of a certificate that signs itself and that both sides ask for.
func mutualTLS(t *testing.T) credentials.TransportCredentials {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return credentials.NewTLS(&tls.Config{
		MinVersion: tls.VersionTLS13, RootCAs: pool, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert,
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	})
}

func TestMutualTLS(t *testing.T) {
	creds := mutualTLS(t)
	e := newSecureEcho(t, "127.0.0.1:0", creds)
	p, received := dialSecurely(t, e.address, proposerHello, "a1", creds)
	p.Send([]Envelope{prepare(1)})
	await(received, 1)
	for _, other := range []credentials.TransportCredentials{nil, mutualTLS(t)} {
		conn, err := Dial(e.address, other)
		require.NoError(t, err)
		_, err = AskStatus(t.Context(), conn)
		require.Error(t, err)
		require.NoError(t, conn.Close())
	}
	// With credentials a node may listen to others than this machine.
	l, err := Listen("0.0.0.0:0", creds)
	require.NoError(t, err)
	require.NoError(t, l.Close())
}
