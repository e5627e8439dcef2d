// Configuration files: what one machine runs of a cluster, or how a client reaches it.

// Package deployment reads and writes what the service's processes and clients are given as files: configuration in
// TOML, keys and certificates. Read reads a file; Init writes all files of a new cluster.
package deployment

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"synod/impl/replica"
	"synod/impl/server"
)

// File is a configuration file. Paths in it are relative to its folder.
type File struct {
	Insecure bool `toml:"insecure,omitempty" comment:"plaintext between nodes, on loopback only"`
	// GCPercent is what the environment variable GOGC sets otherwise.
	GCPercent int       `toml:"gc_percent,omitempty" comment:"collect garbage when there is so much, in percent of what is in use; more is faster and takes more memory"`
	Log       Log       `toml:"log,omitempty"`
	Cluster   Cluster   `toml:"cluster"`
	TLS       TLS       `toml:"tls,omitempty"`
	Acceptor  *Node     `toml:"acceptor,omitempty"`
	Proposer  *Node     `toml:"proposer,omitempty"`
	Replica   *Node     `toml:"replica,omitempty"`
	RESP      *RESP     `toml:"resp,omitempty"`
	Admin     *Admin    `toml:"admin,omitempty"`
	Client    *Client   `toml:"client,omitempty"`
	Operator  *Operator `toml:"operator,omitempty"`
	folder    string    // of the file
	place     func(section, name string) string
}

// Log says what a node tells.
type Log struct {
	Level  string `toml:"level,omitempty" comment:"debug, info, warn or error"`
	Format string `toml:"format,omitempty" comment:"text or json"`
}

// Cluster says who takes part. It is the same in all of a cluster's files.
type Cluster struct {
	Name      string              `toml:"name" comment:"it is in every certificate"`
	Scheme    string              `toml:"scheme,omitempty"`
	Stride    uint32              `toml:"stride,omitempty" comment:"no proposer's or replica's id is larger"`
	Acceptors map[string]string   `toml:"acceptors,omitempty" comment:"where proposers reach them"`
	Proposers map[string]Proposer `toml:"proposers,omitempty"`
	Replicas  map[string]Proposer `toml:"replicas,omitempty" comment:"of a log: then there are no acceptors and proposers"`
	// The quorums of a log; 0 is a majority.
	PrepareQuorum int `toml:"prepare_quorum,omitempty" comment:"how many replicas have to promise before one leads; with those of accept_quorum more than there are; left out, a majority"`
	AcceptQuorum  int `toml:"accept_quorum,omitempty" comment:"how many have to accept what the leader proposes; left out, a majority"`
	Groups        int `toml:"groups,omitempty" comment:"how many logs share out the keys; left out, there is one for all"`
}

// Proposer is a proposer or a replica of the cluster.
type Proposer struct {
	ID      uint32 `toml:"id"`
	Address string `toml:"address,omitempty"`
}

// TLS says which authority signs the cluster's certificates.
type TLS struct {
	CA string `toml:"ca,omitempty"`
}

// Node is an acceptor, a proposer or a replica that this machine runs.
type Node struct {
	ID           string `toml:"id"`
	Listen       string `toml:"listen"`
	Data         string `toml:"data"`
	Trace        string `toml:"trace,omitempty" comment:"append every step to this file"`
	TraceSample  int    `toml:"trace_sample,omitempty" comment:"trace one key in so many: the same number at all nodes, for as long as they have their traces"`
	Cache        int    `toml:"cache_mb,omitempty" comment:"acceptors and proposers: megabytes of registers in memory; others are found again on disk. Left out, 256"`
	Certificate  string `toml:"certificate,omitempty"`
	Key          string `toml:"key,omitempty"`
	Join         bool   `toml:"join,omitempty" comment:"on an empty folder: an acceptor that is no founder, or has lost its disk, waits until it is made a member; a replica that has lost its disk until all others have answered"`
	PhaseTimeout string `toml:"phase_timeout,omitempty" comment:"proposers: how long each phase of a round waits for a quorum"`
	// ElectionTimeout is how long a replica waits for a leader's word before it wants to lead, up to twice as long.
	ElectionTimeout string `toml:"election_timeout,omitempty" comment:"replicas: how long no leader is heard before another wants to lead"`
	Lease           string `toml:"lease,omitempty" comment:"replicas: for how long a leader may answer reads without asking the others, after they granted it that; the same at all"`
	ClockError      string `toml:"clock_error,omitempty" comment:"replicas: what the clocks of two may differ by, over a lease; left out, a tenth of it"`
	SweepInterval   string `toml:"sweep_interval,omitempty" comment:"proposers: the pause between sweeps for deletions and expired keys to erase"`
}

// RESP is where this machine's proposer or replica serves Redis clients.
type RESP struct {
	Listen         string `toml:"listen"`
	Plaintext      bool   `toml:"plaintext,omitempty" comment:"on loopback only; a password is needed all the same unless insecure is set"`
	PasswordFile   string `toml:"password_file,omitempty" comment:"the file that holds the password of the user default"`
	MaxConnections int    `toml:"max_connections,omitempty"`
}

// Admin is where the process tells how it is, without any protection: on loopback only.
type Admin struct {
	Listen string `toml:"listen"`
}

// Operator is who may change the cluster's membership.
type Operator struct {
	ID          string `toml:"id" comment:"its name in the certificate"`
	Certificate string `toml:"certificate"`
	Key         string `toml:"key"`
}

// Client is how a client reaches the cluster.
type Client struct {
	ID           string   `toml:"id,omitempty" comment:"its name in the certificate"`
	Servers      []string `toml:"servers" comment:"RESP addresses of proposers; any of them will do"`
	Certificate  string   `toml:"certificate,omitempty"`
	Key          string   `toml:"key,omitempty"`
	PasswordFile string   `toml:"password_file,omitempty"`
}

// Read reads a configuration file. Each override, such as proposer.data=/var/lib/synod, replaces what the file says;
// later ones win.
func Read(path string, overrides ...string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if isYAML(path) {
		if text, err = fromYAML(text); err != nil {
			return nil, fmt.Errorf("%s:%w", path, err)
		}
	}
	f, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	if len(overrides) > 0 {
		if f, err = override(text, overrides); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	f.folder = filepath.Dir(path)
	f.place = func(section, name string) string {
		if line := lineOf(string(text), section, name); line > 0 && len(overrides) == 0 {
			return fmt.Sprintf("%s:%d: [%s] %s", path, line, section, name)
		}
		return fmt.Sprintf("%s: [%s] %s", path, section, name)
	}
	return f, nil
}

// lineOf finds the line of a setting, from 1; 0 is none that is written so.
func lineOf(text, section, name string) int {
	in := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		key, _, ok := strings.Cut(line, "=")
		if key = strings.TrimSpace(key); ok && (in == section && key == name || in == "" && key == section+"."+name) {
			return i + 1
		}
		if head, ok := strings.CutPrefix(line, "["); ok {
			in, _, _ = strings.Cut(head, "]")
		}
	}
	return 0
}

// parse reads a file's text. Errors begin with line:column.
func parse(text []byte) (*File, error) {
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	f := new(File)
	err := d.Decode(f)
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		line, column := unknown.Errors[0].Position()
		return nil, fmt.Errorf("%d:%d: there is no setting %s", line, column, strings.Join(unknown.Errors[0].Key(), "."))
	case errors.As(err, &wrong):
		line, column := wrong.Position()
		return nil, fmt.Errorf("%d:%d: %s", line, column, strings.TrimPrefix(wrong.Error(), "toml: "))
	case err != nil:
		return nil, fmt.Errorf("1:1: %w", err)
	}
	return f, nil
}

// override reads a file's text with some settings replaced.
func override(text []byte, overrides []string) (*File, error) {
	tree := map[string]any{}
	if err := toml.Unmarshal(text, &tree); err != nil {
		return nil, err
	}
	for _, o := range overrides {
		path, value, ok := strings.Cut(o, "=")
		if !ok || path == "" {
			return nil, fmt.Errorf("setting %q is not section.name=value", o)
		}
		if err := put(tree, strings.Split(path, "."), scalar(value)); err != nil {
			return nil, fmt.Errorf("setting %q: %w", o, err)
		}
	}
	text, err := toml.Marshal(tree)
	if err != nil {
		return nil, err
	}
	f, err := parse(text)
	if err != nil { // its place is in a text that nobody has seen
		_, what, _ := strings.Cut(err.Error(), ": ")
		return nil, fmt.Errorf("with %s: %s", strings.Join(overrides, ", "), what)
	}
	return f, nil
}

// scalar reads a value as TOML has it, and anything else as a string.
func scalar(value string) any {
	var one struct{ Value any }
	if toml.Unmarshal([]byte("Value = "+value), &one) == nil {
		return one.Value
	}
	return value
}

func put(tree map[string]any, path []string, value any) error {
	for _, name := range path[:len(path)-1] {
		if tree[name] == nil {
			tree[name] = map[string]any{}
		}
		below, ok := tree[name].(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no section", name)
		}
		tree = below
	}
	tree[path[len(path)-1]] = value
	return nil
}

// EnvironmentPrefix begins the names of environment variables that are settings.
const EnvironmentPrefix = "SYNOD_"

// sections are the parts of a file that the environment can speak of.
var sections = []string{"log", "cluster", "tls", "acceptor", "proposer", "replica", "resp", "admin", "client"}

// Overrides gives the settings in an environment: SYNOD_PROPOSER_DATA=x is proposer.data=x, SYNOD_INSECURE is insecure.
func Overrides(environment []string) (overrides []string) {
	for _, e := range environment {
		name, value, _ := strings.Cut(e, "=")
		name, ours := strings.CutPrefix(name, EnvironmentPrefix)
		if !ours {
			continue
		}
		name = strings.ToLower(name)
		section, rest, found := strings.Cut(name, "_")
		switch {
		case name == "insecure":
			overrides = append(overrides, "insecure="+value)
		case found && slices.Contains(sections, section):
			overrides = append(overrides, section+"."+rest+"="+value)
		}
	}
	slices.Sort(overrides)
	return overrides
}

// at gives a path of the file from where the process stands.
func (f *File) at(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.folder, path)
}

// Validate tells what is wrong with a file that is to be served.
func (f *File) Validate() error {
	nodes := map[string]*Node{"acceptor": f.Acceptor, "proposer": f.Proposer, "replica": f.Replica}
	maps.DeleteFunc(nodes, func(_ string, n *Node) bool { return n == nil })
	if len(nodes) == 0 {
		return errors.New("there is neither an [acceptor] nor a [proposer] nor a [replica] to serve")
	}
	if f.Replica != nil && len(nodes) > 1 {
		return errors.New("a [replica] has a cluster without an [acceptor] or a [proposer]")
	}
	if f.RESP != nil && f.Proposer == nil && f.Replica == nil {
		return errors.New("[resp] is for a proposer or a replica, and there is neither a [proposer] nor a [replica]")
	}
	certified := f.TLS.CA != ""
	for _, n := range nodes {
		certified = certified || n.Certificate != ""
	}
	if f.Insecure && certified {
		return errors.New("insecure is set and there are certificates: which is meant?")
	}
	if !f.Insecure && f.TLS.CA == "" {
		return errors.New("[tls] has no ca: without certificates nodes speak plaintext, on loopback, and only with insecure = true")
	}
	for section, n := range nodes {
		switch {
		case n.ID == "":
			return fmt.Errorf("[%s] has no id", section)
		case n.Listen == "":
			return fmt.Errorf("[%s] has no listen", section)
		case n.Data == "":
			return fmt.Errorf("[%s] has no data", section)
		case !f.Insecure && (n.Certificate == "" || n.Key == ""):
			return fmt.Errorf("[%s] has no certificate and key", section)
		}
	}
	if f.Replica != nil {
		cluster := f.replicas()
		return cluster.Validate()
	}
	cluster := f.cluster()
	return cluster.Validate()
}

// replicas gives the cluster as replicas take it.
func (f *File) replicas() replica.Cluster {
	c := replica.Cluster{
		Name: f.Cluster.Name, Replicas: map[string]uint32{}, Stride: f.Cluster.Stride,
		PrepareSize: f.Cluster.PrepareQuorum, AcceptSize: f.Cluster.AcceptQuorum,
	}
	for id, r := range f.Cluster.Replicas {
		c.Replicas[id] = r.ID
	}
	return c
}

// cluster gives the cluster as servers take it.
func (f *File) cluster() server.Cluster {
	c := server.Cluster{
		Name: f.Cluster.Name, Proposers: map[string]uint32{}, Scheme: f.Cluster.Scheme, Stride: f.Cluster.Stride,
	}
	if c.Scheme == "" {
		c.Scheme = "pair"
	}
	if c.Stride == 0 {
		c.Stride = 16
	}
	for id := range f.Cluster.Acceptors {
		c.Acceptors = append(c.Acceptors, id)
	}
	slices.Sort(c.Acceptors)
	for id, p := range f.Cluster.Proposers {
		c.Proposers[id] = p.ID
	}
	return c
}

// span reads a time of a section.
func (f *File) span(section, name, text string, otherwise time.Duration) (time.Duration, error) {
	if text == "" {
		return otherwise, nil
	}
	d, err := time.ParseDuration(text)
	if err == nil && d <= 0 {
		err = errors.New("it is not positive")
	}
	if err != nil {
		return 0, fmt.Errorf("%s %q: %w", f.place(section, name), text, err)
	}
	return d, nil
}
