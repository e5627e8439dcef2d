// Join: the files of a machine whose acceptor is to become a member of a cluster.

package deployment

import (
	"errors"
	"net"
	"os"
	"path/filepath"

	"synod/impl/certificate"
)

// Join writes the files of a machine that runs one acceptor into a folder that is empty or not there. The cluster is that
// of another machine's file; authority is the folder with the key that signs certificates.
func Join(dir string, like *File, authority, id, address string) error {
	if err := empty(dir); err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if like.TLS.CA == "" {
		return errors.New("the cluster has no certificates: its acceptors are started with synod serve acceptor -join")
	}
	ca, err := os.ReadFile(filepath.Join(authority, "ca.crt"))
	if err != nil {
		return err
	}
	key, err := os.ReadFile(filepath.Join(authority, "ca.key"))
	if err != nil {
		return err
	}
	signer, err := certificate.ReadAuthority(like.Cluster.Name, certificate.Pair{Certificate: ca, Key: key})
	if err != nil {
		return err
	}
	w := &writer{dir: dir}
	w.issue(signer, ".", id, certificate.Acceptor, host, "127.0.0.1", "localhost")
	w.write("ca.crt", ca, 0o644)
	w.configure("synod.toml", File{
		Log: like.Log, Cluster: like.Cluster, TLS: TLS{CA: "ca.crt"},
		Acceptor: &Node{ID: id, Listen: address, Data: "data/" + id, Certificate: id + ".crt", Key: id + ".key", Join: true},
	})
	return w.err
}
