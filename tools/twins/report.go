// The report: how many twins of which kind, and what became of them.

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"
)

type report struct {
	kinds     map[string]*counts
	specs     map[string]int
	broken    []string // bases that do not conform
	different int
}

// counts are of one kind of twin.
type counts struct{ twins, bad, refused, legal, free, different int }

func newReport() *report { return &report{kinds: map[string]*counts{}, specs: map[string]int{}} }

func (r *report) count(x *ruling) {
	if x.twin.kind == itself {
		if x.ours.String() != "conforms" {
			r.broken = append(r.broken, fmt.Sprintf("%s is no base: %s %s", &x.twin, x.ours, x.ours.bad))
		}
		return
	}
	c := r.kinds[x.twin.kind]
	if c == nil {
		c = &counts{}
		r.kinds[x.twin.kind] = c
	}
	r.specs[x.twin.base.spec.name]++
	c.twins++
	switch {
	case x.ours.bad != "":
		c.bad++
	case len(x.ours.stuck) > 0:
		c.refused++
	default:
		c.legal++
	}
	if x.ours.never != nil {
		c.free++
	}
	if !x.agree() {
		c.different++
		r.different++
	}
}

func (r *report) write(out io.Writer) {
	fmt.Fprintf(out, "%-13s %7s %10s %9s %7s %10s %9s\n", "twins by", "twins", "bad input", "refused", "legal", "any order", "differ")
	var sum counts
	for _, k := range kinds {
		c := r.kinds[k.name]
		if c == nil {
			continue
		}
		c.line(out, k.name)
		sum = counts{sum.twins + c.twins, sum.bad + c.bad, sum.refused + c.refused, sum.legal + c.legal, sum.free + c.free, sum.different + c.different}
	}
	sum.line(out, "all")
	fmt.Fprintf(out, "The checker and TLC agree on %d of %d twins of %d specifications: on the verdict, on the first event that is no step, and on whether another order would do.\n",
		sum.twins-sum.different, sum.twins, len(r.specs))
}

func (c *counts) line(out io.Writer, name string) {
	fmt.Fprintf(out, "%-13s %7d %10d %9d %7d %10d %9d\n", name, c.twins, c.bad, c.refused, c.legal, c.free, c.different)
}

// save writes a twin with both verdicts, as the tests read it, and gives the file.
func save(folder, name string, r *ruling) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(folder, name+".txtar")
	return path, os.WriteFile(path, archive(r), 0o644)
}

// archive is a twin as a file: whose it is, the verdict, and the nodes' files.
func archive(r *ruling) []byte {
	s := r.twin.base.spec.name
	a := &txtar.Archive{
		Comment: fmt.Appendf(nil, "%s, of %s\n", r.twin.kind, r.twin.base.name),
		Files:   []txtar.File{{Name: "spec", Data: []byte(s + "\n")}, {Name: "TLC", Data: []byte(r.tlc.String() + "\n")}},
	}
	a.Files = append(a.Files, r.twin.texts()...)
	return txtar.Format(a)
}

// pinner keeps short twins for the tests: for each way to corrupt a trace one of each outcome, once of the register and
// once of a model, and no more than two of any model.
type pinner struct {
	folder string
	kept   map[string]int
}

func (p *pinner) pin(r *ruling) error {
	if p.folder == "" || len(r.twin.events) > 30 || !r.agree() {
		return nil
	}
	if p.kept == nil {
		p.kept = map[string]int{}
	}
	group, s := "model", r.twin.base.spec.name
	if s == registerName {
		group = "register"
	}
	name := fmt.Sprintf("%s-%s-%s", group, strings.ReplaceAll(r.twin.kind, " ", "-"), strings.Fields(r.tlc.String())[0])
	if p.kept[name] > 0 || group == "model" && p.kept[s] == 2 {
		return nil
	}
	p.kept[name]++
	p.kept[s]++
	_, err := save(p.folder, name, r)
	return err
}
