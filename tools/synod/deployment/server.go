// Servers: from a configuration file to what the nodes of one machine need.

package deployment

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"google.golang.org/grpc/credentials"

	"synod/impl/certificate"
	"synod/impl/replica"
	"synod/impl/resp"
	"synod/impl/server"
)

// Logger makes a log of what the settings ask for.
func (l Log) Logger(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if l.Level != "" {
		if err := level.UnmarshalText([]byte(l.Level)); err != nil {
			return nil, fmt.Errorf("log level %q is none of debug, info, warn and error", l.Level)
		}
	}
	options := &slog.HandlerOptions{Level: level}
	switch l.Format {
	case "", "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, fmt.Errorf("log format %q is neither text nor json", l.Format)
}

// node gives what acceptors and proposers need alike.
func (f *File) node(n *Node, role string) (server.Node, *tls.Config, error) {
	out := server.Node{
		ID: n.ID, Cluster: f.cluster(), Listen: n.Listen, DataDir: f.at(n.Data), TracePath: f.at(n.Trace),
		TraceSample: n.TraceSample, Cache: n.Cache << 20,
	}
	for name, number := range map[string]int{"cache_mb": n.Cache, "trace_sample": n.TraceSample} {
		if number < 0 {
			return out, nil, fmt.Errorf("%s %d is less than 0", name, number)
		}
	}
	if f.Insecure {
		return out, nil, nil
	}
	cfg, err := f.tls(n, role)
	if err != nil {
		return out, nil, err
	}
	out.Credentials = credentials.NewTLS(cfg)
	return out, cfg, nil
}

// tls gives what a node's certificate is for.
func (f *File) tls(n *Node, role string) (*tls.Config, error) {
	name := certificate.Name{Cluster: f.Cluster.Name, Role: role, Node: n.ID}
	return certificate.Load(f.at(f.TLS.CA), f.at(n.Certificate), f.at(n.Key), name)
}

// ReplicaConfig gives what this machine's replica needs. Its machine and log are the caller's.
func (f *File) ReplicaConfig() (out replica.Config, err error) {
	n := f.Replica
	out = replica.Config{
		ID: n.ID, Cluster: f.replicas(), Addresses: map[string]string{}, Listen: n.Listen, DataDir: f.at(n.Data), TracePath: f.at(n.Trace), Join: n.Join,
	}
	for id, r := range f.Cluster.Replicas {
		out.Addresses[id] = r.Address
	}
	timeout, err := f.span("replica", "election_timeout", n.ElectionTimeout, replica.DefaultTick*replica.DefaultElectionTicks)
	if err != nil {
		return out, err
	}
	if out.Tick = timeout / replica.DefaultElectionTicks; out.Tick < time.Millisecond {
		return out, fmt.Errorf("%s %v is less than %d ms", f.place("replica", "election_timeout"), timeout, replica.DefaultElectionTicks)
	}
	if out.LeaseTerm, err = f.span("replica", "lease", n.Lease, 0); err != nil {
		return out, err
	}
	if out.ClockError, err = f.span("replica", "clock_error", n.ClockError, 0); err != nil {
		return out, err
	}
	if err = out.CheckLease(); err != nil {
		setting := "lease"
		if n.ClockError != "" {
			setting = "clock_error"
		}
		return out, fmt.Errorf("%s: %w", f.place("replica", setting), err)
	}
	if !f.Insecure {
		out.TLS, err = f.tls(n, certificate.Replica)
	}
	return out, err
}

// AcceptorConfig gives what this machine's acceptor needs. Its log and callbacks are the caller's.
func (f *File) AcceptorConfig() (server.AcceptorConfig, error) {
	n, _, err := f.node(f.Acceptor, certificate.Acceptor)
	return server.AcceptorConfig{Node: n, Joins: f.Acceptor.Join}, err
}

// ProposerConfig gives what this machine's proposer needs. Its log and callbacks are the caller's.
func (f *File) ProposerConfig() (server.ProposerConfig, error) {
	n, _, err := f.node(f.Proposer, certificate.Proposer)
	if err != nil {
		return server.ProposerConfig{}, err
	}
	out := server.ProposerConfig{Node: n, Addresses: f.Cluster.Acceptors}
	if out.PhaseTimeout, err = f.span("proposer", "phase_timeout", f.Proposer.PhaseTimeout, server.DefaultPhaseTimeout); err != nil {
		return out, err
	}
	out.SweepInterval, err = f.span("proposer", "sweep_interval", f.Proposer.SweepInterval, server.DefaultSweepInterval)
	return out, err
}

// Front is what the RESP port needs.
type Front struct {
	Listen   string
	TLS      *tls.Config // nil is plaintext
	Password string      // "" is none
	Closed   bool        // clients must log in
	Limits   resp.Limits
	Cluster  string
}

// Trust reports whether a client's certificate lets it in without a password.
func (f Front) Trust(c *x509.Certificate) bool {
	n, err := certificate.Of(c)
	return err == nil && n.Role == certificate.Client && n.Cluster == f.Cluster
}

// Front gives what the RESP port needs, nil if the file has none. Clients log in by a password or a certificate;
// only a plaintext port of an insecure node lets everybody on the machine in.
func (f *File) Front() (*Front, error) {
	r := f.RESP
	if r == nil {
		return nil, nil
	}
	if r.Listen == "" {
		return nil, errors.New("[resp] has no listen")
	}
	out := &Front{Listen: r.Listen, Cluster: f.Cluster.Name, Closed: !f.Insecure}
	out.Limits.Connections = r.MaxConnections
	var err error
	if r.PasswordFile != "" {
		if out.Password, err = readPassword(f.at(r.PasswordFile)); err != nil {
			return nil, err
		}
	}
	plaintext := r.Plaintext || f.Insecure
	if plaintext && out.Password == "" && !f.Insecure {
		return nil, errors.New("[resp] is plaintext and has no password_file: nobody could log in")
	}
	if plaintext {
		return out, nil
	}
	node, role := f.Proposer, certificate.Proposer
	if f.Replica != nil {
		node, role = f.Replica, certificate.Replica
	}
	if out.TLS, err = f.tls(node, role); err != nil {
		return nil, err
	}
	// A client may come without a certificate and log in by the password.
	out.TLS.ClientAuth = tls.VerifyClientCertIfGiven
	return out, nil
}

// Addresses lists the nodes of the cluster's file by name, for a client that asks each how it is.
func (f *File) Addresses() map[string]string {
	all := map[string]string{}
	for id, a := range f.Cluster.Acceptors {
		all[id] = a
	}
	for _, group := range []map[string]Proposer{f.Cluster.Proposers, f.Cluster.Replicas} {
		for id, p := range group {
			if strings.TrimSpace(p.Address) != "" {
				all[id] = p.Address
			}
		}
	}
	return all
}
