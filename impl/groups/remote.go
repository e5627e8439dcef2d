// Remote groups: those of servers that are asked as Redis clients ask.

package groups

import (
	"context"
	"errors"

	"synod/impl/paxos"
	"synod/impl/resp"
)

// Ask puts a request to a server of the groups, any of them. harmless says that the request may be put twice. The error is
// an ErrUnknown where the request may have been served; everything else says that it was not.
type Ask func(ctx context.Context, harmless bool, words ...string) (resp.Reply, error)

// Remote is a group behind servers: they are asked by SHARD ASK.
func Remote(name string, ask Ask) Group { return remote{name, ask} }

type remote struct {
	name string
	ask  Ask
}

// Do implements Group.
func (g remote) Do(command string, harmless bool, done func(string, paxos.Outcome)) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), DefaultPatience)
		defer cancel()
		r, err := g.ask(ctx, harmless, "SHARD", "ASK", g.name, command)
		switch {
		case errors.Is(err, ErrUnknown):
			done("", paxos.Unknown)
		case err != nil || r.Kind != resp.KindBulk:
			done("", paxos.Rejected)
		default:
			done(string(r.Bulk), paxos.Satisfied)
		}
	}()
}

// Names asks a server which groups there are. The first one keeps the map.
func Names(ctx context.Context, ask Ask) ([]string, error) {
	r, err := ask(ctx, true, "SHARD", "GROUPS")
	switch {
	case err != nil:
		return nil, err
	case r.IsError():
		return nil, errors.New(r.Text)
	case len(r.List) == 0:
		return nil, errors.New("the server does not say which groups there are")
	}
	names := make([]string, len(r.List))
	for i := range r.List {
		names[i] = string(r.List[i].Bulk)
	}
	return names, nil
}

// Dial makes a client of the groups behind servers.
func Dial(ctx context.Context, ask Ask) (*Client, error) {
	names, err := Names(ctx, ask)
	if err != nil {
		return nil, err
	}
	all := map[string]Group{}
	for _, name := range names {
		all[name] = Remote(name, ask)
	}
	return New(all, names[0]), nil
}
