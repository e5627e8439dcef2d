// Connections: commands about the client itself.

package keyvalue

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"

	"synod/impl/resp"
)

func connectionCommands() []command {
	own := func(name string, arity int, flags property, summary string, serve func(*call)) command {
		return command{name: name, arity: arity, flags: flags, group: "connection", summary: summary, serve: serve}
	}
	return []command{
		own("ping", -1, pure, "Answers PONG, or what it was sent.", servePing),
		own("echo", 2, pure, "Answers what it was sent.", func(c *call) { c.reply(resp.Bulk(c.Args[1])) }),
		own("quit", -1, beforeLogin, "Closes the connection.", serveQuit),
		own("select", 2, 0, "Chooses a database; there is one, 0.", serveSelect),
		own("auth", -2, beforeLogin, "Logs the client in.", serveAuth),
		own("hello", -1, beforeLogin, "Chooses the protocol's version.", serveHello),
		own("client", -2, 0, "Names the client, and tells about it.", serveClient),
	}
}

func servePing(c *call) {
	switch len(c.Args) {
	case 1:
		c.reply(resp.Status("PONG"))
	case 2:
		c.reply(resp.Bulk(c.Args[1]))
	default:
		c.reply(wrongNumber("ping"))
	}
}

func serveQuit(c *call) {
	c.Conn.Finish(c.Request)
	c.reply(resp.OK)
}

func serveSelect(c *call) {
	n, ok := resp.ParseInteger(c.Args[1])
	switch {
	case !ok || int64(int32(n)) != n:
		c.reply(replyNotInteger)
	case n != 0:
		c.reply(resp.Error("ERR DB index is out of range"))
	default:
		c.reply(resp.OK)
	}
}

// check reports whether a user's password is right. It takes as long for a wrong one.
func (h *Handler) check(user, password []byte) bool {
	if string(user) != "default" {
		return false
	}
	if h.cfg.Password == "" {
		return !h.cfg.Closed
	}
	want, got := sha256.Sum256([]byte(h.cfg.Password)), sha256.Sum256(password)
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

var replyWrongPass = resp.Error("WRONGPASS invalid username-password pair or user is disabled.")

func serveAuth(c *call) {
	h := c.session.handler
	user, password := []byte("default"), c.Args[len(c.Args)-1]
	switch {
	case len(c.Args) > 3:
		c.reply(replySyntax)
		return
	case len(c.Args) == 3:
		user = c.Args[1]
	case h.cfg.Password == "":
		c.reply(resp.Error("ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?"))
		return
	}
	if !h.check(user, password) {
		c.reply(replyWrongPass)
		return
	}
	c.session.login()
	c.reply(resp.OK)
}

// serveHello is HELLO [version [AUTH user password] [SETNAME name]].
func serveHello(c *call) {
	s := c.session
	version := c.Conn.Version()
	if len(c.Args) > 1 {
		n, ok := resp.ParseInteger(c.Args[1])
		if !ok {
			c.reply(resp.Error("ERR Protocol version is not an integer or out of range"))
			return
		}
		if n < 2 || n > 3 {
			c.reply(resp.Error("NOPROTO unsupported protocol version"))
			return
		}
		version = int(n)
	}
	var user, password, name []byte
	for i := 2; i < len(c.Args); i++ {
		left := len(c.Args) - 1 - i
		switch {
		case is(c.Args[i], "auth") && left >= 2:
			user, password = c.Args[i+1], c.Args[i+2]
			i += 2
		case is(c.Args[i], "setname") && left >= 1:
			name = c.Args[i+1]
			if !validName(name) {
				c.reply(replyBadName)
				return
			}
			i++
		default:
			c.reply(resp.Errorf("ERR Syntax error in HELLO option '%s'", cut(c.Args[i], 128)))
			return
		}
	}
	if user != nil {
		if !s.handler.check(user, password) {
			c.reply(replyWrongPass)
			return
		}
		s.login()
	}
	if !s.authenticated {
		c.reply(resp.Error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time"))
		return
	}
	if name != nil {
		s.name = string(name)
	}
	c.Conn.SetVersion(c.Request, version)
	c.reply(resp.Map(
		resp.Text("server"), resp.Text("synod"),
		resp.Text("version"), resp.Text(s.handler.cfg.Version),
		resp.Text("proto"), resp.Integer(int64(version)),
		resp.Text("id"), resp.Integer(int64(c.Conn.ID)),
		resp.Text("mode"), resp.Text("standalone"),
		resp.Text("role"), resp.Text("master"),
		resp.Text("modules"), resp.Array(),
	))
}

// validName reports whether a text can stand in CLIENT INFO's line.
func validName(name []byte) bool {
	return !bytes.ContainsFunc(name, func(r rune) bool { return r < '!' || r > '~' })
}

var replyBadName = resp.Error("ERR Client names cannot contain spaces, newlines or special characters.")

// serveClient is CLIENT and what follows it.
func serveClient(c *call) {
	s := c.session
	words := map[string]int{"id": 2, "info": 2, "getname": 2, "setname": 3, "setinfo": 4}
	sub := strings.ToLower(string(cut(c.Args[1], longest)))
	want, known := words[sub]
	switch {
	case !known:
		c.reply(unknownSubcommand(c))
		return
	case want != len(c.Args):
		c.reply(wrongNumber("client|" + sub))
		return
	}
	switch sub {
	case "id":
		c.reply(resp.Integer(int64(c.Conn.ID)))
	case "info":
		c.reply(resp.Verbatim(s.line()))
	case "getname":
		if s.name == "" {
			c.reply(resp.Null())
		} else {
			c.reply(resp.Text(s.name))
		}
	case "setname":
		if !validName(c.Args[2]) {
			c.reply(replyBadName)
			return
		}
		s.name = string(c.Args[2])
		c.reply(resp.OK)
	case "setinfo":
		c.setInfo()
	}
}

// setInfo is CLIENT SETINFO, by which libraries introduce themselves.
func (c *call) setInfo() {
	for i, name := range []string{"lib-name", "lib-ver"} {
		if !is(c.Args[2], name) {
			continue
		}
		if !validName(c.Args[3]) {
			c.reply(resp.Errorf("ERR %s cannot contain spaces, newlines or special characters.", name))
			return
		}
		c.session.library[i] = string(c.Args[3])
		c.reply(resp.OK)
		return
	}
	c.reply(resp.Errorf("ERR Unrecognized option '%s'", cut(c.Args[2], 128)))
}

// line describes the client as CLIENT INFO does.
func (s *session) line() string {
	return fmt.Sprintf("id=%d addr=%s laddr=%s name=%s db=0 resp=%d lib-name=%s lib-ver=%s\n",
		s.conn.ID, s.conn.RemoteAddr(), s.conn.LocalAddr(), s.name, s.conn.Version(), s.library[0], s.library[1])
}
