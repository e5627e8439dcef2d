// The command's front door: which subcommands there are, and how their flags and errors are treated.

// Synod model-checks TLA+ specifications, runs a Paxos register on real processes, and replays what those
// processes did on the specification, action by action.
//
// Every subcommand takes its flags before its arguments and explains itself with -h. Wrong flags and unreadable
// input end with one line on standard error and exit code 2; other codes are a subcommand's own and its -h
// lists them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"synod/tools/synod/console"
)

// exitUsage is the code for wrong flags and unreadable input.
const exitUsage = 2

// command is one subcommand: what it is called and what it does. A name of two words ("serve acceptor") is a
// subcommand of a group.
type command struct {
	name    string
	args    string // the arguments in the usage line, such as "Spec.tla"
	summary string // one line in the list of subcommands
	help    string // what -h says below the usage line: purpose, examples and exit codes
	// flags declares the subcommand's flags and returns what runs once they are parsed.
	flags func(*flag.FlagSet) runner
}

// runner does a subcommand's work. An error is printed on one line; with code 0 it ends with exitUsage.
type runner func(ctx context.Context, out *console.Console, args []string) (code int, err error)

// commands lists the subcommands in the order in which help shows them.
func commands() []command {
	return append([]command{
		demoCommand(), soakCommand(), checkCommand(), replayCommand(), tlcCommand(), ladderCommand(), crosscheckCommand(),
		initCommand(), acceptorCommand(), proposerCommand(), replicaCommand(), serveCommand(),
		getCommand(), setCommand(), casCommand(), addCommand(), delCommand(), resolveCommand(), lockCommand(), leaseCommand(), changeCommand(), statusCommand(), mergeCommand(), coverageCommand(), benchReplayCommand(), benchFollowCommand(), benchCheckCommand(), benchClusterCommand(), benchFailoverCommand(), benchRedisCommand(), benchLoadCommand(), versionCommand(),
	}, append(memberCommands(), shardCommands()...)...)
}

func main() {
	// An interrupt, a termination and a closed terminal cancel the context: each subcommand then ends what it
	// started. A second signal ends this process at once; children die with it.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop)
	code := dispatch(ctx, console.New(os.Stdout, os.Stderr), os.Args[1:])
	stop()
	os.Exit(code)
}

// dispatch finds the subcommand that args name, parses its flags and runs it. It returns the exit code.
func dispatch(ctx context.Context, out *console.Console, args []string) int {
	if len(args) == 0 {
		overview(out.Stderr)
		return exitUsage
	}
	switch args[0] {
	case "-h", "-help", "--help", "help":
		overview(out.Stdout)
		return 0
	}
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == c.name {
			return c.invoke(ctx, out, args[len(words):])
		}
	}
	if members := group(args[0]); len(members) > 0 {
		if len(args) > 1 && isHelp(args[1]) {
			fmt.Fprintf(out.Stdout, "synod %s is followed by one of: %s\n", args[0], strings.Join(members, ", "))
			return 0
		}
		fmt.Fprintf(out.Stderr, "synod: %s is followed by one of: %s\n", args[0], strings.Join(members, ", "))
		return exitUsage
	}
	fmt.Fprintf(out.Stderr, "synod: there is no subcommand %q (synod -h lists them)\n", args[0])
	return exitUsage
}

// group returns the second words of the subcommands whose first word is name.
func group(name string) []string {
	var members []string
	for _, c := range commands() {
		if first, second, ok := strings.Cut(c.name, " "); ok && first == name {
			members = append(members, second)
		}
	}
	return members
}

func isHelp(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }

// overview lists the subcommands.
func overview(w io.Writer) {
	fmt.Fprint(w, "Synod: Paxos you can check.\n\nUsage: synod SUBCOMMAND [flags] [arguments]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-16s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nsynod SUBCOMMAND -h explains one. Start with: synod demo\n")
}

// invoke parses the flags in args and runs the subcommand.
func (c command) invoke(ctx context.Context, out *console.Console, args []string) int {
	set := flag.NewFlagSet(c.name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	run := c.flags(set)
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		c.usage(out.Stdout, set)
		return 0
	}
	if err == nil {
		err = flagsFirst(set)
	}
	if err != nil {
		fmt.Fprintf(out.Stderr, "synod %s: %v (synod %s -h lists the flags)\n", c.name, err, c.name)
		return exitUsage
	}
	code, err := run(ctx, out, set.Args())
	if err != nil {
		fmt.Fprintf(out.Stderr, "synod %s: %v\n", c.name, err)
		if code == 0 {
			code = exitUsage
		}
	}
	return code
}

// flagsFirst refuses a flag behind an argument: the flag package would take it for an argument in silence.
func flagsFirst(set *flag.FlagSet) error {
	for _, arg := range set.Args() {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if strings.HasPrefix(arg, "-") && set.Lookup(name) != nil {
			return fmt.Errorf("flags come before arguments: move %s forward", arg)
		}
	}
	return nil
}

// usage prints what -h says.
func (c command) usage(w io.Writer, set *flag.FlagSet) {
	line := "Usage: synod " + c.name
	hasFlags := false
	set.VisitAll(func(*flag.Flag) { hasFlags = true })
	if hasFlags {
		line += " [flags]"
	}
	if c.args != "" {
		line += " " + c.args
	}
	fmt.Fprintf(w, "%s\n\n%s\n", line, strings.TrimSpace(c.help))
	if hasFlags {
		fmt.Fprint(w, "\nFlags:\n")
		set.SetOutput(w)
		set.PrintDefaults()
		set.SetOutput(io.Discard)
	}
}
