// Imports go one way, and the judges depend on the standard library alone.

package tidy

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// module is the prefix of our own import paths.
const module = "synod/"

// layer is a part of the module and the parts that it may import. A part is a folder with all below it; the longest
// one that fits a package is its own.
type layer struct {
	part string
	may  []string
	pure bool // with all that it depends on it needs nothing but the standard library
}

// layers are the arrows of the design. A package that no layer holds is refused, so that a new part states its arrows.
var layers = []layer{
	{part: "impl/paxos", may: []string{"impl/step"}, pure: true},
	{part: "impl/membership", may: []string{"impl/paxos"}, pure: true},
	{part: "impl/register", may: []string{"impl/paxos"}, pure: true},
	{part: "impl/resp"},
	{part: "impl/keyvalue", may: []string{"impl/groups", "impl/lock", "impl/paxos", "impl/register", "impl/resp", "impl/shard", "impl/step"}},
	{part: "impl/log", may: []string{"impl/paxos", "impl/step"}, pure: true},
	{part: "impl/log/sim", may: []string{"impl/log", "impl/paxos", "trace"}, pure: true},
	{part: "impl/line", pure: true},
	{part: "impl/step", pure: true},
	{part: "impl/journal", may: []string{"impl/step", "trace"}, pure: true},
	{part: "impl/lock", may: []string{"impl/line", "impl/paxos", "impl/step"}, pure: true},
	{part: "impl/lock/sim", may: []string{"impl/lock", "impl/log", "impl/log/sim", "impl/step", "trace"}, pure: true},
	{part: "impl/shard", may: []string{"impl/line", "impl/paxos", "impl/step"}, pure: true},
	{part: "impl/shard/sim", may: []string{"impl/log", "impl/log/sim", "impl/shard", "impl/step", "trace"}, pure: true},
	{part: "impl/groups", may: []string{"impl/paxos", "impl/resp", "impl/shard"}},
	{part: "impl/storage", may: []string{"impl/log", "impl/paxos", "impl/register"}},
	{part: "impl/certificate", pure: true},
	{part: "impl/transport", may: []string{"impl/certificate", "impl/membership", "impl/paxos", "impl/register"}},
	{part: "impl/client", may: []string{"impl/membership", "impl/paxos", "impl/register", "impl/transport"}},
	{part: "impl/admin", may: []string{"impl/transport"}},
	{part: "impl/server", may: []string{"impl/admin", "impl/membership", "impl/paxos", "impl/register", "impl/storage", "impl/transport", "trace"}},
	{part: "impl/replica", may: []string{"impl/admin", "impl/certificate", "impl/log", "impl/paxos", "impl/storage", "impl/transport", "trace"}},
	{part: "impl/lease", may: []string{"impl/journal", "impl/lock", "impl/resp", "impl/step", "trace"}},
	{part: "impl/sim", may: []string{"impl/paxos", "impl/register", "impl/storage", "impl/transport", "trace"}},
	{part: "trace", pure: true},
	{part: "conformance/tla/syntax", pure: true},
	{part: "conformance/tla/value", pure: true},
	{part: "conformance/tla/resolve", may: []string{"conformance/tla/syntax"}, pure: true},
	{part: "conformance/tla/eval", may: []string{"conformance/tla/resolve", "conformance/tla/syntax", "conformance/tla/value"}, pure: true},
	{part: "conformance/tla/config", may: []string{"conformance/tla/resolve", "conformance/tla/syntax"}, pure: true},
	{part: "conformance/tla/check", may: []string{"conformance/tla/config", "conformance/tla/eval", "conformance/tla/resolve", "conformance/tla/syntax", "conformance/tla/value"}, pure: true},
	{part: "conformance/tla", may: []string{"conformance/tla"}, pure: true},
	{part: "conformance", may: []string{"conformance", "trace"}, pure: true},
	{part: "examples", may: []string{"conformance", "trace"}, pure: true},
	{part: "tools", may: []string{"impl", "trace", "conformance", "tools"}},
}

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

// layerOf finds the layer that holds a package of ours; the path is below the module.
func layerOf(layers []layer, path string) (layer, bool) {
	var best layer
	found := false
	for _, l := range layers {
		if within(path, l.part) && len(l.part) >= len(best.part) {
			best, found = l, true
		}
	}
	return best, found
}

func within(path, part string) bool { return path == part || strings.HasPrefix(path, part+"/") }

// badImports says what packages import against their layers, one line each.
func badImports(layers []layer, packages []listed) []string {
	standard := make(map[string]bool)
	for _, p := range packages {
		standard[p.ImportPath] = p.Standard
	}
	var bad []string
	for _, p := range packages {
		path, ours := strings.CutPrefix(p.ImportPath, module)
		if !ours {
			continue
		}
		own, found := layerOf(layers, path)
		if !found {
			bad = append(bad, fmt.Sprintf("%s stands in no layer", path))
			continue
		}
		for _, imported := range p.Imports {
			target, ours := strings.CutPrefix(imported, module)
			if ours && !own.mayImport(layers, target) {
				bad = append(bad, fmt.Sprintf("%s imports %s", path, target))
			}
		}
		for _, dep := range p.Deps {
			if own.pure && !standard[dep] && !strings.HasPrefix(dep, module) {
				bad = append(bad, fmt.Sprintf("%s depends on %s", path, dep))
			}
		}
	}
	return bad
}

// mayImport reports whether a package of layer l may import the package at path. A package may import its own part's
// others.
func (l layer) mayImport(layers []layer, path string) bool {
	target, found := layerOf(layers, path)
	if found && target.part == l.part {
		return true
	}
	return slices.ContainsFunc(l.may, func(part string) bool { return within(path, part) })
}

func TestImportsFollowTheArrows(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps", "./...")
	cmd.Dir = root(t)
	output, err := cmd.Output()
	require.NoError(t, err)
	var packages []listed
	ours := 0
	for decoder := json.NewDecoder(strings.NewReader(string(output))); decoder.More(); {
		var p listed
		require.NoError(t, decoder.Decode(&p))
		packages = append(packages, p)
		if strings.HasPrefix(p.ImportPath, module) {
			ours++
		}
	}
	require.Greater(t, ours, 3, "go list sees the module's packages")
	require.Empty(t, badImports(layers, packages))
}

func TestImportsAgainstTheArrowsAreRefused(t *testing.T) {
	std := listed{ImportPath: "fmt", Standard: true}
	foreign := listed{ImportPath: "example.org/fast"}
	cases := []struct {
		name string
		pkg  listed
		want string
	}{
		{"the judge imports what it judges",
			listed{ImportPath: "synod/conformance", Imports: []string{"synod/impl/paxos"}},
			"conformance imports impl/paxos"},
		{"the simulator imports the judge",
			listed{ImportPath: "synod/impl/sim", Imports: []string{"synod/conformance"}},
			"impl/sim imports conformance"},
		{"a core does input and output",
			listed{ImportPath: "synod/impl/paxos", Imports: []string{"synod/impl/storage"}},
			"impl/paxos imports impl/storage"},
		{"a lower stage of the engine imports a higher one",
			listed{ImportPath: "synod/conformance/tla/syntax", Imports: []string{"synod/conformance/tla/resolve"}},
			"conformance/tla/syntax imports conformance/tla/resolve"},
		{"a trace knows a protocol",
			listed{ImportPath: "synod/trace", Imports: []string{"synod/impl/register"}},
			"trace imports impl/register"},
		{"the engine depends on a library, through another package",
			listed{ImportPath: "synod/conformance/tla/eval", Deps: []string{"fmt", "example.org/fast"}},
			"conformance/tla/eval depends on example.org/fast"},
		{"a core depends on a library",
			listed{ImportPath: "synod/impl/paxos", Deps: []string{"example.org/fast"}},
			"impl/paxos depends on example.org/fast"},
		{"a package outside of the layout",
			listed{ImportPath: "synod/common"},
			"common stands in no layer"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, []string{c.want}, badImports(layers, []listed{std, foreign, c.pkg}))
		})
	}
	fine := listed{ImportPath: "synod/conformance", Imports: []string{"fmt", "synod/trace", "synod/conformance/tla"}, Deps: []string{"fmt"}}
	require.Empty(t, badImports(layers, []listed{std, foreign, fine}))
}
