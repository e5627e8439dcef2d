// Rungs: which there are, in which order, and what is known about each.

package ladder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"synod/tools/synod/models"
)

// Rung is one protocol of the ladder.
type Rung struct {
	ID    string  // "7b": a number, and a letter where several rungs share it
	Title string  // what is new on this rung
	Final []Final // where its shortest counterexamples end, up to the names; nil where there are too many to list
	Model models.Model
}

// Breaks reports whether the rung is one that must fail.
func (r Rung) Breaks() bool { return r.Model.Result != "ok" }

// Number is the rung's number without its letter.
func (r Rung) Number() int {
	n, err := strconv.Atoi(strings.TrimRight(r.ID, "abcdefghijklmnopqrstuvwxyz"))
	if err != nil {
		panic("rung " + r.ID + ": Read lets no such id pass")
	}
	return n
}

// module is the name of the rung's module.
func (r Rung) module() string { return strings.TrimSuffix(filepath.Base(r.Model.Spec), ".tla") }

// Ladder is the list of the rungs, from the lowest.
type Ladder struct{ Rungs []Rung }

// entry is a rung as the ladder's manifest has it. What checking it must give is in the manifest of all models.
type entry struct {
	ID    string  `json:"rung"`
	Model string  `json:"model"`
	Title string  `json:"title"`
	Final []Final `json:"final"`
}

var rungID = regexp.MustCompile(`^\d{1,3}[a-z]?$`)

// Read reads the ladder of a folder of specifications: ladder/manifest.json for the order of the rungs, manifest.json
// for what each must give.
func Read(folder string) (*Ladder, error) {
	all, err := models.Read(filepath.Join(folder, "manifest.json"))
	if err != nil {
		return nil, err
	}
	byName := map[string]models.Model{}
	for _, m := range all.Models {
		byName[m.Name] = m
	}
	path := filepath.Join(folder, "ladder", "manifest.json")
	entries, err := readEntries(path)
	if err != nil {
		return nil, err
	}
	ladder := &Ladder{}
	seen := map[string]bool{}
	for i, e := range entries {
		m, ok := byName[e.Model]
		switch {
		case !rungID.MatchString(e.ID) || seen[e.ID]:
			return nil, fmt.Errorf("%s: rung %d: %q is no number with at most one letter, or is listed twice", path, i+1, e.ID)
		case e.Title == "":
			return nil, fmt.Errorf("%s: rung %s: a title is needed", path, e.ID)
		case !ok:
			return nil, fmt.Errorf("%s: rung %s: the manifest of all models has no %q", path, e.ID, e.Model)
		case m.Result == "ok" && len(e.Final) > 0:
			return nil, fmt.Errorf("%s: rung %s holds and has no final state", path, e.ID)
		}
		seen[e.ID] = true
		ladder.Rungs = append(ladder.Rungs, Rung{ID: e.ID, Title: e.Title, Final: e.Final, Model: m})
	}
	if last := len(ladder.Rungs) - 1; last < 0 || ladder.Rungs[last].Breaks() {
		return nil, fmt.Errorf("%s: the last rung must hold", path)
	}
	return ladder, nil
}

func readEntries(path string) ([]entry, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Rungs []entry `json:"rungs"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		offset := decoder.InputOffset()
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			offset = syntax.Offset
		}
		line := 1 + bytes.Count(text[:min(offset, int64(len(text)))], []byte("\n"))
		return nil, fmt.Errorf("%s:%d: %w", path, line, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s: more after the manifest's end", path)
	}
	return file.Rungs, nil
}

// Find returns the rung of that id, or all rungs of that number.
func (l *Ladder) Find(id string) ([]Rung, error) {
	var found []Rung
	for _, r := range l.Rungs {
		if r.ID == id || strconv.Itoa(r.Number()) == id {
			found = append(found, r)
		}
	}
	if found == nil {
		return nil, fmt.Errorf("there is no rung %q (synod ladder lists them)", id)
	}
	return found, nil
}

// Next is the rung that mends r: the one after it. A rung that holds needs no mending.
func (l *Ladder) Next(r Rung) (Rung, bool) {
	for i, other := range l.Rungs[:len(l.Rungs)-1] {
		if other.ID == r.ID && r.Breaks() {
			return l.Rungs[i+1], true
		}
	}
	return Rung{}, false
}
