// Test cases as files: sources with the expected error beside the offending line.

// Package cases reads the test files of the engine's front half. A file holds cases, each of which begins with a line
// "=== name". What follows is a source; a line "-- name --" begins a further text of the case: another module, or
// the output that is wanted ("-- want --").
//
// A source line that must be reported ends in a comment \* ERROR "text": the message must contain the text. A line
// may have several. A case without such comments must be accepted.
package cases

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"synod/conformance/tla/syntax"
)

var update = flag.Bool("update", false, "write the wanted outputs of the test cases anew")

// Case is one test case.
type Case struct {
	Name   string
	Source string
	Texts  []Text // the further texts, in order
	Shift  int    // the lines that the function put before the source
}

// Text is a named text of a case.
type Text struct{ Name, Body string }

// Text gives a text by its name, and whether there is one.
func (c *Case) Text(name string) (string, bool) {
	for _, t := range c.Texts {
		if t.Name == name {
			return t.Body, true
		}
	}
	return "", false
}

var (
	caseLine  = regexp.MustCompile(`^=== (.+)$`)
	textLine  = regexp.MustCompile(`^-- (.+) --$`)
	errorMark = regexp.MustCompile(`\\\* ERROR((?: "[^"]*")+)`)
	quoted    = regexp.MustCompile(`"[^"]*"`)
)

// Run runs a function on every case of the files as a subtest. The function gives the output of a case that is
// accepted, which is compared with the case's want text where there is one, and the error otherwise.
func Run(t *testing.T, pattern string, f func(c *Case) (string, error)) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %s (%v)", pattern, err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, list := parse(string(src))
		for i := range list {
			c := &list[i]
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+c.Name, func(t *testing.T) { check(t, c, f) })
		}
		if *update {
			if err := os.WriteFile(file, []byte(format(head, list)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Seeds gives a fuzz target the sources of all cases of the files to begin with.
func Seeds(f *testing.F, pattern string) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		f.Fatalf("no test files: %s (%v)", pattern, err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, list := parse(string(src))
		for _, c := range list {
			f.Add(c.Source)
		}
	}
}

// parse splits a file in the text before the first case, and the cases.
func parse(src string) (string, []Case) {
	var head strings.Builder
	var list []Case
	into := &head
	flush := func() {}
	for _, line := range strings.SplitAfter(src, "\n") {
		bare := strings.TrimRight(line, "\n")
		if m := caseLine.FindStringSubmatch(bare); m != nil {
			flush()
			list = append(list, Case{Name: m[1]})
			into = &strings.Builder{}
			c, b := &list[len(list)-1], into
			flush = func() { c.Source = b.String() }
			continue
		}
		if m := textLine.FindStringSubmatch(bare); m != nil && len(list) > 0 {
			flush()
			i := len(list) - 1
			into = &strings.Builder{}
			b, name := into, m[1]
			flush = func() { list[i].Texts = append(list[i].Texts, Text{name, b.String()}) }
			continue
		}
		into.WriteString(line)
	}
	flush()
	return head.String(), list
}

func format(head string, list []Case) string {
	var b strings.Builder
	b.WriteString(head)
	for _, c := range list {
		b.WriteString("=== " + c.Name + "\n" + c.Source)
		for _, t := range c.Texts {
			b.WriteString("-- " + t.Name + " --\n" + t.Body)
		}
	}
	return b.String()
}

// check compares what a case gives with what it wants.
func check(t *testing.T, c *Case, f func(c *Case) (string, error)) {
	got, err := f(c)
	wanted := wantedErrors(c)
	if len(wanted) > 0 || err != nil {
		checkErrors(t, wanted, err)
		return
	}
	want, ok := c.Text("want")
	if !ok {
		return
	}
	if *update {
		for i := range c.Texts {
			if c.Texts[i].Name == "want" {
				c.Texts[i].Body = got + "\n"
			}
		}
		return
	}
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// mark is an error that is expected: the file and line, and what the message contains.
type mark struct {
	file string
	line int
	text string
}

// SourceName is the file name of a case's first source; the further modules have their own names.
const SourceName = "T.tla"

func wantedErrors(c *Case) []mark {
	list := marks(SourceName, strings.Repeat("\n", c.Shift)+c.Source)
	for _, t := range c.Texts {
		if t.Name != "want" {
			list = append(list, marks(t.Name, t.Body)...)
		}
	}
	return list
}

func marks(file, src string) []mark {
	var list []mark
	for i, line := range strings.Split(src, "\n") {
		m := errorMark.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for _, q := range quoted.FindAllString(m[1], -1) {
			text, _ := strconv.Unquote(strings.ReplaceAll(q, `\`, `\\`))
			list = append(list, mark{file, i + 1, text})
		}
	}
	return list
}

// checkErrors compares the errors with the marks: each must have its counterpart.
func checkErrors(t *testing.T, wanted []mark, err error) {
	list, ok := err.(syntax.ErrorList)
	if err != nil && !ok {
		t.Fatalf("the error is no syntax.ErrorList: %v", err)
	}
	for _, e := range list {
		found := false
		for i, w := range wanted {
			at := e.Span.Start
			if w.file == at.File && w.line == at.Line && strings.Contains(e.Msg, w.text) {
				wanted = append(wanted[:i:i], wanted[i+1:]...)
				found = true
				break
			}
		}
		if !found {
			t.Errorf("unexpected error: %v", e)
		}
	}
	for _, w := range wanted {
		t.Errorf("%s:%d: no error that contains %q", w.file, w.line, w.text)
	}
}
