// Resolving: what became of a change that was answered with UNKNOWN.

package keyvalue

import (
	"strconv"
	"strings"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/resp"
)

// maxResolved is how many proposals of one change can be asked about.
const maxResolved = 32

// adviceBegins is how an error goes on that tells what to ask.
const adviceBegins = "RESOLVE "

// advice gives the request that resolves a change of the key which was proposed under some ballots. The error that has it is
// a line, and the key in it is quoted where it is not a plain word.
func advice(key string, proposed []paxos.Ballot) string {
	quoted := strconv.QuoteToASCII(key)
	if quoted == `"`+key+`"` && !strings.ContainsAny(key, " ';") {
		quoted = key
	}
	text := adviceBegins + quoted
	for _, b := range proposed {
		text += " " + strconv.FormatUint(uint64(b), 10)
	}
	return text
}

func resolveCommands() []command {
	return []command{{
		name: "resolve", arity: -3, flags: direct, keyed: true, group: "generic",
		summary: "Tells what became of a change that was answered with UNKNOWN.", serve: serveResolve,
	}}
}

// serveResolve is RESOLVE key ballot [ballot ...]. It answers SATISFIED, REJECTED, or UNKNOWN where later changes cover the
// traces of this one.
func serveResolve(c *call) {
	key, ok := c.key(1)
	if !ok {
		return
	}
	var proposed []paxos.Ballot
	for _, arg := range c.Args[2:] {
		n, ok := resp.ParseInteger(arg)
		if !ok || n < 1 || n > int64(paxos.MaxBallot) || len(proposed) == maxResolved {
			c.reply(resp.Errorf("ERR the ballots are 1 to %d of those that the UNKNOWN named", maxResolved))
			return
		}
		proposed = append(proposed, paxos.Ballot(n))
	}
	c.session.handler.cfg.Registers.Resolve(key, proposed, func(fate paxos.Outcome, err error) {
		switch err {
		case nil:
			c.reply(resp.Status(strings.ToUpper(fate.String())))
		case register.ErrNotProposed:
			c.reply(resp.Error("ERR nothing was proposed for this key under such a ballot"))
		default:
			c.reply(replyTryAgain)
		}
	})
}
