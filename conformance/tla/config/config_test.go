// Configuration files against their test file.

package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla/config"
	"synod/conformance/tla/syntax/cases"
)

func TestParse(t *testing.T) {
	cases.Run(t, "testdata/*.txt", func(c *cases.Case) (string, error) {
		f, err := config.Parse(cases.SourceName, []byte(c.Source))
		if err != nil {
			return "", err
		}
		return print(f), nil
	})
}

// print gives a file's entries, one a line.
func print(f *config.File) string {
	var b strings.Builder
	for _, c := range f.Constants {
		b.WriteString(c.Name.Text)
		if c.Args != nil {
			b.WriteString("(" + values(c.Args) + ")")
		}
		fmt.Fprintf(&b, " = %s%s\n", module(c.Module), value(c.Value))
	}
	for _, o := range f.Overrides {
		fmt.Fprintf(&b, "%s <- %s%s\n", o.Name.Text, module(o.Module), o.Target.Text)
	}
	one := func(word string, n *config.Name) {
		if n != nil {
			fmt.Fprintf(&b, "%s %s\n", word, n.Text)
		}
	}
	list := func(word string, names []config.Name) {
		for i := range names {
			one(word, &names[i])
		}
	}
	one("INIT", f.Init)
	one("NEXT", f.Next)
	one("SPECIFICATION", f.Specification)
	list("INVARIANT", f.Invariants)
	list("PROPERTY", f.Properties)
	list("CONSTRAINT", f.Constraints)
	list("ACTION_CONSTRAINT", f.ActionConstraints)
	list("SYMMETRY", f.Symmetry)
	one("VIEW", f.View)
	one("ALIAS", f.Alias)
	list("POSTCONDITION", f.Postconditions)
	list("ignored", f.Ignored)
	list("unused", f.Unused)
	if f.CheckDeadlock != nil {
		fmt.Fprintf(&b, "CHECK_DEADLOCK %s\n", strings.ToUpper(fmt.Sprint(f.CheckDeadlock.Value)))
	}
	return b.String()
}

func module(n *config.Name) string {
	if n == nil {
		return ""
	}
	return "[" + n.Text + "] "
}

func values(list []config.Value) string {
	var texts []string
	for _, v := range list {
		texts = append(texts, value(v))
	}
	return strings.Join(texts, ", ")
}

func value(v config.Value) string {
	switch v := v.(type) {
	case *config.Number:
		return v.Text
	case *config.String:
		return fmt.Sprintf("%q", v.Text)
	case *config.Bool:
		return strings.ToUpper(fmt.Sprint(v.Value))
	case *config.ModelValue:
		return "model value " + v.Name
	case *config.Set:
		return "{" + values(v.Items) + "}"
	case *config.Tuple:
		return "<<" + values(v.Items) + ">>"
	case *config.Record:
		var texts []string
		for i, name := range v.Names {
			texts = append(texts, name+" |-> "+value(v.Values[i]))
		}
		return "[" + strings.Join(texts, ", ") + "]"
	}
	return fmt.Sprintf("?%T", v)
}

// Every entry has its place in the file.
func TestPlaces(t *testing.T) {
	f, err := config.Parse("m.cfg", []byte("CONSTANT\n  S = {a, -1}\n  N <- V!Nat\nINVARIANT V!Inv"))
	require.NoError(t, err)
	set := f.Constants[0].Value
	require.Equal(t, "m.cfg:2:7", set.Span().Start.String())
	require.Equal(t, 13, set.Span().EndCol)
	require.Equal(t, "m.cfg:2:11", set.(*config.Set).Items[1].Span().Start.String())
	require.Equal(t, "m.cfg:3:8", f.Overrides[0].Target.Span.Start.String())
	require.Equal(t, 12, f.Overrides[0].Target.Span.EndCol)
	require.Equal(t, "m.cfg:4:11", f.Invariants[0].Span.Start.String())
}

func TestDepthIsBounded(t *testing.T) {
	_, err := config.Parse("m.cfg", []byte("CONSTANT a = "+strings.Repeat("{", 100000)))
	require.ErrorContains(t, err, "values nest more than")
}

func TestKeywords(t *testing.T) {
	require.Contains(t, config.Keywords(), "PROPERTIES")
	require.IsIncreasing(t, config.Keywords())
}

func FuzzParse(f *testing.F) {
	cases.Seeds(f, "testdata/*.txt")
	f.Add("CONSTANTS a = {1, <<b>>} c <- [M] d\nINIT Init NEXT Next CHECK_DEADLOCK FALSE")
	f.Add("INVARIANT V!Inv PROPERTY P SYMMETRY Perms \\* comment\nVIEW (* x *) v")
	f.Fuzz(func(t *testing.T, src string) {
		file, err := config.Parse("m.cfg", []byte(src))
		if err == nil {
			print(file)
		}
	})
}
