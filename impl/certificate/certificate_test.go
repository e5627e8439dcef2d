// Certificates name one node each, and no other's, other cluster's or other role's is taken for it.

package certificate

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACertificateNamesItsOwner(t *testing.T) {
	a, ca, err := NewAuthority("test-1")
	require.NoError(t, err)
	root, err := parse(ca.Certificate)
	require.NoError(t, err)
	require.True(t, root.IsCA)
	pair, err := a.Issue("a1", Acceptor, "127.0.0.1", "host.example.org")
	require.NoError(t, err)
	c, err := parse(pair.Certificate)
	require.NoError(t, err)
	require.NoError(t, c.CheckSignatureFrom(root))
	require.NoError(t, c.VerifyHostname("127.0.0.1"))
	require.NoError(t, c.VerifyHostname("host.example.org"))
	require.Error(t, c.VerifyHostname("127.0.0.2"))
	n := Name{"test-1", Acceptor, "a1"}
	require.Equal(t, "synod://test-1/acceptor/a1", n.String())
	require.NoError(t, n.Check(c))
	for _, other := range []Name{{"test-2", Acceptor, "a1"}, {"test-1", Proposer, "a1"}, {"test-1", Acceptor, "a2"}} {
		require.ErrorIs(t, other.Check(c), ErrName)
	}
}

func TestNamesThatAreNone(t *testing.T) {
	for _, n := range []Name{
		{"", Client, "x"}, {"A", Client, "x"}, {"a b", Client, "x"}, {"-a", Client, "x"}, {"a/b", Client, "x"},
		{"a", "king", "x"}, {"a", "", "x"}, {"a", Client, ""}, {"a", Client, "x/y"}, {"a", Client, "1"},
	} {
		require.Error(t, n.Validate(), "%v", n)
	}
	_, _, err := NewAuthority("A b")
	require.Error(t, err)
	a, _, err := NewAuthority("a")
	require.NoError(t, err)
	_, err = a.Issue("x/y", Client)
	require.Error(t, err)
	_, err = a.Issue("x", "king")
	require.Error(t, err)
	for _, text := range []string{
		"https://a/client/x", "synod://a/client", "synod://a/client/x/y", "synod://a/king/x", "synod://a:80/client/x",
		"synod://u@a/client/x", "synod://a/client/x?y", "synod:client", "synod://a/client/x#y", "synod://a/client/%78",
	} {
		u, err := url.Parse(text)
		require.NoError(t, err)
		_, err = Of(&x509.Certificate{URIs: []*url.URL{u}})
		require.ErrorIs(t, err, ErrName, text)
	}
	name := Name{"a", Client, "x"}
	_, err = Of(&x509.Certificate{URIs: []*url.URL{name.URI(), name.URI()}})
	require.ErrorIs(t, err, ErrName, "two names")
	_, err = Of(&x509.Certificate{Subject: pkix.Name{CommonName: "client x"}})
	require.ErrorIs(t, err, ErrName, "no name")
}

// write puts texts into files of a new folder.
func write(t *testing.T, files map[string][]byte) func(name string) string {
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	return func(name string) string { return filepath.Join(dir, name) }
}

func TestLoad(t *testing.T) {
	a, ca, err := NewAuthority("one")
	require.NoError(t, err)
	_, otherCA, err := NewAuthority("one")
	require.NoError(t, err)
	p1, err := a.Issue("p1", Proposer)
	require.NoError(t, err)
	p2, err := a.Issue("p2", Proposer)
	require.NoError(t, err)
	at := write(t, map[string][]byte{
		"ca": ca.Certificate, "other": otherCA.Certificate, "crt": p1.Certificate, "key": p1.Key, "key2": p2.Key, "empty": nil,
	})
	name := Name{"one", Proposer, "p1"}
	_, err = Load(at("ca"), at("crt"), at("key"), name)
	require.NoError(t, err)
	_, err = Load(at("ca"), at("crt"), at("key"), Name{"one", Proposer, "p2"})
	require.ErrorIs(t, err, ErrName)
	_, err = Load(at("other"), at("crt"), at("key"), name)
	require.ErrorContains(t, err, "is not signed by")
	_, err = Load(at("ca"), at("crt"), at("key2"), name)
	require.ErrorContains(t, err, "crt")
	_, err = Load(at("empty"), at("crt"), at("key"), name)
	require.ErrorContains(t, err, "empty")
	_, err = Load(at("none"), at("crt"), at("key"), name)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Load(at("ca"), at("none"), at("key"), name)
	require.ErrorIs(t, err, os.ErrNotExist)
}

// What an authority of before signs is as good; another cluster's is refused, and so is a certificate that may not sign.
func TestAnAuthorityIsReadAgain(t *testing.T) {
	a, pair, err := NewAuthority("stock")
	require.NoError(t, err)
	again, err := ReadAuthority("stock", pair)
	require.NoError(t, err)
	issued, err := again.Issue("a4", Acceptor, "127.0.0.1")
	require.NoError(t, err)
	cert, err := parse(issued.Certificate)
	require.NoError(t, err)
	require.NoError(t, cert.CheckSignatureFrom(a.cert))
	_, err = ReadAuthority("other", pair)
	require.ErrorContains(t, err, `"Synod cluster stock"`)
	_, err = ReadAuthority("stock", issued)
	require.ErrorContains(t, err, "is no authority's")
	_, err = ReadAuthority("stock", Pair{})
	require.Error(t, err)
}
