// The corpus: expressions and what TLC makes of them, kept for a test that needs no Java.

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// entry is one expression of a corpus file and TLC's outcome. A file has a block for each, apart by an empty line:
// the expression as it stands in a module, then a line "= value" or "! error".
type entry struct {
	expression string
	expected   outcome
}

func (e entry) write(w io.Writer) error {
	mark := "= " + e.expected.value
	if e.expected.failed {
		mark = "! " + e.reason()
	}
	_, err := fmt.Fprintf(w, "%s\n%s\n\n", e.expression, mark)
	return err
}

// places matches what TLC adds to an error about where it arose, which differs from batch to batch.
var places = regexp.MustCompile(`\s*line \d+, col \d+ to line \d+, col \d+ of module \w+\s*|@[0-9a-f]+\b`)

// reason is an error's text on one line, without places and files.
func (e entry) reason() string {
	if strings.HasPrefix(e.expected.err, unreadable) {
		return unreadable
	}
	return strings.TrimSpace(strings.ReplaceAll(places.ReplaceAllString(e.expected.err, ""), "\n", " "))
}

// preludeModule is what the corpus keeps of the batch's module: everything but the expressions.
func preludeModule() string { return batch(nil) }

// writePrelude puts the module and the configuration that expressions are evaluated in beside the corpus.
func writePrelude(folder string) error {
	if err := os.WriteFile(filepath.Join(folder, "diff_prelude.tla"), []byte(preludeModule()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "diff_prelude.cfg"), []byte(configuration), 0o644)
}

// rejudge writes a corpus file anew with what TLC makes of its expressions. A block without an outcome gets one, so a
// file may start as a list of expressions.
func rejudge(ctx context.Context, j evaluator, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var expressions []string
	for block := range strings.SplitSeq(strings.Trim(string(data), "\n"), "\n\n") {
		expressions = append(expressions, withoutOutcome(strings.Trim(block, "\n")))
	}
	outcomes, err := isolated(ctx, j, expressions)
	if err != nil {
		return err
	}
	var b strings.Builder
	for i, e := range expressions {
		if err := (entry{e, outcomes[i]}).write(&b); err != nil {
			return err
		}
	}
	return os.WriteFile(file, []byte(strings.TrimRight(b.String(), "\n")+"\n"), 0o644)
}

func withoutOutcome(block string) string {
	at := strings.LastIndexByte(block, '\n')
	last := block[at+1:]
	if at > 0 && (strings.HasPrefix(last, "= ") || strings.HasPrefix(last, "! ")) {
		return block[:at]
	}
	return block
}
