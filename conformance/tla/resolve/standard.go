// The modules that ship with the engine.

package resolve

import (
	"embed"
	"sort"
	"strings"
	"sync"

	"synod/conformance/tla/syntax"
)

// StandardPrefix begins the file names of the modules that ship with the engine.
const StandardPrefix = "modules/"

//go:embed modules/*.tla
var standardFiles embed.FS

// coreModules are the modules that belong to the language and its checker. In a file of the same name beside a
// specification, the operators that the engine computes are the same ones.
var coreModules = map[string]bool{
	"Naturals": true, "Integers": true, "Reals": true, "Sequences": true, "FiniteSets": true, "Bags": true,
	"TLC": true, "TLCExt": true, "RealTime": true, "Randomization": true, "Toolbox": true, "TLAPS": true,
}

// standardSource gives the source of a module that ships with the engine.
func standardSource(module string) (source, bool) {
	file := StandardPrefix + module + ".tla"
	text, err := standardFiles.ReadFile(file)
	return source{file: file, text: text, standard: true}, err == nil
}

// StandardSource is the text of a module that ships with the engine, by the name of its file; nil where there is none.
func StandardSource(file string) []byte {
	text, err := standardFiles.ReadFile(file)
	if err != nil {
		return nil
	}
	return text
}

// StandardModules gives the names of the modules that ship with the engine, sorted.
func StandardModules() []string {
	entries, _ := standardFiles.ReadDir(strings.TrimSuffix(StandardPrefix, "/"))
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".tla"))
	}
	sort.Strings(names)
	return names
}

// standardIndex gives for every name the modules that ship with the engine and define it.
var standardIndex = sync.OnceValue(func() map[string][]string {
	index := map[string][]string{}
	for _, module := range StandardModules() {
		src, _ := standardSource(module)
		ast, err := syntax.ParseModule(src.file, src.text)
		if err != nil {
			continue
		}
		for _, u := range ast.Units {
			if name, local := definedName(u); name.Name != "" && !local {
				index[name.Name] = append(index[name.Name], module)
			}
		}
	}
	return index
})
