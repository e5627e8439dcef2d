// Commands: their names, how many arguments they take, and what serves them.

package keyvalue

import (
	"bytes"
	"maps"
	"slices"

	"synod/impl/resp"
)

// property is something to know about a command.
type property uint8

const (
	write       property = 1 << iota // changes keys
	beforeLogin                      // may be asked by strangers
	several                          // takes keys up to its last argument
	pairs                            // takes keys with values by turns
	logged                           // is there only where a replicated machine performs commands
	sharding                         // is there only where keys are in shards
	pure                             // answers what follows from its arguments, and so may stand in a transaction
	direct                           // is there only where each key is a register of its own
)

// command is what clients can ask for.
type command struct {
	name    string // in lower case
	arity   int    // of words, the name included; -n is n or more
	flags   property
	keyed   bool // its first argument is a key
	group   string
	summary string
	serve   func(*call)
}

func (c *command) has(p property) bool { return c.flags&p != 0 }

// fits reports whether the command takes so many words.
func (c *command) fits(words int) bool { return words == c.arity || c.arity < 0 && words >= -c.arity }

// commands are all commands by name. They are made at start because some list the others.
var commands map[string]*command

func init() {
	commands = map[string]*command{}
	for _, c := range slices.Concat(stringCommands(), expiryCommands(), connectionCommands(), serverCommands(), transactionCommands(), lockCommands(), shardCommands(), resolveCommands()) {
		commands[c.name] = &c
	}
}

// names lists the commands that a client of the handler may ask for, in order.
func (h *Handler) names() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(commands)), func(name string) bool { return h.find([]byte(name)) == nil })
}

// find is the function find for a client of the handler.
func (h *Handler) find(name []byte) *command {
	c := find(name)
	if c != nil && (c.has(logged) && h.cfg.Log == nil || c.has(direct) && h.cfg.Log != nil || c.has(sharding) && h.sharded() == nil) {
		return nil
	}
	return c
}

// longest is more than the length of any command's name.
const longest = 32

// find gives the command of a name in any case, nil if there is none.
func find(name []byte) *command {
	var lower [longest]byte
	if len(name) > longest {
		return nil
	}
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return commands[string(lower[:len(name)])]
}

// is reports whether an argument is a word, in any case.
func is(arg []byte, word string) bool {
	return len(arg) == len(word) && bytes.EqualFold(arg, []byte(word))
}

// step is how far the next key is from one, 0 for a command without keys.
func (c *command) step() int {
	switch {
	case !c.keyed:
		return 0
	case c.has(pairs):
		return 2
	}
	return 1
}

// describe gives the command as COMMAND has it: name, arity, flags, where the keys are, and lists that are empty here.
func (c *command) describe() resp.Reply {
	word := "readonly"
	if c.has(write) {
		word = "write"
	}
	flags := []resp.Reply{}
	if c.keyed {
		flags = append(flags, resp.Status(word))
	}
	if c.has(beforeLogin) {
		flags = append(flags, resp.Status("no_auth"))
	}
	first, last := 0, 0
	if c.keyed {
		first, last = 1, 1
	}
	if c.has(several) {
		last = -1
	}
	return resp.Array(
		resp.Text(c.name), resp.Integer(int64(c.arity)), resp.Reply{Kind: resp.KindSet, List: flags},
		resp.Integer(int64(first)), resp.Integer(int64(last)), resp.Integer(int64(c.step())),
		resp.Reply{Kind: resp.KindSet, List: []resp.Reply{resp.Status("@" + c.group)}},
		resp.Array(), resp.Array(), resp.Array(),
	)
}

// document gives the command as COMMAND DOCS has it.
func (c *command) document() resp.Reply {
	return resp.Map(
		resp.Text("summary"), resp.Text(c.summary),
		resp.Text("group"), resp.Text(c.group),
		resp.Text("arity"), resp.Integer(int64(c.arity)),
	)
}

// serveCommand is COMMAND and what may follow it.
func serveCommand(c *call) {
	h := c.session.handler
	all := h.names()
	if len(c.Args) > 2 {
		all = nil
		for _, arg := range c.Args[2:] {
			all = append(all, string(bytes.ToLower(arg)))
		}
	}
	var list []resp.Reply
	switch {
	case len(c.Args) == 1 || is(c.Args[1], "info"):
		for _, name := range all {
			if known := h.find([]byte(name)); known != nil {
				list = append(list, known.describe())
			} else {
				list = append(list, resp.Null())
			}
		}
		c.reply(resp.Array(list...))
	case is(c.Args[1], "docs"):
		for _, name := range all {
			if known := h.find([]byte(name)); known != nil {
				list = append(list, resp.Text(name), known.document())
			}
		}
		c.reply(resp.Map(list...))
	case is(c.Args[1], "count") && len(c.Args) == 2:
		c.reply(resp.Integer(int64(len(h.names()))))
	case is(c.Args[1], "list") && len(c.Args) == 2:
		c.reply(resp.Texts(all...))
	case is(c.Args[1], "count"), is(c.Args[1], "list"):
		c.reply(wrongNumber("command|" + string(bytes.ToLower(c.Args[1]))))
	default:
		c.reply(unknownSubcommand(c))
	}
}

// unknownSubcommand is Redis's answer to a second word that is none.
func unknownSubcommand(c *call) resp.Reply {
	upper := bytes.ToUpper([]byte(c.command.name))
	return resp.Errorf("ERR unknown subcommand '%s'. Try %s HELP.", cut(c.Args[1], 128), upper)
}
