// Locks, and requests that bear the token of one: for clients of replicas whose machine is a lock.Machine.

package keyvalue

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"synod/impl/lock"
	"synod/impl/paxos"
	"synod/impl/resp"
)

func lockCommands() []command {
	return []command{
		{name: "lock", arity: -3, flags: logged | write, group: "locks", summary: "Acquires, renews, releases a lock, or tells who holds it.", serve: serveLock},
		{name: "fenced", arity: -4, flags: logged | write, group: "locks", summary: "Performs a request, unless the fence has seen a larger token.", serve: serveFenced},
	}
}

// serveLock is LOCK ACQUIRE name owner ms, LOCK RENEW name token ms, LOCK RELEASE name token and LOCK HOLDER name. The
// reply is what became of it, the owner, the token, the number of the last grant, and the term in ms. Who keeps a trace
// adds to the first three the number of the request and the step by which it was sent, with its Lamport time, and is told
// of the step that granted.
func serveLock(c *call) {
	name, ok := c.key(2)
	if !ok {
		return
	}
	ask, args := lock.Command{Name: name}, c.Args[3:]
	if len(args) > 3 {
		if args, ok = traced(args, &ask); !ok {
			c.reply(resp.Error("ERR after the term or token come the number of a request, a step and its time"))
			return
		}
	}
	switch sub := strings.ToLower(string(c.Args[1])); {
	case sub == "acquire" && len(args) == 2:
		ask.Kind, ask.Owner = lock.Acquire, string(args[0])
		ask.Term, ok = term(args[1])
		ok = ok && len(args[0]) <= MaxKey && utf8.Valid(args[0])
	case sub == "renew" && len(args) == 2:
		ask.Kind = lock.Renew
		ask.Term, ok = term(args[1])
		ok = ok && token(args[0], &ask.Token)
	case sub == "release" && len(args) == 1:
		ask.Kind, ok = lock.Release, token(args[0], &ask.Token)
	case sub == "holder" && len(args) == 0:
		ask.Kind = lock.Look
	case sub == "acquire", sub == "renew", sub == "release", sub == "holder":
		c.reply(wrongNumber("lock|" + sub))
		return
	default:
		c.reply(unknownSubcommand(c))
		return
	}
	if !ok {
		c.reply(resp.Error("ERR a token is a number, and a term a positive number of ms"))
		return
	}
	c.submit(ask, func(r lock.Result) resp.Reply {
		list := []resp.Reply{
			resp.Text(string(r.Outcome)), resp.Text(r.Lock.Owner), resp.Integer(int64(r.Lock.Token)),
			resp.Integer(int64(r.Lock.Grant)), resp.Integer(r.Lock.Term.Milliseconds()),
		}
		if ask.Cause.Step != "" {
			list = append(list, resp.Text(r.Lock.Cause.Step), resp.Integer(int64(r.Lock.Cause.Clock)))
		}
		return resp.Array(list...)
	})
}

// traced takes the last three arguments, which say by which step a command was sent.
func traced(args [][]byte, ask *lock.Command) (rest [][]byte, ok bool) {
	n := len(args) - 3
	ask.Cause.Step = string(args[n+1])
	return args[:n], token(args[n], &ask.Request) && token(args[n+2], &ask.Cause.Clock) &&
		len(args[n+1]) <= MaxKey && utf8.Valid(args[n+1])
}

// serveFenced is FENCED fence token request...: the request is performed unless the fence has seen a larger token. To
// read raises the fence, too.
func serveFenced(c *call) {
	name, ok := c.key(1)
	if !ok {
		return
	}
	if c.session.handler.sharded() != nil {
		c.reply(resp.Error("ERR there are no fences where keys are in shards"))
		return
	}
	args := c.Args[3:]
	ask, sub := lock.Command{Kind: lock.Fetch, Name: name}, find(args[0])
	switch {
	case sub == nil:
		c.reply(unknownCommand(args))
		return
	case !sub.replicated():
		c.reply(replyNested)
		return
	case !token(c.Args[2], &ask.Token):
		c.reply(resp.Error("ERR a token is a number"))
		return
	case sub.has(write):
		ask.Kind = lock.Store
	}
	u := unit{now: c.now, items: []item{{requests: [][][]byte{args}}}}
	ask.Body = string(u.append(nil))
	c.submit(ask, func(r lock.Result) resp.Reply {
		if r.Outcome == lock.Fenced {
			return resp.Errorf("FENCED the token %d is smaller than %d", ask.Token, r.Lock.Token)
		}
		read := unitReader{rest: r.Body}
		reply := read.reply(replyDepth)
		if read.failed || r.Outcome != lock.Done {
			return replyNoUnit
		}
		return reply
	})
}

// submit has a command of the locks performed behind all that the connection has asked for before.
func (c *call) submit(ask lock.Command, show func(lock.Result) resp.Reply) {
	if c.session.transaction.open {
		c.reply(replyNested)
		return
	}
	c.session.order.settle()
	c.session.handler.cfg.Log.Do(ask.String(), false, func(text string, outcome paxos.Outcome) {
		if outcome != paxos.Satisfied {
			c.reply(failure(outcome, !c.command.has(write)))
			return
		}
		result, err := lock.ParseResult(text)
		if err != nil || result.Outcome == lock.Invalid {
			c.reply(resp.Error("ERR this server has no locks"))
			return
		}
		c.reply(show(result))
	})
}

func token(arg []byte, to *uint64) bool {
	n, err := strconv.ParseUint(string(arg), 10, 63)
	*to = n
	return err == nil
}

// maxTerm is the longest term of a lock.
const maxTerm = 24 * time.Hour

func term(arg []byte) (time.Duration, bool) {
	n, err := strconv.ParseInt(string(arg), 10, 64)
	if err != nil || n <= 0 || n > maxTerm.Milliseconds() {
		return 0, false
	}
	return time.Duration(n) * time.Millisecond, true
}
