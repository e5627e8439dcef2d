// Keys on the command line: get, set, cas, add and del, asked of whichever proposer answers.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"synod/impl/resp"
	"synod/tools/synod/console"
	"synod/tools/synod/deployment"
)

// exitCondition is the code for a request that found another value than it needs, or none.
const exitCondition = 4

const keyHelp = `

The servers are those of the client's file, which "synod init" writes, or those of -at, in plaintext on this machine.
They are tried in turn until one answers, or -timeout is over.

Exit codes: 0 done, 1 not done, and it never will be (no server agreed in time), 2 a wrong flag, key or value,
3 unknown (it may have been done, or may yet be: what is printed says how to find out), 4 the key has another value or none.`

// target is how the flags say where the cluster is.
type target struct {
	config  string
	at      string
	timeout time.Duration
}

func (t *target) register(set *flag.FlagSet) {
	t.locate(set)
	// A server tries for five seconds, and then says more than that it did not answer.
	set.DurationVar(&t.timeout, "timeout", 7*time.Second, "how `long` to try")
}

// locate declares the flags that say which servers are asked.
func (t *target) locate(set *flag.FlagSet) {
	set.StringVar(&t.config, "config", os.Getenv(configVariable), "the client's `file` (default: what "+configVariable+" says)")
	set.StringVar(&t.at, "at", "", "RESP `addresses` of servers on this machine, separated by commas, instead of a file")
}

// access reads where the cluster is.
func (t *target) access() (deployment.Access, error) {
	if t.at != "" {
		return deployment.Access{Servers: strings.Split(t.at, ",")}, nil
	}
	if t.config == "" {
		return deployment.Access{}, errors.New("which -config file? (or -at host:port)")
	}
	f, err := deployment.Read(t.config, deployment.Overrides(os.Environ())...)
	if err != nil {
		return deployment.Access{}, err
	}
	a, err := f.Access()
	if err != nil {
		return deployment.Access{}, fmt.Errorf("%s: %w", t.config, err)
	}
	return a, nil
}

// question is a request that arguments make, and what its reply means.
type question struct {
	harmless bool
	doubt    string // what to do if nobody knows whether it was done
	words    []string
	show     func(out *console.Console, r resp.Reply) (int, error)
}

// keyCommand makes a subcommand that asks one question. ask turns its arguments into it; its flags are declared by
// flags, which may be nil.
func keyCommand(name, args, summary, help string, n int, flags func(*flag.FlagSet), ask func(args []string) (question, error)) command {
	return command{name: name, args: args, summary: summary, help: strings.TrimSpace(help) + keyHelp, flags: func(set *flag.FlagSet) runner {
		var where target
		where.register(set)
		if flags != nil {
			flags(set)
		}
		return func(ctx context.Context, out *console.Console, got []string) (int, error) {
			if len(got) != n && n >= 0 || len(got) == 0 {
				return exitUsage, fmt.Errorf("takes %s, got %d arguments", args, len(got))
			}
			q, err := ask(got)
			if err != nil {
				return exitUsage, err
			}
			access, err := where.access()
			if err != nil {
				return exitUsage, err
			}
			ctx, cancel := context.WithTimeout(ctx, where.timeout)
			defer cancel()
			return q.put(ctx, out, access)
		}
	}}
}

// put asks the question and shows the answer.
func (q question) put(ctx context.Context, out *console.Console, access deployment.Access) (int, error) {
	r, err := access.Ask(ctx, q.harmless, q.words...)
	switch {
	case errors.Is(err, deployment.ErrUnknown):
		if _, ballots, found := strings.Cut(r.Text, "RESOLVE "); r.IsError() && found {
			return exitUnknown, fmt.Errorf("%w: synod resolve %s tells", deployment.ErrUnknown, strings.ReplaceAll(ballots, "; RESOLVE ", ", synod resolve "))
		}
		return exitUnknown, fmt.Errorf("%w; %s", err, q.doubt)
	case err != nil:
		return 1, err
	case r.IsError():
		return exitUsage, errors.New(r.Text)
	}
	return q.show(out, r)
}

// bytesOf shows a value, with the end of a line behind it.
func bytesOf(key string) func(*console.Console, resp.Reply) (int, error) {
	return func(out *console.Console, r resp.Reply) (int, error) {
		if r.Kind == resp.KindNull {
			return exitCondition, fmt.Errorf("there is no key %q", key)
		}
		fmt.Fprintf(out.Stdout, "%s\n", r.Bulk)
		return 0, nil
	}
}

// done shows that something was done, or why it was not.
func done(otherwise string) func(*console.Console, resp.Reply) (int, error) {
	return func(out *console.Console, r resp.Reply) (int, error) {
		if r.Kind == resp.KindNull {
			return exitCondition, errors.New(otherwise)
		}
		fmt.Fprintln(out.Stdout, "OK")
		return 0, nil
	}
}

func integer(out *console.Console, r resp.Reply) (int, error) {
	fmt.Fprintln(out.Stdout, r.Integer)
	return 0, nil
}

func getCommand() command {
	return keyCommand("get", "KEY", "prints the value of a key", `
Prints the value of a key, as it is after every change that anybody was told of.

  synod get -config cluster/client/synod.toml stock`, 1, nil, func(args []string) (question, error) {
		return question{harmless: true, words: []string{"GET", args[0]}, show: bytesOf(args[0])}, nil
	})
}

func setCommand() command {
	var ttl time.Duration
	flags := func(set *flag.FlagSet) {
		set.DurationVar(&ttl, "ttl", 0, "have the key expire after this `time` (default: never)")
	}
	return keyCommand("set", "KEY VALUE", "sets the value of a key", `
Sets the value of a key.

  synod set -config cluster/client/synod.toml stock 5
  synod set -at 127.0.0.1:6379 -ttl 10s session abc`, 2, flags, func(args []string) (question, error) {
		q := question{
			words: []string{"SET", args[0], args[1]}, show: done(""),
			doubt: "to set it again is right if what others may have set meanwhile does not count",
		}
		if ttl != 0 {
			if ttl < time.Millisecond {
				return q, fmt.Errorf("-ttl %v is less than a millisecond", ttl)
			}
			q.words = append(q.words, "PX", strconv.FormatInt(ttl.Milliseconds(), 10))
		}
		return q, nil
	})
}

func casCommand() command {
	var absent bool
	flags := func(set *flag.FlagSet) {
		set.BoolVar(&absent, "absent", false, "set the value only if there is no key; EXPECTED is then \"\"")
	}
	return keyCommand("cas", "KEY EXPECTED VALUE", "sets the value of a key that has an expected one", `
Sets the value of a key if it is the expected one: nobody can have changed it in between.

  synod cas -config cluster/client/synod.toml stock 5 4
  synod cas -config cluster/client/synod.toml -absent leader "" me`, 3, flags, func(args []string) (question, error) {
		const doubt = "if the key has the new value now, and nobody else sets that one, it was done; otherwise ask again: what was done " +
			"already finds another value than it expects"
		if !absent {
			q := question{words: []string{"SET", args[0], args[2], "IFEQ", args[1]}, show: done("the key has another value, or none"), doubt: doubt}
			return q, nil
		}
		if args[1] != "" {
			return question{}, fmt.Errorf("with -absent there is no expected value, and %q is given", args[1])
		}
		return question{words: []string{"SET", args[0], args[2], "NX"}, show: done("the key exists"), doubt: doubt}, nil
	})
}

func addCommand() command {
	return keyCommand("add", "KEY NUMBER", "adds to the number that is the value of a key", `
Adds to the number that is the value of a key, which counts from 0 if there is none, and prints the sum.

  synod add -config cluster/client/synod.toml stock -1     (negative numbers are no flags here)`, 2, nil, func(args []string) (question, error) {
		if _, ok := resp.ParseInteger([]byte(args[1])); !ok {
			return question{}, fmt.Errorf("%q is not an integer of 64 bits", args[1])
		}
		return question{
			words: []string{"INCRBY", args[0], args[1]}, show: integer,
			doubt: "asked again it may be added twice: compare what the key has now with what it had. Where that is not enough, cas can be asked again",
		}, nil
	})
}

func delCommand() command {
	return keyCommand("del", "KEY...", "deletes keys", `
Deletes keys, each for itself, and prints how many there were.

  synod del -config cluster/client/synod.toml stock session`, -1, nil, func(args []string) (question, error) {
		return question{
			words: append([]string{"DEL"}, args...), show: integer,
			doubt: "to delete it again is right if what others may have set meanwhile does not count",
		}, nil
	})
}

func resolveCommand() command {
	help := `
Tells what became of a change that ended as unknown: the command that asked for it, or the error UNKNOWN of a Redis client,
has printed the KEY and the BALLOTs under which it was proposed. Any server may be asked. Afterwards a change that had no
effect never will have one.

  synod resolve -config cluster/client/synod.toml stock 4711

Exit codes: 0 the change took effect, 1 it did not and never will, 2 a wrong flag, key or ballot, 3 still unknown (no server
agreed in time, or it was too long ago: sixteen changes of the key or more).`
	return command{name: "resolve", args: "KEY BALLOT...", summary: "tells what became of a change that ended as unknown", help: help, flags: func(set *flag.FlagSet) runner {
		var where target
		where.register(set)
		return func(ctx context.Context, out *console.Console, args []string) (int, error) {
			if len(args) < 2 {
				return exitUsage, fmt.Errorf("takes KEY BALLOT..., got %d arguments", len(args))
			}
			access, err := where.access()
			if err != nil {
				return exitUsage, err
			}
			ctx, cancel := context.WithTimeout(ctx, where.timeout)
			defer cancel()
			return askFate(ctx, out, access, args)
		}
	}}
}

// askFate asks what became of a change, and shows it.
func askFate(ctx context.Context, out *console.Console, access deployment.Access, args []string) (int, error) {
	r, err := access.Ask(ctx, true, append([]string{"RESOLVE"}, args...)...)
	switch {
	case err != nil:
		return exitUnknown, fmt.Errorf("it is still not known: %w", err)
	case r.IsError():
		return exitUsage, errors.New(r.Text)
	case r.Text == "SATISFIED":
		fmt.Fprintln(out.Stdout, "satisfied: the change took effect")
		return 0, nil
	case r.Text == "REJECTED":
		return 1, errors.New("rejected: the change had no effect, and never will")
	}
	return exitUnknown, errors.New("it was too long ago to tell")
}
