// Every command against the replies that Redis gives, written down in testdata and checked with redis-server itself.

package keyvalue

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/resp"
)

var rewrite = flag.Bool("rewrite", false, "write the replies of redis-server, and ours where it has none to give, into testdata")

// paragraph is a part of testdata/commands.txt.
type paragraph struct {
	line  int
	head  string // "" or "ours: ..."
	steps []step
}

type step struct {
	line          int
	request, want string
}

func readParagraphs(t *testing.T, path string) (intro string, paragraphs []paragraph) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	line := 0
	for i, part := range strings.Split(string(text), "\n\n") {
		p := paragraph{line: line + 1}
		for _, l := range strings.Split(strings.TrimRight(part, "\n"), "\n") {
			line++
			switch {
			case strings.HasPrefix(l, "> "):
				p.steps = append(p.steps, step{line: line, request: l[2:]})
			case len(p.steps) == 0:
				p.head = l
			default:
				p.steps[len(p.steps)-1].want += l
			}
		}
		line++
		if i == 0 {
			intro = strings.TrimRight(part, "\n")
			continue
		}
		paragraphs = append(paragraphs, p)
	}
	return intro, paragraphs
}

// inline sends a request as a line and gives the reply as it is shown.
func inline(t *testing.T, address string, steps []step) []string {
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	conn, err := net.Dial(network, address)
	require.NoError(t, err)
	defer conn.Close()
	c := resp.NewClient(conn)
	var replies []string
	for _, s := range steps {
		_, err := conn.Write([]byte(s.request + "\r\n"))
		require.NoError(t, err)
		r, err := c.Receive()
		require.NoError(t, err, "line %d", s.line)
		replies = append(replies, r.String())
	}
	return replies
}

const (
	commandsPath     = "testdata/commands.txt"
	transactionsPath = "testdata/transactions.txt"
	registersPath    = "testdata/registers.txt"
)

func TestCommands(t *testing.T) {
	given(t, commandsPath, func(c *Config) { c.Now = nil })
	given(t, registersPath, func(c *Config) { c.Now = nil })
}

// A replicated machine gives the same replies as registers do, and knows transactions.
func TestCommandsOfAMachine(t *testing.T) {
	logged := func(c *Config) { c.Now, c.Log, c.Registers, c.Keys = nil, newReplicated(t), nil, nil }
	given(t, commandsPath, logged)
	given(t, transactionsPath, logged)
}

// given asks a server what a file says, and compares the replies.
func given(t *testing.T, path string, configure func(*Config)) {
	_, paragraphs := readParagraphs(t, path)
	require.NotEmpty(t, paragraphs)
	for _, p := range paragraphs {
		s := newServer(t, configure)
		for i, got := range inline(t, s.front.Addr().String(), p.steps) {
			want := p.steps[i].want
			if p.steps[i].request == "COMMAND COUNT" {
				want = fmt.Sprintf("(integer) %d", len(s.handler.names()))
			}
			require.Equal(t, want, got, "%s:%d: %s", path, p.steps[i].line, p.steps[i].request)
		}
	}
}

// The file of replies is right: Redis gives them, too.
func TestRedisGivesTheSameReplies(t *testing.T) {
	socket := redisServer(t)
	intro, paragraphs := readParagraphs(t, commandsPath)
	_, transactions := readParagraphs(t, transactionsPath)
	if *rewrite {
		rewriteReplies(t, socket, intro, paragraphs)
		return
	}
	for _, p := range append(paragraphs, transactions...) {
		if strings.HasPrefix(p.head, "ours") {
			continue
		}
		inline(t, socket, []step{{request: "FLUSHALL"}})
		for i, got := range inline(t, socket, p.steps) {
			require.Equal(t, p.steps[i].want, got, "line %d: %s", p.steps[i].line, p.steps[i].request)
		}
	}
}

func rewriteReplies(t *testing.T, socket, intro string, paragraphs []paragraph) {
	f, err := os.Create(commandsPath)
	require.NoError(t, err)
	defer f.Close()
	w := bufio.NewWriter(f)
	defer w.Flush()
	w.WriteString(intro + "\n")
	for _, p := range paragraphs {
		address := socket
		w.WriteString("\n")
		if strings.HasPrefix(p.head, "ours") {
			w.WriteString(p.head + "\n")
			address = newServer(t, func(c *Config) { c.Now = nil }).front.Addr().String()
		} else {
			inline(t, socket, []step{{request: "FLUSHALL"}})
		}
		for i, got := range inline(t, address, p.steps) {
			w.WriteString("> " + p.steps[i].request + "\n" + got + "\n")
		}
	}
}

// The table of commands and the file of replies speak of the same commands, and COMMAND tells of each.
func TestEveryCommandIsInTheTable(t *testing.T) {
	text, err := os.ReadFile(commandsPath)
	require.NoError(t, err)
	more, err := os.ReadFile(transactionsPath)
	require.NoError(t, err)
	sharded, err := os.ReadFile(shardsPath)
	require.NoError(t, err)
	registers, err := os.ReadFile(registersPath)
	require.NoError(t, err)
	text = slices.Concat(text, more, sharded, registers)
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		if name != "info" && name != "quit" { // their replies differ from server to server
			require.Contains(t, string(text), "\n> "+strings.ToUpper(name), name)
		}
	}
	s := newServer(t)
	c, known := s.client(t), s.handler.names()
	require.Less(t, len(known), len(commands), "registers know no transactions")
	r, err := c.Do("COMMAND")
	require.NoError(t, err)
	require.Len(t, r.List, len(known))
	for _, x := range r.List {
		require.Len(t, x.List, 10)
	}
	r, err = c.Do("COMMAND", "LIST")
	require.NoError(t, err)
	require.Len(t, r.List, len(known))
}
