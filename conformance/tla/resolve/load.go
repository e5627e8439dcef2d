// Loading: finds the files of the modules that a root module needs.

package resolve

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"synod/conformance/tla/syntax"
)

// Options says where modules are found.
type Options struct {
	// FS is the file system of the root module and of Folders; nil is the operating system's.
	FS fs.FS
	// Folders are searched after the folder of the root module, in this order, and before the modules that ship
	// with the engine.
	Folders []string
}

// Load reads the module in the file root with everything that it extends and instantiates. A module is looked up in
// the folder of root, then in the option's folders, then among those that ship with the engine. What no folder has may
// stand in the file root itself, before or behind the root module. Where a folder has a module that is called like one of
// the core (Naturals, Sequences, TLC and so on), its definitions count, but those that the engine computes itself are
// computed as ever, as in TLC.
//
// The error is a syntax.ErrorList, or the error of the file system where root cannot be read.
func Load(root string, opt Options) (*Program, error) {
	src, err := newFinder(root, opt).read(root)
	if err != nil {
		return nil, err
	}
	return LoadText(root, src, opt)
}

// LoadText is Load for a root module that is at hand as text. The name of its file appears in messages, and other
// modules are looked up in the file's folder.
func LoadText(file string, src []byte, opt Options) (*Program, error) {
	r := newResolver(newFinder(file, opt))
	r.finder.root = source{file: file, text: src}
	ast := r.parse(file, src)
	if ast != nil {
		r.prog.Root = r.topModule(ast, file, false)
	}
	return r.finish()
}

// finder finds the files of modules.
type finder struct {
	fsys    fs.FS
	folders []string
	root    source // the root module's file
}

func newFinder(root string, opt Options) *finder {
	folder := filepath.Dir(root)
	if opt.FS != nil {
		folder = path.Dir(root)
	}
	return &finder{fsys: opt.FS, folders: append([]string{folder}, opt.Folders...)}
}

func (f *finder) read(file string) ([]byte, error) {
	if f.fsys != nil {
		return fs.ReadFile(f.fsys, file)
	}
	return os.ReadFile(file)
}

func (f *finder) join(folder, name string) string {
	if f.fsys != nil {
		return path.Join(folder, name)
	}
	return filepath.Join(folder, name)
}

// source is the text of a module and where it came from.
type source struct {
	file     string
	text     []byte
	standard bool // it ships with the engine, or stands for one of the core
	part     bool // it stands in the root module's file
}

// find gives the source of a module, or false where there is none.
func (f *finder) find(module string) (source, bool) {
	for _, folder := range f.folders {
		file := f.join(folder, module+".tla")
		if text, err := f.read(file); err == nil {
			return source{file: file, text: text, standard: coreModules[module]}, true
		}
	}
	if text := fromModule(f.root.text, module); text != nil {
		return source{file: f.root.file, text: text, part: true}, true
	}
	return standardSource(module)
}

// fromModule gives the text of a file from a module of that name on, with as many empty lines before it as there are lines;
// nil where the file has no such module.
func fromModule(text []byte, module string) []byte {
	head := regexp.MustCompile(`(?m)^----+[ \t]*MODULE[ \t]+` + regexp.QuoteMeta(module) + `[ \t]*----`)
	at := head.FindIndex(text)
	if at == nil {
		return nil
	}
	return append(bytes.Repeat([]byte("\n"), bytes.Count(text[:at[0]], []byte("\n"))), text[at[0]:]...)
}

// names gives the names of all modules that can be found, for suggestions.
func (f *finder) names() []string {
	names := StandardModules()
	for _, folder := range f.folders {
		var entries []fs.DirEntry
		if f.fsys != nil {
			entries, _ = fs.ReadDir(f.fsys, folder)
		} else {
			entries, _ = os.ReadDir(folder)
		}
		for _, e := range entries {
			if name, ok := strings.CutSuffix(e.Name(), ".tla"); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// parse parses the source of a top-level module and checks that it has the name of its file.
func (r *resolver) parse(file string, src []byte) *syntax.Module {
	r.prog.Sources[file] = src
	ast := r.parsePart(file, src)
	if ast == nil {
		return nil
	}
	base := file[strings.LastIndexAny(file, `/\`)+1:]
	if name, ok := strings.CutSuffix(base, ".tla"); ok && ast.Name.Name != "" && name != ast.Name.Name {
		r.errs.Add(ast.Name.Span, "module %s must stand in a file %s.tla", ast.Name.Name, ast.Name.Name)
	}
	return ast
}

// parsePart parses the first module of a text.
func (r *resolver) parsePart(file string, src []byte) *syntax.Module {
	ast, err := syntax.ParseModule(file, src)
	if list, ok := err.(syntax.ErrorList); ok {
		r.errs = append(r.errs, list...)
		r.broken[ast] = true
	}
	return ast
}

// load gives the top-level module with a name, resolving it when it is asked for the first time. A module that cannot
// be had is reported at the place that asks for it, and nil is given.
func (r *resolver) load(name syntax.Ident) *Module {
	if m, ok := r.prog.Modules[name.Name]; ok {
		return m
	}
	for i, open := range r.loading {
		if open == name.Name {
			cycle := append(append([]string{}, r.loading[i:]...), name.Name)
			r.errs.Add(name.Span, "modules extend or instantiate each other in a circle: %s", strings.Join(cycle, ", "))
			return nil
		}
	}
	src, ok := r.finder.find(name.Name)
	if !ok {
		r.errs.Add(name.Span, "there is no module %s%s", name.Name, suggest(name.Name, r.finder.names()))
		return nil
	}
	parse := r.parse
	if src.part {
		parse = r.parsePart
	}
	ast := parse(src.file, src.text)
	if ast == nil {
		r.prog.Modules[name.Name] = nil
		return nil
	}
	return r.topModule(ast, src.file, src.standard)
}
