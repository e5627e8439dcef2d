// Shards: a front whose keys are shared out among groups, each with a log of its own.

package keyvalue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"synod/impl/groups"
	"synod/impl/lock"
	"synod/impl/paxos"
	"synod/impl/resp"
	"synod/impl/shard"
)

// Sharded is the Log of a front before several groups: each request goes to the group that serves the shard of its keys.
// The machine of each group is that of Sharing.
type Sharded struct {
	Bugs   shard.Bugs // of the moves that this server makes
	client *groups.Client
	groups map[string]groups.Group
	names  []string
}

// NewSharded makes the Log of a front before groups. The first of the names is the group that keeps the map, and locks.
func NewSharded(names []string, all map[string]groups.Group) *Sharded {
	return &Sharded{client: groups.New(all, names[0]), groups: all, names: names}
}

// Sharing makes the machine of a group, whose shards hold keys, with locks before it. At first the first group has all
// shards.
func Sharing(group, first string) (*lock.Clocked, *shard.Machine) {
	m := shard.New(group, first, shard.Names(), func() shard.Content { return NewMachine() })
	return lock.NewClocked(m), m
}

func (h *Handler) sharded() *Sharded {
	s, _ := h.cfg.Log.(*Sharded)
	return s
}

var replyCrossSlot = resp.Error("CROSSSLOT Keys in request don't hash to the same slot")

// part is what a unit has for one shard.
type part struct {
	shard string
	unit  unit
	take  []func(resp.Reply) // for each of the unit's items
}

// Do implements Log. The parts of a unit for different shards are performed at the same time, those for one in their
// order.
func (s *Sharded) Do(command string, harmless bool, done func(string, paxos.Outcome)) {
	if strings.HasPrefix(command, lock.Mark) {
		s.groups[s.names[0]].Do(command, harmless, done)
		return
	}
	u, ok := parseUnit(command)
	if !ok {
		done(string(appendReply(nil, &replyNoUnit)), paxos.Satisfied)
		return
	}
	replies := make([]resp.Reply, len(u.items))
	parts := s.parts(&u, replies)
	var mu sync.Mutex
	left := len(parts)
	ended := func() {
		mu.Lock()
		left--
		last := left <= 0
		mu.Unlock()
		if last {
			var out []byte
			for i := range replies {
				out = appendReply(out, &replies[i])
			}
			done(string(out), paxos.Satisfied)
		}
	}
	if left == 0 {
		ended()
	}
	requests := make([]groups.Request, len(parts))
	for i, p := range parts {
		requests[i] = p.request(&mu, ended)
	}
	s.client.Serve(groups.DefaultPatience, requests...)
}

// parts shares out a unit. What cannot be asked for is answered at once.
func (s *Sharded) parts(u *unit, replies []resp.Reply) (parts []*part) {
	byShard := map[string]*part{}
	add := func(name string, it item, take func(resp.Reply)) {
		p := byShard[name]
		if p == nil {
			p = &part{shard: name, unit: unit{now: u.now}}
			byShard[name] = p
			parts = append(parts, p)
		}
		p.unit.items, p.take = append(p.unit.items, it), append(p.take, take)
	}
	for i := range u.items {
		it := &u.items[i]
		if string(it.requests[0][0]) == listKeys {
			take := listing(it.requests[0], &replies[i])
			for _, name := range shard.Names() {
				add(name, *it, take)
			}
			continue
		}
		name, ok := it.shard()
		if !ok {
			replies[i] = replyCrossSlot
			continue
		}
		add(name, *it, func(r resp.Reply) { replies[i] = r })
	}
	return parts
}

// request asks for a part.
func (p *part) request(mu *sync.Mutex, ended func()) groups.Request {
	harmless := !p.unit.writes()
	q := shard.Command{Shard: p.shard, Body: string(p.unit.append(nil))}
	return groups.Request{Command: q, Harmless: harmless, Done: func(result string, outcome paxos.Outcome) {
		mu.Lock()
		r := unitReader{rest: result}
		for i := range p.unit.items {
			reply := failure(outcome, harmless)
			if outcome == paxos.Satisfied {
				if reply = r.reply(replyDepth); r.failed {
					reply = replyNoUnit
				}
			}
			p.take[i](reply)
		}
		mu.Unlock()
		ended()
	}}
}

// listing puts together the keys that all shards list, in their order.
func listing(args [][]byte, to *resp.Reply) func(resp.Reply) {
	limit := 0
	if len(args) == 3 {
		limit, _ = strconv.Atoi(string(args[2]))
	}
	var keys []string
	more := int64(0)
	*to = resp.Array(resp.Integer(0), resp.Texts())
	return func(r resp.Reply) {
		if to.IsError() {
			return
		}
		if r.IsError() || len(r.List) != 2 {
			*to = r
			return
		}
		more |= r.List[0].Integer
		for i := range r.List[1].List {
			keys = append(keys, string(r.List[1].List[i].Bulk))
		}
		slices.Sort(keys)
		if len(keys) > limit {
			keys, more = keys[:limit], 1
		}
		*to = resp.Array(resp.Integer(more), resp.Texts(keys...))
	}
}

// shard gives the one that all keys of an item are in; false where they are in several.
func (it *item) shard() (name string, ok bool) {
	name, ok = "", true
	see := func(key string) {
		of := shard.Of(key)
		ok = ok && (name == "" || name == of)
		name = of
	}
	for _, w := range it.watched {
		see(w.key)
	}
	for _, args := range it.requests {
		step, last := 0, 1
		if c := find(args[0]); c != nil {
			step = c.step()
			if c.has(several) {
				last = len(args) - 1
			}
		}
		if string(args[0]) == tellVersions {
			step, last = 1, len(args)-1
		}
		for i := 1; step > 0 && i <= min(last, len(args)-1); i += step {
			see(string(args[i]))
		}
	}
	if name == "" {
		name = "0"
	}
	return name, ok
}

func shardCommands() []command {
	return []command{
		{name: "shard", arity: -2, flags: logged | sharding | write, group: "shards", summary: "Lists groups, or has one perform a command about a shard.", serve: serveShard},
	}
}

// serveShard is SHARD GROUPS, SHARD OF key, SHARD ASK group command and SHARD CARRY shard to from. ASK is for clients that
// route, and for operators: the command and the reply are texts of package shard. CARRY makes a move.
func serveShard(c *call) {
	s := c.session.handler.sharded()
	switch sub := strings.ToLower(string(c.Args[1])); {
	case sub == "groups" && len(c.Args) == 2:
		c.reply(resp.Texts(s.names...))
	case sub == "of" && len(c.Args) == 3:
		c.reply(resp.Text(shard.Of(string(c.Args[2]))))
	case sub == "ask" && len(c.Args) == 4:
		c.askGroup(s, string(c.Args[2]), string(c.Args[3]))
	case sub == "carry" && len(c.Args) == 5:
		c.carry(s, &shard.Mover{Shard: string(c.Args[2]), To: string(c.Args[3]), From: string(c.Args[4])})
	default:
		c.reply(unknownSubcommand(c))
	}
}

// carryPatience is how long a server tries to make a move. Who has asked for it may ask again, here or elsewhere.
const carryPatience = 30 * time.Second

// carry makes a move, of which this server is the operator. From may be "".
func (c *call) carry(s *Sharded, v *shard.Mover) {
	for _, name := range []string{v.To, v.From} {
		if s.groups[name] == nil && (name != "" || name == v.To) {
			c.reply(resp.Errorf("ERR there is no group %q", name))
			return
		}
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), carryPatience)
		defer cancel()
		o := &groups.Operator{Client: s.client, Bugs: s.Bugs}
		switch err := o.Make(ctx, v); {
		case ctx.Err() != nil:
			c.reply(resp.Errorf("TRYAGAIN the move is not over: %v", err))
		case err != nil:
			c.reply(resp.Errorf("ERR %v", err))
		default:
			c.reply(resp.OK)
		}
	}()
}

// askGroup has a group perform a client's command. What time it is this server says, not the client.
func (c *call) askGroup(s *Sharded, group, text string) {
	g := s.groups[group]
	if g == nil {
		c.reply(resp.Errorf("ERR there is no group %q", group))
		return
	}
	q, err := shard.Parse(text)
	if err != nil {
		c.reply(resp.Errorf("ERR %v", err))
		return
	}
	harmless := q.Kind.Reads()
	switch q.Kind {
	case shard.Freeze, shard.Publish, shard.Assign:
		if s.groups[q.Group] == nil {
			c.reply(resp.Errorf("ERR there is no group %q", q.Group))
			return
		}
	case shard.Serve:
		u, ok := parseUnit(q.Body)
		for i := range u.items {
			name, one := u.items[i].shard()
			ok = ok && one && name == q.Shard
		}
		if !ok {
			c.reply(resp.Error("ERR the request is not one for that shard"))
			return
		}
		harmless = q.Client == "" && !u.writes()
		u.now = c.now
		q.Body = string(u.append(nil))
	}
	c.session.order.settle()
	g.Do(q.String(), harmless, func(result string, outcome paxos.Outcome) {
		if outcome != paxos.Satisfied {
			c.reply(failure(outcome, harmless))
			return
		}
		c.reply(resp.Text(result))
	})
}

// Ask has a session of a client of groups perform a request, such as "SET", "k", "v". All its keys must be in one shard.
// The errors are those of Session.Do.
func Ask(ctx context.Context, s *groups.Session, words ...string) (resp.Reply, error) {
	if len(words) == 0 {
		return resp.Reply{}, errors.New("there is no request")
	}
	args := make([][]byte, len(words))
	for i, word := range words {
		args[i] = []byte(word)
	}
	it := item{requests: [][][]byte{args}}
	c := find(args[0])
	if c == nil || !c.replicated() || !c.fits(len(args)) {
		return resp.Reply{}, fmt.Errorf("%.40q is no request on keys, or has another number of words", words[0])
	}
	name, ok := it.shard()
	if !ok {
		return replyCrossSlot, nil
	}
	u := unit{items: []item{it}}
	text, err := s.Do(ctx, name, string(u.append(nil)))
	if err != nil {
		return resp.Reply{}, err
	}
	r := unitReader{rest: text}
	reply := r.reply(replyDepth)
	if r.failed {
		return reply, errors.New("the answer is malformed")
	}
	return reply, nil
}
