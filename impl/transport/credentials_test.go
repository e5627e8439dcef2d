// Credentials: mutual TLS passes through to both ends, plaintext does not get in, and a certificate speaks for its
// owner alone.

package transport

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"synod/impl/certificate"
)

// authority issues the credentials of a cluster's members.
type authority struct {
	t *testing.T
	a *certificate.Authority
	c string
	// ca is its own certificate.
	ca []byte
}

func newAuthority(t *testing.T, cluster string) *authority {
	a, pair, err := certificate.NewAuthority(cluster)
	require.NoError(t, err)
	return &authority{t, a, cluster, pair.Certificate}
}

// issue makes credentials with a certificate for a member at 127.0.0.1.
func (a *authority) issue(role, node string) credentials.TransportCredentials {
	pair, err := a.a.Issue(node, role, "127.0.0.1")
	require.NoError(a.t, err)
	dir := a.t.TempDir()
	at := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(a.t, os.WriteFile(path, text, 0o600))
		return path
	}
	cfg, err := certificate.Load(at("ca", a.ca), at("crt", pair.Certificate), at("key", pair.Key), certificate.Name{Cluster: a.c, Role: role, Node: node})
	require.NoError(a.t, err)
	return credentials.NewTLS(cfg)
}

func TestMutualTLS(t *testing.T) {
	a := newAuthority(t, "c")
	acceptor, proposer := a.issue(RoleAcceptor, "a1"), a.issue(RoleProposer, "p1")
	e := newSecureEcho(t, "127.0.0.1:0", acceptor)
	p, received := dialSecurely(t, e.address, proposerHello, "a1", proposer)
	p.Send([]Envelope{prepare(1)})
	await(received, 1)
	strangers := newAuthority(t, "c").issue(RoleProposer, "p1")
	for _, other := range []credentials.TransportCredentials{nil, strangers} {
		conn, err := Dial(e.address, other)
		require.NoError(t, err)
		_, err = AskStatus(t.Context(), conn)
		require.Error(t, err)
		require.NoError(t, conn.Close())
	}
	// With credentials a node may listen to others than this machine.
	l, err := Listen("0.0.0.0:0", acceptor)
	require.NoError(t, err)
	require.NoError(t, l.Close())
}

// greet opens a stream with a greeting and gives why it is refused.
func greet(t *testing.T, address string, creds credentials.TransportCredentials, self Hello) string {
	r := newRaw(t, address, creds)
	require.NoError(t, r.send(&frame{hello: &self}))
	f, err := r.receiveGreeting()
	require.NoError(t, err)
	require.Equal(t, f.refused == "", f.hello != nil)
	return f.refused
}

// A proposer that greets under a name that its certificate does not have is sent away before anyone else is asked.
func TestASenderIsWhoItsCertificateSays(t *testing.T) {
	a := newAuthority(t, "c")
	e := newSecureEcho(t, "127.0.0.1:0", a.issue(RoleAcceptor, "a1"))
	require.Empty(t, greet(t, e.address, a.issue(RoleProposer, "p1"), proposerHello))
	for name, creds := range map[string]credentials.TransportCredentials{
		"another proposer": a.issue(RoleProposer, "p2"),
		"another role":     a.issue(RoleAcceptor, "p1"),
		"a client":         a.issue(certificate.Client, "p1"),
	} {
		why := greet(t, e.address, creds, proposerHello)
		require.Contains(t, why, certificate.ErrName.Error(), name)
		require.Contains(t, why, "synod://c/proposer/p1", name)
	}
	// A cluster's authority cannot speak for another cluster, even one that trusts it.
	other := proposerHello
	other.Cluster = "d"
	require.Contains(t, greet(t, e.address, a.issue(RoleProposer, "p1"), other), certificate.ErrName.Error())
}

// A stream without a certificate of the cluster, or in plaintext, gets no word.
func TestStreamsOfStrangersAreNotServed(t *testing.T) {
	a := newAuthority(t, "c")
	e := newSecureEcho(t, "127.0.0.1:0", a.issue(RoleAcceptor, "a1"))
	for name, creds := range map[string]credentials.TransportCredentials{
		"no certificate":      nil,
		"another authority's": newAuthority(t, "c").issue(RoleProposer, "p1"),
	} {
		s, err := dialStream(t.Context(), e.address, creds)
		if err == nil {
			s.send(&frame{hello: &proposerHello})
			_, err = s.receiveGreeting()
			s.conn.Close()
		}
		require.Error(t, err, name)
	}
}

// An acceptor's answers are its certificate's, too: a2 cannot stand in for a1.
func TestAnAcceptorIsWhoItsCertificateSays(t *testing.T) {
	a := newAuthority(t, "c")
	for node, role := range map[string]string{"a2": RoleAcceptor, "a1": RoleProposer} {
		e := newSecureEcho(t, "127.0.0.1:0", a.issue(role, node)) // it greets as acceptor a1 all the same
		r := newRaw(t, e.address, a.issue(RoleProposer, "p1"))
		p := &Peer{cfg: PeerConfig{Acceptor: "a1", Self: proposerHello}}
		_, err := p.greet(r.stream)
		require.ErrorIs(t, err, certificate.ErrName, node)
	}
}

// refuseAll is a proposer that has no time for clients.
type refuseAll struct{}

var errNoTime = errors.New("no time")

func (refuseAll) Change(context.Context, *ChangeRequest) (*ChangeReply, error) { return nil, errNoTime }
func (refuseAll) Resolve(context.Context, *ResolveRequest) (*ResolveReply, error) {
	return nil, errNoTime
}
func (refuseAll) Read(context.Context, *ReadRequest) (*EntryReply, error)     { return nil, errNoTime }
func (refuseAll) Request(context.Context, *EntryRequest) (*EntryReply, error) { return nil, errNoTime }

// Changes are for the cluster's clients: nodes have their own way, and may not pass for clients.
func TestClientsNeedAClientsCertificate(t *testing.T) {
	a := newAuthority(t, "c")
	creds := a.issue(RoleProposer, "p1")
	s := NewServer()
	RegisterClientService(s, "c", refuseAll{})
	l, err := Listen("127.0.0.1:0", creds)
	require.NoError(t, err)
	go s.Serve(l)
	defer s.Stop()
	for role, code := range map[string]codes.Code{
		certificate.Client: codes.Unknown, RoleProposer: codes.PermissionDenied, RoleAcceptor: codes.PermissionDenied,
	} {
		conn, err := Dial(l.Addr().String(), a.issue(role, "x"))
		require.NoError(t, err)
		_, err = Change(t.Context(), conn, &ChangeRequest{})
		require.Equal(t, code, status.Code(err), "%s: %v", role, err)
		require.Equal(t, code == codes.Unknown, strings.Contains(err.Error(), errNoTime.Error()))
		_, err = Resolve(t.Context(), conn, &ResolveRequest{})
		require.Equal(t, code, status.Code(err), role)
		_, err = Read(t.Context(), conn, &ReadRequest{})
		require.Equal(t, code, status.Code(err), role)
		_, err = Request(t.Context(), conn, &EntryRequest{})
		require.Equal(t, code, status.Code(err), role)
		require.NoError(t, conn.Close())
	}
}
