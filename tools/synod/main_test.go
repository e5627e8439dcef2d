// The command line: help for everyone, one clear line and exit code 2 for what is wrong.

package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/tools/synod/console"
)

// invoke runs the command line in this process.
func invoke(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = dispatch(context.Background(), &console.Console{Stdout: &out, Stderr: &err}, args)
	return code, out.String(), err.String()
}

func TestEverySubcommandExplainsItself(t *testing.T) {
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			words := strings.Fields(c.name)
			code, stdout, stderr := invoke(append(words, "-h")...)
			require.Zero(t, code)
			require.Empty(t, stderr)
			require.Contains(t, stdout, "Usage: synod "+c.name)
			if c.name != "version" {
				require.Contains(t, stdout, "  synod "+c.name, "help has an example")
			}
			set := flag.NewFlagSet(c.name, flag.ContinueOnError)
			c.flags(set)
			set.VisitAll(func(f *flag.Flag) { require.Contains(t, stdout, "-"+f.Name) })
		})
	}
	code, stdout, _ := invoke("-h")
	require.Zero(t, code)
	for _, c := range commands() {
		require.Contains(t, stdout, c.name)
		require.Contains(t, stdout, c.summary)
	}
}

func TestWrongCommandLines(t *testing.T) {
	folder := t.TempDir()
	notATrace := filepath.Join(folder, "x.ndjson")
	require.NoError(t, os.WriteFile(notATrace, []byte("{\"synod\":1,\n"), 0o644))
	spec := filepath.Join(folder, "Lonely.tla")
	require.NoError(t, os.WriteFile(spec, []byte("---- MODULE Lonely ----\n====\n"), 0o644))
	stranger := filepath.Join(folder, "stranger")
	require.NoError(t, os.Mkdir(stranger, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(stranger, "file"), nil, 0o644))
	cases := []struct {
		name string
		args []string
		says string
	}{
		{"an unknown subcommand", []string{"prove"}, `no subcommand "prove"`},
		{"half a subcommand", []string{"serve"}, "acceptor, proposer"},
		{"an unknown half", []string{"trace", "cut"}, "merge"},
		{"an unknown flag", []string{"check", "-depth", "3", "A.tla"}, "-depth"},
		{"a flag that is no number", []string{"check", "-workers", "many", "A.tla"}, "many"},
		{"a flag behind an argument", []string{"check", "A.tla", "-workers", "2"}, "flags come before arguments"},
		{"no specification", []string{"check"}, "Spec.tla"},
		{"two specifications", []string{"check", "A.tla", "B.tla"}, "A.tla B.tla"},
		{"no configuration", []string{"check", spec}, "-config"},
		{"a configuration that is nowhere", []string{"check", "-config", "None.cfg", spec}, "None.cfg"},
		{"negative workers", []string{"check", "-workers", "-1", spec}, "-workers -1"},
		{"a manifest and a specification", []string{"check", "-manifest", "m.json", spec}, "-manifest"},
		{"a manifest that is nowhere", []string{"check", "-manifest", filepath.Join(folder, "none.json")}, "none.json"},
		{"no trace", []string{"replay"}, "TRACE"},
		{"a trace that is nowhere", []string{"replay", filepath.Join(folder, "none.ndjson")}, "none.ndjson"},
		{"a trace that is none", []string{"replay", notATrace}, "x.ndjson:1:"},
		{"a format that is none", []string{"replay", "-format", "html", notATrace}, "html"},
		{"a sample that is none", []string{"replay", "-follow", "-sample", "10", notATrace}, "1/n"},
		{"a sample of what is there", []string{"replay", "-sample", "1/10", notATrace}, "-follow"},
		{"a live trace in any order", []string{"replay", "-follow", "-reorder", notATrace}, "-reorder"},
		{"nothing to follow", []string{"replay", "-follow"}, "TRACE"},
		{"an address that is none", []string{"replay", "-listen", "here"}, "here"},
		{"no coverage to add up", []string{"trace", "coverage"}, "COVERAGE"},
		{"nothing to merge", []string{"trace", "merge"}, "TRACE"},
		{"a bug that is none", []string{"demo", "-break", "everything"}, "everything"},
		{"a demo without end", []string{"demo", "-duration", "1ms"}, "1ms"},
		{"a demo without clients", []string{"demo", "-clients", "0"}, "-clients 0"},
		{"a demo with an argument", []string{"demo", "now"}, "now"},
		{"a demo in somebody's folder", []string{"demo", "-dir", stranger}, "not a demo's"},
		{"an acceptor without a name", []string{"serve", "acceptor", "-data", folder}, "-id"},
		{"an acceptor without a folder", []string{"serve", "acceptor", "-id", "a1"}, "-data"},
		{"an acceptor of another cluster", []string{"serve", "acceptor", "-id", "a9", "-data", folder}, "a9"},
		{"a proposer without addresses", []string{"serve", "proposer", "-id", "p1", "-data", folder}, "a1=host:port"},
		{"a proposer without an id", []string{"serve", "proposer", "-id", "p1", "-data", folder, "-proposers", "p1"}, "name=id"},
		{"no module for TLC", []string{"tlc"}, "Spec.tla"},
		{"an argument for version", []string{"version", "2"}, "no arguments"},
		{"a load that is none", []string{"bench", "cluster", "-kinds", "push"}, "push"},
		{"a system that is none", []string{"bench", "cluster", "-systems", "abacus"}, "abacus"},
		{"a store that is none", []string{"bench", "load", "-store", "abacus"}, "-store"},
		{"a load without a node", []string{"bench", "load"}, "-addresses"},
		{"a length that is none", []string{"bench", "replay", "-events", "ten"}, "ten"},
		{"more wrong registers than there are", []string{"bench", "follow", "-instances", "10", "-wrong", "11"}, "-wrong"},
	}
	t.Chdir(filepath.Join("..", "..")) // where the specifications are found
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := invoke(c.args...)
			require.Equal(t, exitUsage, code, stderr)
			require.Contains(t, stderr, c.says)
			require.Equal(t, 1, strings.Count(stderr, "\n"), "one line: %q", stderr)
			require.NotContains(t, stderr, "goroutine")
			if c.args[0] != "bench" {
				require.Empty(t, stdout)
			}
		})
	}
	code, _, stderr := invoke()
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "Usage")
}

func TestVersion(t *testing.T) {
	code, stdout, _ := invoke("version")
	require.Zero(t, code)
	require.Regexp(t, `^synod \S+ go1\.\d+\S* \w+/\w+\n$`, stdout)
}
