// Random modules: whatever parses is resolved or refused, without a panic.

package resolve_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/syntax/cases"
)

func FuzzLoad(f *testing.F) {
	cases.Seeds(f, "testdata/*.txt")
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
