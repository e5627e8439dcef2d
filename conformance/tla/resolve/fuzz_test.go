// Random modules: whatever parses is resolved or refused, without a panic.

package resolve_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range strings.Split(string(src), "\n=== ")[1:] {
			_, body, _ := strings.Cut(c, "\n")
			body, _, _ = strings.Cut(body, "\n-- ")
			f.Add(body)
		}
	}
	other := &fstest.MapFile{Data: []byte("---- MODULE M ----\nCONSTANTS c, Op(_)\nVARIABLE x\nm == x = c\nn(p) == Op(p)\n====\n")}
	f.Fuzz(func(t *testing.T, body string) {
		src := []byte("---- MODULE T ----\n" + body + "\n====\n")
		p, err := resolve.LoadText("T.tla", src, resolve.Options{FS: fstest.MapFS{"M.tla": other}})
		if err == nil {
			printModule(p.Root)
			return
		}
		var list syntax.ErrorList
		if !errors.As(err, &list) {
			t.Fatalf("the error is no list: %v", err)
		}
		for _, e := range list {
			if !e.Span.Start.IsValid() {
				t.Fatalf("the error has no place: %v", e)
			}
		}
	})
}
