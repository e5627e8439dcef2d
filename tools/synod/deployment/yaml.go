// YAML: a configuration file in the other language, as lines of TOML.

package deployment

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// isYAML reports whether a file is one by its name.
func isYAML(path string) bool {
	end := filepath.Ext(path)
	return end == ".yaml" || end == ".yml"
}

// fromYAML gives the same settings in TOML, each in the line that it has in the YAML text, so that what is wrong with one is told
// with its line. Errors begin with line:column.
func fromYAML(text []byte) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		what := strings.TrimPrefix(err.Error(), "yaml: ")
		if rest, found := strings.CutPrefix(what, "line "); found {
			if line, rest, found := strings.Cut(rest, ": "); found {
				return nil, fmt.Errorf("%s:1: %s", line, rest)
			}
		}
		return nil, fmt.Errorf("1:1: %s", what)
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	w := &tomlWriter{line: 1}
	if root := document.Content[0]; root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%d:%d: settings with names were expected", root.Line, root.Column)
	}
	err := w.settings("", document.Content[0])
	return []byte(w.out.String()), err
}

// tomlWriter writes settings, one a line.
type tomlWriter struct {
	out  strings.Builder
	line int // that is written next
}

// settings writes what a mapping has, below a name.
func (w *tomlWriter) settings(below string, mapping *yaml.Node) error {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		name, err := toml.Marshal(map[string]int{key.Value: 0})
		if key.Kind != yaml.ScalarNode || err != nil {
			return fmt.Errorf("%d:%d: this is no name of a setting", key.Line, key.Column)
		}
		path := below + strings.TrimSuffix(strings.TrimSpace(string(name)), " = 0")
		if value.Kind == yaml.MappingNode {
			if err := w.settings(path+".", value); err != nil {
				return err
			}
			continue
		}
		text, err := asTOML(value)
		if err != nil {
			return fmt.Errorf("%d:%d: %s: %w", value.Line, value.Column, path, err)
		}
		for ; w.line < key.Line; w.line++ {
			w.out.WriteByte('\n')
		}
		fmt.Fprintf(&w.out, "%s = %s\n", path, text)
		w.line++
	}
	return nil
}

// asTOML gives a value as TOML writes it.
func asTOML(n *yaml.Node) (string, error) {
	var value any
	switch n.Kind {
	case yaml.ScalarNode, yaml.SequenceNode:
		if err := n.Decode(&value); err != nil {
			return "", errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
		}
	default:
		return "", errors.New("aliases have no place here")
	}
	if value == nil {
		return "", errors.New("there is no value")
	}
	text, err := toml.Marshal(map[string]any{"x": value})
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(strings.TrimPrefix(string(text), "x = ")), nil
}
