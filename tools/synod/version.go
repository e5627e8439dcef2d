// Which build this is.

package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"

	"synod/tools/synod/console"
)

// version is set by the Makefile at link time to what git describes.
var version = ""

func versionCommand() command {
	return command{
		name:    "version",
		summary: "prints which build this is",
		help:    "Prints the version, the Go release it was built with and the platform.",
		flags: func(*flag.FlagSet) runner {
			return func(_ context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				fmt.Fprintf(out.Stdout, "synod %s %s %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
				return 0, nil
			}
		},
	}
}

// buildVersion prefers the linked version, then what the module system knows.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
