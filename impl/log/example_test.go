// A bank on three replicas in one process: what a program of one's own looks like.

package log_test

import (
	"fmt"

	"synod/impl/log"
	"synod/impl/paxos"
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

func (b bank) Snapshot() string { return fmt.Sprint(len(b), b["alice"], b["bob"]) }

func (b bank) Restore(snapshot string) error {
	var n, alice, bob int
	_, err := fmt.Sscan(snapshot, &n, &alice, &bob)
	b["alice"], b["bob"] = alice, bob
	return err
}

func Example() {
	replicas := map[string]*log.Replica{}
	ids := []string{"r1", "r2", "r3"}
	for i, id := range ids {
		replicas[id], _, _ = log.New(log.Config{
			ID: id, Replicas: ids, Scheme: paxos.Pair{ID: uint32(i + 1), Stride: 3},
			Window: 8, BatchSize: 8, ElectionTicks: 10, HeartbeatTicks: 2, Run: 1,
		}, bank{}, log.Disk{})
	}
	// A real caller persists, records and sends; here nothing fails, and messages arrive at once.
	var do func(e log.Effects)
	do = func(e log.Effects) {
		for _, a := range e.Answers {
			fmt.Println(a.Command.Body, "->", a.Result)
		}
		for _, m := range e.Send {
			do(replicas[m.To].Receive(m))
		}
	}
	for range 10 {
		do(replicas["r1"].Tick(0))
	}
	do(replicas["r1"].Submit(log.Command{Client: "c", Number: 1, Body: "alice 30"}))
	do(replicas["r1"].Submit(log.Command{Client: "c", Number: 2, Body: "bob 5"}))
	do(replicas["r1"].Submit(log.Command{Client: "c", Number: 2, Body: "bob 5"})) // asked again, paid once
	// Output:
	// alice 30 -> 30
	// bob 5 -> 5
	// bob 5 -> 5
}
