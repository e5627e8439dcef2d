// Specifications: loaded with the constants that a trace names.

package conformance

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"synod/conformance/tla"
	"synod/conformance/tla/value"
	"synod/trace"
)

// SpecOptions say how to load a specification for replay.
type SpecOptions struct {
	FS      fs.FS          // where to read from; nil is the operating system
	Config  string         // the .cfg file; "" is the one beside the specification, if there is one
	Headers []trace.Header // the constants of the trace; they win over the configuration's
}

// Spec is a specification that traces can be replayed on. It is immutable.
type Spec struct {
	Model *tla.Model
	Path  string
	fsys  fs.FS
}

// LoadSpec loads the specification at path with the constants of the headers. Headers that disagree are a
// *trace.Error; a specification or configuration that is wrong is a tla.Errors.
func LoadSpec(path string, opts SpecOptions) (*Spec, error) {
	spec := &Spec{Path: path, fsys: opts.FS}
	constants, modelValues, err := headerConstants(opts.Headers)
	if err != nil {
		return nil, err
	}
	config := opts.Config
	if beside := strings.TrimSuffix(path, ".tla") + ".cfg"; config == "" && spec.exists(beside) {
		config = beside
	}
	spec.Model, err = tla.Load(path, tla.Options{
		FS: opts.FS, Config: config, Constants: constants, ModelValues: modelValues, WideIntegers: true,
	})
	if err != nil {
		return nil, err
	}
	return spec, nil
}

func (s *Spec) exists(path string) bool {
	if s.fsys != nil {
		_, err := fs.Stat(s.fsys, path)
		return err == nil
	}
	_, err := os.Stat(path)
	return err == nil
}

// source gives the lines of one of the specification's files, nil if it cannot be read.
func (s *Spec) source(file string) []string {
	var text []byte
	var err error
	if s.fsys != nil {
		text, err = fs.ReadFile(s.fsys, filepath.ToSlash(file))
	} else {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil
	}
	return strings.Split(string(text), "\n")
}

// headerConstants collects the constants of all runs of all nodes, which must agree.
func headerConstants(headers []trace.Header) (map[string]tla.Value, []string, error) {
	texts := map[string]string{}
	values := map[string]tla.Value{}
	var modelValues []string
	for i := range headers {
		h := &headers[i]
		if i == 0 {
			modelValues = h.ModelValues
		} else if strings.Join(modelValues, ",") != strings.Join(h.ModelValues, ",") {
			return nil, nil, &trace.Error{Place: h.Place, Msg: fmt.Sprintf(
				"the model values are not those of the header at %s", headers[0].Place)}
		}
		for _, c := range h.Constants {
			if before, known := texts[c.Name]; known {
				if before != c.JSON {
					return nil, nil, &trace.Error{Place: h.Place, Msg: fmt.Sprintf(
						"constant %s is %s here and %s in a header before", c.Name, c.JSON, before)}
				}
				continue
			}
			v, err := value.ParseITF([]byte(c.JSON), oneOf(modelValues))
			if err != nil {
				return nil, nil, &trace.Error{Place: h.Place, Msg: fmt.Sprintf("constant %s: %v", c.Name, err)}
			}
			texts[c.Name], values[c.Name] = c.JSON, v
		}
	}
	return values, modelValues, nil
}

func oneOf(list []string) func(string) bool {
	return func(s string) bool { return slices.Contains(list, s) }
}
