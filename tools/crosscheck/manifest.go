// Manifests: which models a collection has and what they are known to give.

package crosscheck

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Model is one model of a manifest: a specification with a configuration, and what is known of it.
type Model struct {
	Name    string        // the configuration's path as the manifest has it
	Spec    string        // the module's path
	Config  string        // the configuration's path
	Runtime time.Duration // of TLC, as recorded; 0 is unknown
	Mode    string        // "exhaustive search", "simulate", "generate", "symbolic"
	Result  string        // "success", "safety failure", ...; "unknown"
	// The counts are -1 where the manifest has none.
	Distinct, Generated, Depth int64
	Features                   []string // of the module
}

// manifest is a manifest.json.
type manifest struct {
	Modules []struct {
		Path     string
		Features []string
		Models   []struct {
			Path           string
			Runtime        string
			Mode           json.RawMessage
			Result         string
			DistinctStates *int64
			TotalStates    *int64
			StateDepth     *int64
		}
	}
}

// ReadManifests finds the manifests below a folder and lists their models, the quickest first.
func ReadManifests(folder string) ([]Model, error) {
	var models []Model
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == ".git" {
			return filepath.SkipDir
		}
		if entry.IsDir() || entry.Name() != "manifest.json" {
			return nil
		}
		found, err := readManifest(path)
		models = append(models, found...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(models, func(a, b Model) int {
		if c := cmp.Compare(a.expected(), b.expected()); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return models, nil
}

// expected orders models by their recorded time; those without one come last.
func (m Model) expected() time.Duration {
	if m.Runtime == 0 {
		return 1 << 62
	}
	return m.Runtime
}

func readManifest(path string) ([]Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var models []Model
	for _, module := range m.Modules {
		for _, listed := range module.Models {
			base, err := baseOf(filepath.Dir(path), listed.Path)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			runtime, err := parseRuntime(listed.Runtime)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", path, listed.Path, err)
			}
			models = append(models, Model{
				Name: listed.Path, Spec: filepath.Join(base, filepath.FromSlash(module.Path)),
				Config: filepath.Join(base, filepath.FromSlash(listed.Path)), Runtime: runtime, Mode: modeName(listed.Mode),
				Result: listed.Result, Features: module.Features,
				Distinct: count(listed.DistinctStates), Generated: count(listed.TotalStates), Depth: count(listed.StateDepth),
			})
		}
	}
	return models, nil
}

// baseOf finds the folder that the paths of a manifest start from: the nearest one, going up, that has the file.
func baseOf(folder, path string) (string, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	for up := folder; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, filepath.FromSlash(path))); err == nil {
			return up, nil
		}
		if up == filepath.Dir(up) {
			return "", fmt.Errorf("%s is neither below %s nor below a folder that holds it", path, folder)
		}
	}
}

// parseRuntime reads hours:minutes:seconds; "unknown" and "" are 0.
func parseRuntime(text string) (time.Duration, error) {
	if text == "unknown" || text == "" {
		return 0, nil
	}
	var total time.Duration
	parts := strings.Split(text, ":")
	for _, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || len(parts) != 3 || n < 0 {
			return 0, fmt.Errorf("the runtime %q is not hours:minutes:seconds", text)
		}
		total = total*60 + time.Duration(n)*time.Second
	}
	return total, nil
}

// modeName reads a mode, which is a name or an object with the name as its key.
func modeName(mode json.RawMessage) string {
	var name string
	if json.Unmarshal(mode, &name) == nil {
		return name
	}
	var object map[string]any
	if json.Unmarshal(mode, &object) == nil && len(object) == 1 {
		for name := range object {
			return name
		}
	}
	return string(mode)
}

func count(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}
