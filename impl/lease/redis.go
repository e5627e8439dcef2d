// Locks over a Redis client: the commands as words, and the results as replies.

package lease

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"synod/impl/lock"
	"synod/impl/resp"
	"synod/impl/step"
)

// Redis is a Submitter that asks a server as Redis clients do: by LOCK ACQUIRE, RENEW, RELEASE and HOLDER. It may ask
// any replica, and another one when one fails.
type Redis func(ctx context.Context, words ...string) (resp.Reply, error)

// Submit implements Submitter.
func (ask Redis) Submit(ctx context.Context, command string) (string, error) {
	c, err := lock.Parse(command)
	if err != nil {
		return "", err
	}
	words := []string{"LOCK"}
	term, token := strconv.FormatInt(c.Term.Milliseconds(), 10), strconv.FormatUint(c.Token, 10)
	switch c.Kind {
	case lock.Acquire:
		words = append(words, "ACQUIRE", c.Name, c.Owner, term)
	case lock.Renew:
		words = append(words, "RENEW", c.Name, token, term)
	case lock.Release:
		words = append(words, "RELEASE", c.Name, token)
	case lock.Look:
		words = append(words, "HOLDER", c.Name)
	default:
		return "", fmt.Errorf("lease: a client does not ask for %q", c.Kind)
	}
	if c.Cause.Step != "" {
		words = append(words, strconv.FormatUint(c.Request, 10), c.Cause.Step, strconv.FormatUint(c.Cause.Clock, 10))
	}
	reply, err := ask(ctx, words...)
	if err != nil {
		return "", err
	}
	result, err := resultOf(&reply)
	return result.String(), err
}

func resultOf(r *resp.Reply) (lock.Result, error) {
	switch {
	case r.IsError():
		return lock.Result{}, errors.New(r.Text)
	case r.Kind != resp.KindArray || len(r.List) != 5 && len(r.List) != 7:
		return lock.Result{}, fmt.Errorf("lease: %.80q is no answer about a lock", r.String())
	}
	held := lock.Lock{
		Owner: string(r.List[1].Bulk), Token: uint64(r.List[2].Integer), Grant: uint64(r.List[3].Integer),
		Term: time.Duration(r.List[4].Integer) * time.Millisecond,
	}
	if len(r.List) == 7 {
		held.Cause = step.Cause{Step: string(r.List[5].Bulk), Clock: uint64(r.List[6].Integer)}
	}
	return lock.Result{Outcome: lock.Outcome(r.List[0].Bulk), Lock: held}, nil
}
