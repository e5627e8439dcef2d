// Authorities: who signs a cluster's certificates.

package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"time"
)

// Authority signs the certificates of one cluster. Whoever has its key can pass for any of its nodes.
type Authority struct {
	cluster string
	cert    *x509.Certificate
	key     crypto.Signer
}

// Pair is a certificate and its key, in PEM.
type Pair struct {
	Certificate []byte
	Key         []byte
}

// lifetime of an authority and of what it signs. There is no revocation: who must lose access before that makes a new
// authority for the rest.
const lifetime = 10 * 365 * 24 * time.Hour

// NewAuthority makes an authority for a cluster.
func NewAuthority(cluster string) (*Authority, Pair, error) {
	if err := (Name{Cluster: cluster, Role: Client, Node: "x"}).Validate(); err != nil {
		return nil, Pair{}, err
	}
	a := &Authority{cluster: cluster}
	template, key, err := newTemplate(pkix.Name{CommonName: subject(cluster)})
	if err != nil {
		return nil, Pair{}, err
	}
	template.IsCA, template.BasicConstraintsValid, template.MaxPathLenZero = true, true, true
	template.KeyUsage = x509.KeyUsageCertSign
	a.cert, a.key = template, key
	pair, err := a.sign(template, key)
	if err != nil {
		return nil, Pair{}, err
	}
	if a.cert, err = parse(pair.Certificate); err != nil {
		return nil, Pair{}, err
	}
	return a, pair, nil
}

// ReadAuthority makes an authority of its certificate and key, in PEM.
func ReadAuthority(cluster string, pair Pair) (*Authority, error) {
	cert, err := tls.X509KeyPair(pair.Certificate, pair.Key)
	if err != nil {
		return nil, err
	}
	key, ok := cert.PrivateKey.(crypto.Signer)
	if !ok || !cert.Leaf.IsCA {
		return nil, errors.New("the certificate is no authority's")
	}
	if want := subject(cluster); cert.Leaf.Subject.CommonName != want {
		return nil, fmt.Errorf("the authority is that of %q, not of %q", cert.Leaf.Subject.CommonName, want)
	}
	return &Authority{cluster, cert.Leaf, key}, nil
}

// subject is an authority's own name.
func subject(cluster string) string { return "Synod cluster " + cluster }

// Issue makes a certificate for a name of the authority's cluster. hosts are the names and IP addresses at which
// others reach its owner; a client needs none.
func (a *Authority) Issue(node, role string, hosts ...string) (Pair, error) {
	n := Name{Cluster: a.cluster, Role: role, Node: node}
	if err := n.Validate(); err != nil {
		return Pair{}, err
	}
	template, key, err := newTemplate(pkix.Name{CommonName: role + " " + node})
	if err != nil {
		return Pair{}, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.URIs = []*url.URL{n.URI()}
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if role != Client && role != Operator {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	return a.sign(template, key)
}

func newTemplate(subject pkix.Name) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial, Subject: subject,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lifetime), // clocks may differ by an hour
	}, key, nil
}

func (a *Authority) sign(template *x509.Certificate, key *ecdsa.PrivateKey) (Pair, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return Pair{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Pair{}, err
	}
	return Pair{
		Certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		Key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}, nil
}

func parse(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("no certificate in PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}

// Load reads a certificate, its key and the cluster's authority from files and makes of them what TLS needs, in both
// directions: version 1.3, and on either side a certificate of the authority. It refuses a certificate that is not
// want's, so that a wrong file is found at the start.
func Load(ca, certificate, key string, want Name) (*tls.Config, error) {
	text, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: no certificate in PEM", ca)
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", certificate, key, err)
	}
	if err := want.Check(pair.Leaf); err != nil {
		return nil, fmt.Errorf("%s: %w", certificate, err)
	}
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: pool, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if err != nil {
		return nil, fmt.Errorf("%s is not signed by %s: %w", certificate, ca, err)
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair},
		RootCAs: pool, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert,
	}, nil
}
