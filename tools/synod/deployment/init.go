// Init: the files of a new cluster.

package deployment

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/pelletier/go-toml/v2"

	"synod/impl/certificate"
)

// Plan says what cluster Init makes: three machines, each with an acceptor and a proposer, or with a replica.
type Plan struct {
	Name     string   // of the cluster; "" makes one up
	Hosts    []string // where the machines are: three names or addresses, or one for all
	Replicas bool     // each machine runs a replica of a log
	Groups   int      // or of each of so many logs, which share out the keys
}

// Machines is how many machines a new cluster has.
const Machines = 3

// Ports of the first machine. Machines that share a host take the next ones.
const (
	acceptorPort = 7001
	proposerPort = 7101
	replicaPort  = 7201
	respPort     = 6381
	adminPort    = 9101
)

// Init writes the files of a new cluster into a folder that is empty or not there: for each machine a folder with its
// configuration, keys and certificates and nobody else's, the same for a client, and the authority's key, which no
// process needs. It returns the cluster's name.
func Init(dir string, p Plan) (name string, err error) {
	if err := p.complete(); err != nil {
		return "", err
	}
	if err := empty(dir); err != nil {
		return "", err
	}
	authority, ca, err := certificate.NewAuthority(p.Name)
	if err != nil {
		return "", err
	}
	w := &writer{dir: dir}
	w.write("authority/ca.crt", ca.Certificate, 0o644)
	w.write("authority/ca.key", ca.Key, 0o600)
	password := []byte(token(16) + "\n")
	for i := range Machines {
		machine := fmt.Sprintf("node%d", i+1)
		hosts := p.names(i)
		for role, id := range p.roles(i) {
			w.issue(authority, machine, id, role, hosts...)
		}
		w.write(machine+"/ca.crt", ca.Certificate, 0o644)
		w.write(machine+"/password", password, 0o600)
		w.configure(machine+"/synod.toml", p.node(i))
	}
	w.issue(authority, "client", "client", certificate.Client)
	w.write("client/ca.crt", ca.Certificate, 0o644)
	w.write("client/password", password, 0o600)
	w.configure("client/synod.toml", p.client())
	w.issue(authority, "operator", "operator", certificate.Operator)
	w.write("operator/ca.crt", ca.Certificate, 0o644)
	w.configure("operator/synod.toml", File{
		Cluster: p.cluster(), TLS: TLS{CA: "ca.crt"}, Operator: &Operator{ID: "operator", Certificate: "operator.crt", Key: "operator.key"},
	})
	return p.Name, w.err
}

func (p *Plan) complete() error {
	if p.Name == "" {
		p.Name = "synod-" + token(4)
	}
	if len(p.Hosts) == 0 {
		p.Hosts = []string{"127.0.0.1"}
	}
	if len(p.Hosts) == 1 {
		p.Hosts = []string{p.Hosts[0], p.Hosts[0], p.Hosts[0]}
	}
	if len(p.Hosts) != Machines {
		return fmt.Errorf("%d hosts are given: %d are needed, or one for all", len(p.Hosts), Machines)
	}
	for _, h := range p.Hosts {
		if _, _, err := net.SplitHostPort(net.JoinHostPort(h, "1")); err != nil || h == "" {
			return fmt.Errorf("host %q is no name or address", h)
		}
	}
	return nil
}

// token makes up a word of so many random bytes.
func token(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// roles gives the names of what a machine runs.
func (p *Plan) roles(i int) map[string]string {
	if p.Replicas {
		return map[string]string{certificate.Replica: nodeID("r", i)}
	}
	return map[string]string{certificate.Acceptor: nodeID("a", i), certificate.Proposer: nodeID("p", i)}
}

func nodeID(letter string, i int) string { return letter + strconv.Itoa(i+1) }

// names gives the hosts that a machine's certificates are for.
func (p *Plan) names(i int) []string {
	names := []string{p.Hosts[i]}
	for _, local := range []string{"127.0.0.1", "localhost"} {
		if !slices.Contains(names, local) {
			names = append(names, local)
		}
	}
	return names
}

// address gives where a machine has one of its ports.
func (p *Plan) address(i, port int) string {
	return net.JoinHostPort(p.Hosts[i], strconv.Itoa(port+slices.Index(p.same(i), i)))
}

// same lists the machines on the same host.
func (p *Plan) same(i int) (machines []int) {
	for j, h := range p.Hosts {
		if h == p.Hosts[i] {
			machines = append(machines, j)
		}
	}
	return machines
}

func (p *Plan) cluster() Cluster {
	if p.Replicas {
		c := Cluster{Name: p.Name, Stride: 16, Replicas: map[string]Proposer{}, Groups: p.Groups}
		for i := range Machines {
			c.Replicas[nodeID("r", i)] = Proposer{ID: uint32(i + 1), Address: p.address(i, replicaPort)}
		}
		return c
	}
	c := Cluster{Name: p.Name, Scheme: "pair", Stride: 16, Acceptors: map[string]string{}, Proposers: map[string]Proposer{}}
	for i := range Machines {
		c.Acceptors[nodeID("a", i)] = p.address(i, acceptorPort)
		c.Proposers[nodeID("p", i)] = Proposer{ID: uint32(i + 1), Address: p.address(i, proposerPort)}
	}
	return c
}

// node is the configuration of one machine.
func (p *Plan) node(i int) File {
	part := func(letter string, port int) *Node {
		id := nodeID(letter, i)
		return &Node{ID: id, Listen: p.address(i, port), Data: "data/" + id, Certificate: id + ".crt", Key: id + ".key"}
	}
	_, admin, _ := net.SplitHostPort(p.address(i, adminPort))
	f := File{
		GCPercent: 400, Log: Log{Level: "info"}, Cluster: p.cluster(), TLS: TLS{CA: "ca.crt"},
		RESP:  &RESP{Listen: p.address(i, respPort), PasswordFile: "password"},
		Admin: &Admin{Listen: net.JoinHostPort("127.0.0.1", admin)},
	}
	if p.Replicas {
		f.Replica = part("r", replicaPort)
	} else {
		f.Acceptor, f.Proposer = part("a", acceptorPort), part("p", proposerPort)
	}
	return f
}

// client is the configuration of a client.
func (p *Plan) client() File {
	var servers []string
	for i := range Machines {
		servers = append(servers, p.address(i, respPort))
	}
	return File{
		Cluster: p.cluster(), TLS: TLS{CA: "ca.crt"},
		Client: &Client{ID: "client", Servers: servers, Certificate: "client.crt", Key: "client.key"},
	}
}

// empty makes sure that a folder has nothing in it that could be overwritten.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("folder %s is not empty: a cluster's keys would be overwritten", dir)
	}
	return err
}

// writer writes files until the first error.
type writer struct {
	dir string
	err error
}

func (w *writer) write(name string, text []byte, mode fs.FileMode) {
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	if w.err == nil {
		w.err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if w.err == nil {
		w.err = os.WriteFile(path, text, mode)
	}
}

func (w *writer) issue(a *certificate.Authority, folder, id, role string, hosts ...string) {
	pair, err := a.Issue(id, role, hosts...)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.write(folder+"/"+id+".crt", pair.Certificate, 0o644)
	w.write(folder+"/"+id+".key", pair.Key, 0o600)
}

func (w *writer) configure(name string, f File) {
	text, err := toml.Marshal(f)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.write(name, text, 0o644)
}
