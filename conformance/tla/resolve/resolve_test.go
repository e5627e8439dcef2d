// The resolver against its test files.

package resolve_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/syntax/cases"
)

// files gives the modules of a case as a file system: the first source is the inside of module T, unless it has its
// own head.
func files(c *cases.Case) fstest.MapFS {
	src := c.Source
	if !strings.Contains(src, "MODULE T ") {
		src = "---- MODULE T ----\n" + src + "====\n"
		c.Shift = 1
	}
	fsys := fstest.MapFS{cases.SourceName: {Data: []byte(src)}}
	for _, t := range c.Texts {
		if strings.HasSuffix(t.Name, ".tla") {
			fsys[t.Name] = &fstest.MapFile{Data: []byte(t.Body)}
		}
	}
	return fsys
}

func TestResolve(t *testing.T) {
	cases.Run(t, "testdata/*.txt", func(c *cases.Case) (string, error) {
		p, err := resolve.Load(cases.SourceName, resolve.Options{FS: files(c)})
		if err != nil {
			return "", err
		}
		text := printModule(p.Root)
		for _, w := range p.Warnings {
			text += "\nwarning: " + w.Error()
		}
		return text, nil
	})
}

func load(t *testing.T, src string) *resolve.Program {
	t.Helper()
	p, err := resolve.LoadText("T.tla", []byte("---- MODULE T ----\n"+src+"\n====\n"), resolve.Options{FS: fstest.MapFS{}})
	require.NoError(t, err)
	return p
}

func TestParseExpr(t *testing.T) {
	p := load(t, "EXTENDS Naturals\nVARIABLE x\nInc(n) == x' = x + n\nINSTANCE TLC")
	e, err := p.ParseExpr(p.Root, "cli", `Inc(1) /\ PrintT(x)`, nil)
	require.NoError(t, err)
	require.Equal(t, resolve.LevelAction, e.Level())
	require.Equal(t, `/\[Inc(1), TLC.PrintT(VAR x)]`, (&printer{p.Root}).expr(e))

	local := &resolve.Local{Name: "n"}
	e, err = p.ParseExpr(p.Root, "cli", `n + x`, []*resolve.Local{local})
	require.NoError(t, err)
	require.Equal(t, resolve.LevelState, e.Level())
	require.Same(t, local, e.(*resolve.Call).Args[0].(*resolve.LocalRef).Local)

	_, err = p.ParseExpr(p.Root, "cli", "y + 1", nil)
	require.EqualError(t, err, "cli:1:1: unknown name y")
	_, err = p.ParseExpr(p.Root, "cli", "Inc(1)'", nil)
	require.EqualError(t, err, "cli:1:1: the operand of ' must be at most a state function, but this is an action")
	_, err = p.ParseExpr(p.Root, "cli", "(x", nil)
	require.ErrorContains(t, err, "cli:1:3: expected )")
}

func TestOperator(t *testing.T) {
	p := load(t, "EXTENDS Integers\nCONSTANTS C, Op(_)\nVARIABLE x\nInc(n) == x + n\nI == INSTANCE TLC")
	at := syntax.Span{Start: syntax.Pos{File: "m.cfg", Line: 3, Col: 7}}
	for name, arity := range map[string]int{"C": 0, "Op": 1, "Inc": 1, "I!Print": 2, "+": 2, "Nat": 0} {
		op, v, err := p.Operator(p.Root, name, at)
		require.NoError(t, err, name)
		require.Nil(t, v)
		require.Equal(t, arity, op.Arity, name)
		require.True(t, op.Def != nil || op.Const != nil)
	}
	require.Subset(t, p.Root.Names(), []string{"C", "I", "Inc", "Nat", "Op", "x"})
	_, v, err := p.Operator(p.Root, "x", at)
	require.NoError(t, err)
	require.Equal(t, "x", v.Name)
	for name, want := range map[string]string{
		"Ink":     "m.cfg:3:7: unknown name Ink; did you mean Inc?",
		"I!Prind": "m.cfg:3:7: module TLC has no definition of Prind; did you mean Print?",
		"I":       "m.cfg:3:7: I is an instance of module TLC; what is meant in it must be named: I!Op",
		"1":       "m.cfg:3:7: 1 is not the name of an operator",
		"Inc!1":   "m.cfg:3:7: Inc!1 names a part of a definition, not an operator",
	} {
		_, _, err := p.Operator(p.Root, name, at)
		require.EqualError(t, err, want)
	}
}

// The search order: the folder of the root, then the further folders, then the modules that ship with the engine. What stands for
// a core module keeps its standing.
func TestSearchOrder(t *testing.T) {
	module := func(name, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---- MODULE " + name + " ----\n" + body + "\n====\n")}
	}
	fsys := fstest.MapFS{
		"spec/T.tla":           module("T", "EXTENDS A, B, SequencesExt, Sequences"),
		"spec/A.tla":           module("A", "a == 1"),
		"lib/A.tla":            module("A", "other == 1"),
		"lib/B.tla":            module("B", "b == 1"),
		"lib/SequencesExt.tla": module("SequencesExt", "mine == 1"),
		"lib/Sequences.tla":    module("Sequences", "theirs == 2"),
	}
	p, err := resolve.Load("spec/T.tla", resolve.Options{FS: fsys, Folders: []string{"lib"}})
	require.NoError(t, err)
	require.Contains(t, p.Root.Scope, "a")
	require.NotContains(t, p.Root.Scope, "other")
	require.Contains(t, p.Root.Scope, "b")
	require.Equal(t, "lib/SequencesExt.tla", p.Modules["SequencesExt"].File)
	require.False(t, p.Modules["SequencesExt"].Standard)
	require.True(t, p.Modules["Sequences"].Standard)
	require.Equal(t, "lib/Sequences.tla", p.Modules["Sequences"].File)
	require.Contains(t, p.Root.Scope, "theirs")

	_, err = resolve.Load("spec/No.tla", resolve.Options{FS: fsys})
	require.ErrorContains(t, err, "spec/No.tla")
	_, err = resolve.Load("spec/T.tla", resolve.Options{FS: fsys})
	require.EqualError(t, err, "spec/T.tla:2:12: there is no module B")
}

// Every module that ships with the engine resolves without a warning, alone and all together.
func TestStandardModules(t *testing.T) {
	for _, name := range resolve.StandardModules() {
		p := load(t, "INSTANCE TLC\nS == INSTANCE "+name+map[bool]string{true: " WITH now <- 0"}[name == "RealTime"])
		require.Empty(t, p.Warnings, name)
		require.True(t, p.Modules[name].Standard)
		require.NotEmpty(t, p.Modules[name].Scope)
	}
}

func TestSuggest(t *testing.T) {
	names := []string{"Append", "Head", "Tail", "Len", "acceptedBallot"}
	for unknown, want := range map[string]string{
		"Apend": "Append", "append": "Append", "Haed": "Head", "Lenn": "Len", "acceptdBalot": "acceptedBallot",
		"Completely": "", "x": "", "acceptedballot": "acceptedBallot",
	} {
		got := resolve.Suggest(unknown, names)
		if want == "" {
			require.Empty(t, got, unknown)
			continue
		}
		require.Equal(t, "; did you mean "+want+"?", got)
	}
}

// A definition in a LET is of no module, though it may have the name of a module's operator.
func TestLetDefinitionsHaveNoModule(t *testing.T) {
	p := load(t, "a == LET b == 1 RECURSIVE c c == 2 IN {b, c}")
	let := p.Root.Defs[0].Body.(*resolve.Let)
	require.Len(t, let.Defs, 2)
	for _, d := range let.Defs {
		require.Nil(t, d.Module)
	}
	require.Same(t, p.Root, p.Root.Defs[0].Module)
}

// The specifications of this repository load; those of one protocol may use the modules of another.
func TestSpecifications(t *testing.T) {
	folders, err := filepath.Glob("../../../spec/*")
	require.NoError(t, err)
	modules, err := filepath.Glob("../../../spec/*/*.tla")
	require.NoError(t, err)
	require.Greater(t, len(modules), 10)
	for _, file := range modules {
		_, err := resolve.Load(file, resolve.Options{Folders: folders})
		require.NoError(t, err)
	}
}
