// Members: which acceptors a cluster has, and how it comes to others while it is in use.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/credentials"

	"synod/impl/client"
	"synod/impl/membership"
	"synod/tools/synod/console"
	"synod/tools/synod/deployment"
)

const memberHelp = `

An acceptor that is to be added, or comes back on an empty folder, must run already, with join set (synod serve acceptor
-join, or join = true in [acceptor]). The change goes through all proposers, so all of them must run; it has every
register written anew. It may be interrupted at any point and goes on with "synod member resume". docs/operate.md
tells more.

  synod member list -config cluster/operator/synod.toml
  synod member add -config cluster/operator/synod.toml a4 127.0.0.1:7004
  synod member remove -config cluster/operator/synod.toml a1
  synod member readmit -config cluster/operator/synod.toml a2 127.0.0.1:7002
  synod member resume -config cluster/operator/synod.toml
  synod member restore -config cluster/operator/synod.toml p3        a proposer that lost its disk, and runs on an empty folder
  synod member replace -proposers p1=127.0.0.1:7101,p2=127.0.0.1:7102 a1 a4 127.0.0.1:7004

Exit codes: 0 done, 1 not done, or not to its end, 2 a wrong flag or file.`

// operatorFlags say where the proposers are.
type operatorFlags struct {
	config    string
	proposers string
	timeout   time.Duration
}

func (f *operatorFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.config, "config", os.Getenv(configVariable), "the operator's `file` (default: what "+configVariable+" says)")
	set.StringVar(&f.proposers, "proposers", "", "all proposers of a cluster on this machine, `names` with =host:port each, instead of a file")
	set.DurationVar(&f.timeout, "timeout", 10*time.Minute, "how `long` to try")
}

// open connects to all proposers. creds are those for acceptors, too.
func (f *operatorFlags) open() (o *client.Operators, creds credentials.TransportCredentials, err error) {
	o = &client.Operators{Proposers: map[string]*client.Client{}}
	addresses := map[string]string{}
	switch {
	case f.proposers != "":
		for _, entry := range strings.Split(f.proposers, ",") {
			name, address, ok := strings.Cut(strings.TrimSpace(entry), "=")
			if !ok || name == "" {
				return nil, nil, fmt.Errorf("-proposers: %q is not name=host:port", entry)
			}
			addresses[name] = address
		}
	case f.config == "":
		return nil, nil, errors.New("which -config file? (or -proposers name=host:port,...)")
	default:
		file, err := deployment.Read(f.config, deployment.Overrides(os.Environ())...)
		if err != nil {
			return nil, nil, err
		}
		for name, p := range file.Cluster.Proposers {
			if p.Address == "" {
				return nil, nil, fmt.Errorf("%s: the address of proposer %s is missing", f.config, name)
			}
			addresses[name] = p.Address
		}
		cfg, err := file.OperatorTLS()
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.config, err)
		}
		if cfg != nil {
			creds = credentials.NewTLS(cfg)
		}
	}
	for name, address := range addresses {
		if o.Proposers[name], err = client.Dial(address, creds); err != nil {
			return nil, nil, fmt.Errorf("proposer %s: %w", name, err)
		}
	}
	return o, creds, nil
}

// newcomer asks an acceptor that is to become a member who it is.
func newcomer(ctx context.Context, o *client.Operators, name, address string, creds credentials.TransportCredentials) (membership.Member, error) {
	s, err := askStatus(ctx, address, creds)
	if err != nil {
		return membership.Member{}, fmt.Errorf("acceptor %s at %s, which must run before it becomes a member: %w", name, address, err)
	}
	if s.Node != name || s.Role != "acceptor" {
		return membership.Member{}, fmt.Errorf("at %s there is %s %s, not acceptor %s", address, s.Role, s.Node, name)
	}
	if s.Commits != 0 {
		return membership.Member{}, fmt.Errorf("the data folder of %s is not empty: who becomes a member, or one again, begins on an empty one", name)
	}
	o.Hear(s.Clock)
	return membership.Member{Address: address, Incarnation: s.Incarnation}, nil
}

// memberCommand makes a subcommand of "member". more declares flags of its own; it may be nil.
func memberCommand(name, args, summary string, n int, more func(*flag.FlagSet), run func(ctx context.Context, out *console.Console, o *client.Operators, creds credentials.TransportCredentials, args []string) error) command {
	return command{
		name: "member " + name, args: args, summary: summary, help: strings.ToUpper(summary[:1]) + summary[1:] + "." + memberHelp,
		flags: func(set *flag.FlagSet) runner {
			var f operatorFlags
			f.register(set)
			if more != nil {
				more(set)
			}
			return func(ctx context.Context, out *console.Console, got []string) (int, error) {
				if len(got) != n {
					return exitUsage, fmt.Errorf("takes %d arguments (%s), got %d", n, args, len(got))
				}
				o, creds, err := f.open()
				if err != nil {
					return exitUsage, err
				}
				o.Report = func(text string) { out.Progress("%s", text) }
				ctx, cancel := context.WithTimeout(ctx, f.timeout)
				defer cancel()
				err = run(ctx, out, o, creds, got)
				out.Settle()
				if err != nil {
					return 1, err
				}
				return 0, nil
			}
		},
	}
}

// changing makes a subcommand that changes the membership. change gives what is wanted; the new member, if there is one,
// has the name and address of the last two arguments that it gives.
func changing(kind, args, summary string, n int, of func(args []string) (c membership.Change, name, address string)) command {
	return memberCommand(kind, args, summary, n, nil, func(
		ctx context.Context, out *console.Console, o *client.Operators, creds credentials.TransportCredentials, args []string,
	) error {
		c, name, address := of(args)
		c.Kind = kind
		if name != "" {
			var err error
			if c.New, err = newcomer(ctx, o, name, address, creds); err != nil {
				return err
			}
		}
		if err := o.Change(ctx, c); err != nil {
			if errors.Is(err, membership.ErrUnderWay) {
				err = fmt.Errorf("%w: synod member resume goes on with it", err)
			}
			return err
		}
		out.Settle()
		return listMembers(ctx, out, o)
	})
}

const memberFilesHelp = `
Writes the files of a machine whose acceptor is to become a member: its configuration, like that of another machine of
the cluster, a key, and a certificate that the cluster's authority signs. Copy the folder to the machine, start it there
(synod serve -config DIR/synod.toml), and then: synod member add.

  synod member files -like cluster/node1/synod.toml -authority cluster/authority a4 four.example.org:7001 cluster/node4

Exit codes: 0 written, 2 a wrong flag, or files that cannot be read or written.`

func memberFilesCommand() command {
	return command{
		name: "member files", args: "NAME HOST:PORT DIR", summary: "writes the files of an acceptor that is to be a member", help: memberFilesHelp,
		flags: func(set *flag.FlagSet) runner {
			like := set.String("like", "", "the configuration `file` of another machine")
			authority := set.String("authority", "", "the `folder` with ca.crt and ca.key")
			return func(_ context.Context, _ *console.Console, args []string) (int, error) {
				if len(args) != 3 || *like == "" || *authority == "" {
					return exitUsage, errors.New("takes -like, -authority and NAME HOST:PORT DIR")
				}
				f, err := deployment.Read(*like)
				if err != nil {
					return exitUsage, err
				}
				return 0, deployment.Join(args[2], f, *authority, args[0], args[1])
			}
		},
	}
}

func memberCommands() []command {
	return []command{
		memberFilesCommand(),
		memberCommand("list", "", "shows the acceptors in each proposer's configuration", 0, nil, func(
			ctx context.Context, out *console.Console, o *client.Operators, _ credentials.TransportCredentials, _ []string,
		) error {
			return listMembers(ctx, out, o)
		}),
		changing(membership.Add, "NAME HOST:PORT", "makes a running acceptor a member", 2, func(a []string) (membership.Change, string, string) {
			return membership.Change{Name: a[0]}, a[0], a[1]
		}),
		changing(membership.Remove, "NAME", "takes an acceptor out", 1, func(a []string) (membership.Change, string, string) {
			return membership.Change{Name: a[0]}, "", ""
		}),
		changing(membership.Replace, "NAME BY HOST:PORT", "takes an acceptor out and makes another one a member", 3, func(a []string) (membership.Change, string, string) {
			return membership.Change{Name: a[0], By: a[1]}, a[1], a[2]
		}),
		changing(membership.Readmit, "NAME HOST:PORT", "makes an acceptor that has lost its disk a member again", 2, func(a []string) (membership.Change, string, string) {
			return membership.Change{Name: a[0]}, a[0], a[1]
		}),
		memberCommand("resume", "", "goes on with a change that was interrupted", 0, nil, func(
			ctx context.Context, out *console.Console, o *client.Operators, _ credentials.TransportCredentials, _ []string,
		) error {
			if err := o.Resume(ctx); err != nil {
				return err
			}
			out.Settle()
			return listMembers(ctx, out, o)
		}),
		restoreCommand(),
	}
}

func restoreCommand() command {
	var alone bool
	return memberCommand("restore", "NAME", "brings a proposer back that has lost its disk", 1, func(set *flag.FlagSet) {
		set.BoolVar(&alone, "alone", false, "also while a change of the acceptors is under way, with which no other operator goes on")
	}, func(ctx context.Context, out *console.Console, o *client.Operators, _ credentials.TransportCredentials, args []string) error {
		if err := o.Restore(ctx, args[0], alone); err != nil {
			return err
		}
		out.Settle()
		return listMembers(ctx, out, o)
	})
}

// listMembers prints a line for each proposer, and what is under way.
func listMembers(ctx context.Context, out *console.Console, o *client.Operators) error {
	plan, err := o.Plan(ctx)
	if err != nil {
		return err
	}
	found, errs := o.Configurations(ctx)
	stage, number := plan.Last()
	for _, name := range slices.Sorted(maps.Keys(stage.Members)) {
		m := stage.Members[name]
		fmt.Fprintf(out.Stdout, "%-4s %-21s member since configuration %d\n", name, m.Address, m.Since)
	}
	for _, name := range slices.Sorted(maps.Keys(o.Proposers)) {
		if errs[name] != nil {
			fmt.Fprintf(out.Stdout, "%-4s does not answer: %v\n", name, errs[name])
			continue
		}
		c := found[name]
		fmt.Fprintf(out.Stdout, "%-4s configuration %d: asks %s, tells %s\n", name, c.Number(),
			strings.Join(c.Stage().Ask, " "), strings.Join(c.Stage().Tell, " "))
	}
	if !plan.Done {
		fmt.Fprintf(out.Stdout, "under way: %s, to configuration %d (synod member resume goes on with it)\n", plan.What, number)
	}
	return nil
}
