// Introspection: commands about the server.

package keyvalue

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"synod/impl/resp"
)

func serverCommands() []command {
	return []command{
		{name: "command", arity: -1, group: "server", summary: "Lists the commands.", serve: serveCommand},
		{name: "config", arity: -2, group: "server", summary: "Gives settings.", serve: serveConfig},
		{name: "info", arity: -1, group: "server", summary: "Tells about the server.", serve: serveInfo},
		{name: "dbsize", arity: 1, group: "server", summary: "Counts the keys, by reading each.", serve: serveDBSize},
		{name: "scan", arity: -2, group: "generic", summary: "Lists keys, some at a time.", serve: serveScan},
	}
}

// settings are what CONFIG GET tells, in Redis's names and terms: every answered change is on a quorum's disks.
var settings = [][2]string{
	{"appendfsync", "always"},
	{"appendonly", "yes"},
	{"databases", "1"},
	{"maxmemory", "0"},
	{"proto-max-bulk-len", fmt.Sprint(MaxValue)},
	{"save", ""},
	{"timeout", "0"},
}

func serveConfig(c *call) {
	switch {
	case !is(c.Args[1], "get"):
		c.reply(unknownSubcommand(c))
		return
	case len(c.Args) < 3:
		c.reply(wrongNumber("config|get"))
		return
	}
	var list []resp.Reply
	for _, s := range settings {
		if slices.ContainsFunc(c.Args[2:], func(p []byte) bool { return matches(bytes.ToLower(p), []byte(s[0])) }) {
			list = append(list, resp.Text(s[0]), resp.Text(s[1]))
		}
	}
	c.reply(resp.Map(list...))
}

// serveInfo is INFO with the sections that are asked for, all if none is.
func serveInfo(c *call) {
	h := c.session.handler
	var stats resp.Stats
	if h.cfg.Stats != nil {
		stats = h.cfg.Stats()
	}
	sections := []struct{ name, text string }{
		{"Server", fmt.Sprintf("server_name:synod\r\nsynod_version:%s\r\nredis_version:7.0.0\r\nredis_mode:standalone\r\nnode:%s\r\nuptime_in_seconds:%d\r\n",
			h.cfg.Version, h.cfg.Node, int(time.Since(h.started).Seconds()))},
		{"Clients", fmt.Sprintf("connected_clients:%d\r\n", stats.Connections)},
		{"Stats", fmt.Sprintf("total_connections_received:%d\r\ntotal_commands_processed:%d\r\nrejected_connections:%d\r\n",
			stats.Accepted, stats.Requests, stats.Rejected)},
		{"Replication", "role:master\r\n"},
	}
	wanted := func(name string) bool {
		return len(c.Args) == 1 || slices.ContainsFunc(c.Args[1:], func(arg []byte) bool {
			return is(arg, name) || is(arg, "all") || is(arg, "default") || is(arg, "everything")
		})
	}
	var parts []string
	for _, s := range sections {
		if wanted(s.name) {
			parts = append(parts, "# "+s.name+"\r\n"+s.text)
		}
	}
	c.reply(resp.Verbatim(strings.Join(parts, "\r\n")))
}
