// A bank on three replicas: what a program of one's own looks like.

package replica_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"synod/impl/replica"
)

// bank holds accounts by name. A command pays into one: "alice 30".
type bank map[string]int

func (b bank) Apply(command string) string {
	var name string
	var amount int
	fmt.Sscan(command, &name, &amount)
	b[name] += amount
	return fmt.Sprint(b[name])
}

func (b bank) Snapshot() string { text, _ := json.Marshal(b); return string(text) }

func (b bank) Restore(snapshot string) error {
	clear(b)
	return json.Unmarshal([]byte(snapshot), &b)
}

func Example() {
	folder, _ := os.MkdirTemp("", "bank")
	defer os.RemoveAll(folder)
	cluster := replica.Cluster{Name: "bank", Replicas: map[string]uint32{"r1": 1, "r2": 2, "r3": 3}}
	addresses := map[string]string{"r1": free(), "r2": free(), "r3": free()} // a real cluster knows them
	replicas := map[string]*replica.Replica{}
	for id, address := range addresses {
		r, err := replica.Start(replica.Config{
			ID: id, Cluster: cluster, Addresses: addresses, Listen: address, DataDir: filepath.Join(folder, id), Machine: bank{},
		})
		if err != nil {
			panic(err)
		}
		defer r.Stop()
		replicas[id] = r
	}
	for _, id := range []string{"r1", "r2", "r3"} { // any of them will do: requests find the leader
		balance, err := replicas[id].Submit(context.Background(), "alice 30")
		fmt.Println(balance, err)
	}
	// Output:
	// 30 <nil>
	// 60 <nil>
	// 90 <nil>
}

// free gives an address on this machine that nobody listens on.
func free() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().String()
}
