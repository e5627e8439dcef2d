// Clients: one request to whichever proposer can be reached, and what is known of it afterwards.

package deployment

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"synod/impl/certificate"
	"synod/impl/resp"
)

// Access is how a client reaches proposers.
type Access struct {
	Servers  []string    // RESP addresses
	TLS      *tls.Config // nil is plaintext
	Password string      // "" sends none
}

// Access gives what a client's file says.
func (f *File) Access() (Access, error) {
	c := f.Client
	if c == nil || len(c.Servers) == 0 {
		return Access{}, errors.New("there is no [client] with servers")
	}
	a := Access{Servers: c.Servers}
	var err error
	if a.TLS, err = f.ClientTLS(); err != nil {
		return Access{}, err
	}
	if c.PasswordFile != "" {
		if a.Password, err = readPassword(f.at(c.PasswordFile)); err != nil {
			return Access{}, err
		}
	}
	return a, nil
}

// ClientTLS gives the client's side of TLS: nil without an authority. A server must show the certificate of a node of
// the cluster.
func (f *File) ClientTLS() (*tls.Config, error) {
	c := f.Client
	if f.TLS.CA == "" {
		return nil, nil
	}
	name := certificate.Name{Cluster: f.Cluster.Name, Role: certificate.Client, Node: c.ID}
	cfg, err := certificate.Load(f.at(f.TLS.CA), f.at(c.Certificate), f.at(c.Key), name)
	if err != nil {
		return nil, err
	}
	f.expectNodes(cfg)
	return cfg, nil
}

// OperatorTLS is ClientTLS for an operator's file.
func (f *File) OperatorTLS() (*tls.Config, error) {
	o := f.Operator
	if o == nil {
		return nil, errors.New("there is no [operator]")
	}
	if f.TLS.CA == "" {
		return nil, nil
	}
	name := certificate.Name{Cluster: f.Cluster.Name, Role: certificate.Operator, Node: o.ID}
	cfg, err := certificate.Load(f.at(f.TLS.CA), f.at(o.Certificate), f.at(o.Key), name)
	if err != nil {
		return nil, err
	}
	f.expectNodes(cfg)
	return cfg, nil
}

// expectNodes refuses servers that are no nodes of the cluster.
func (f *File) expectNodes(cfg *tls.Config) {
	cfg.VerifyConnection = func(s tls.ConnectionState) error {
		found, err := certificate.Of(s.PeerCertificates[0])
		node := found.Role != certificate.Client && found.Role != certificate.Operator
		if err == nil && (found.Cluster != f.Cluster.Name || !node) {
			err = fmt.Errorf("%w a node of cluster %s: it is that of %s", certificate.ErrName, f.Cluster.Name, found)
		}
		return err
	}
}

// readPassword reads the first line of a file that others cannot read.
func readPassword(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s can be read by others: chmod 600 it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "", fmt.Errorf("%s holds no password", path)
	}
	return line, nil
}

// Errors of Ask. Everything else it returns is a reply.
var (
	ErrRejected = errors.New("nothing was changed")
	ErrUnknown  = errors.New("it is not known whether it was done")
)

// Ask asks one request of the first server that answers, and of the next one as long as it is sure that nothing was
// done. harmless says that the request changes nothing, so that it can be asked again in any case. It gives up when
// ctx ends, or when there is less time left than a server has already tried in vain: then it says what that server said.
func (a Access) Ask(ctx context.Context, harmless bool, args ...string) (resp.Reply, error) {
	pause := 10 * time.Millisecond
	var told error // a server's word
	var took time.Duration
	for i := 0; ; i++ {
		address := a.Servers[i%len(a.Servers)]
		begun := time.Now()
		r, sent, err := a.ask(ctx, address, args)
		switch {
		case err == nil && strings.HasPrefix(r.Text, "UNKNOWN ") && r.IsError():
			return r, fmt.Errorf("%w: %s", ErrUnknown, r.Text)
		case err == nil && !(r.IsError() && strings.HasPrefix(r.Text, "TRYAGAIN ")):
			return r, nil
		case err != nil && sent && !harmless:
			return r, fmt.Errorf("%w: %s: %w", ErrUnknown, address, err)
		case err == nil:
			told, took = fmt.Errorf("%s: %s", address, r.Text), time.Since(begun)
		default:
			err = fmt.Errorf("%s: %w", address, err)
		}
		if i%len(a.Servers) < len(a.Servers)-1 && ctx.Err() == nil {
			continue
		}
		if until, ok := ctx.Deadline(); told != nil && ok && time.Until(until) < took {
			return r, fmt.Errorf("%w: %w", ErrRejected, told)
		}
		select {
		case <-ctx.Done():
			return r, fmt.Errorf("%w: %w", ErrRejected, cmp.Or(told, err))
		case <-time.After(pause):
			pause *= 2
		}
	}
}

// dialTimeout is how long one server may take to accept a connection: another one may be well.
const dialTimeout = 2 * time.Second

// ask asks one server. sent tells whether it may have received the request.
func (a Access) ask(ctx context.Context, address string, args []string) (_ resp.Reply, sent bool, err error) {
	dialing, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c, err := resp.Dial(dialing, address, a.TLS)
	if err != nil {
		return resp.Reply{}, false, err
	}
	defer c.Close()
	if deadline, ok := ctx.Deadline(); ok {
		c.SetDeadline(deadline)
	}
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if a.Password != "" {
		r, err := c.Do("AUTH", a.Password)
		if err != nil {
			return resp.Reply{}, false, err
		}
		if r.IsError() {
			return r, false, nil
		}
	}
	r, err := c.Do(args...)
	return r, true, err
}
