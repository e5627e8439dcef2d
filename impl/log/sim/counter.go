// The machine of the runs, which is an example of one as well.

package sim

import (
	"fmt"
	"strconv"
)

// Counter is a number that clients add to and set: "add 3", "set 5". The result of a command is the number after it.
type Counter struct{ n int64 }

// Apply implements log.Machine.
func (c *Counter) Apply(command string) string {
	switch name, value := parse(command); name {
	case "add":
		c.n += value
	case "set":
		c.n = value
	}
	return c.Value()
}

// Snapshot implements log.Machine.
func (c *Counter) Snapshot() string { return c.Value() }

// Restore implements log.Machine.
func (c *Counter) Restore(snapshot string) (err error) {
	c.n, err = strconv.ParseInt(snapshot, 10, 64)
	return err
}

// Change implements log.Traced.
func (c *Counter) Change(command string) string {
	name, value := parse(command)
	return fmt.Sprintf(`{"name":%q,"value":%d}`, name, value)
}

// Value implements log.Traced.
func (c *Counter) Value() string { return strconv.FormatInt(c.n, 10) }

// parse takes a command apart; what is none adds 0.
func parse(command string) (name string, value int64) {
	if n, _ := fmt.Sscanf(command, "%s %d", &name, &value); n != 2 || name != "set" {
		name = "add"
	}
	return name, value
}
