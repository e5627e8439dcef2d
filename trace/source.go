// Sources: the place in the program that took a step.

package trace

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// Caller gives file:line of the function that called, for an event's Source: 0 is the caller of Caller, 1 the caller of
// that, and so on. The file is as seen from the module's folder. It takes about a microsecond; a system that logs much looks
// its places up once.
func Caller(skip int) string {
	_, file, line, ok := runtime.Caller(skip + 1)
	if !ok {
		return ""
	}
	return inModule(file) + ":" + strconv.Itoa(line)
}

var moduleFolders sync.Map // by folder: the folder of its module, with a slash behind it

// inModule shortens a file's name to one from its module's folder on.
func inModule(file string) string {
	if info, ok := debug.ReadBuildInfo(); ok && !filepath.IsAbs(file) { // built with -trimpath
		return strings.TrimPrefix(file, info.Main.Path+"/")
	}
	dir := filepath.Dir(file)
	known, ok := moduleFolders.Load(dir)
	if !ok {
		known = ""
		for top := dir; ; top = filepath.Dir(top) {
			if _, err := os.Stat(filepath.Join(top, "go.mod")); err == nil {
				known = filepath.ToSlash(top) + "/"
				break
			}
			if top == filepath.Dir(top) {
				break
			}
		}
		moduleFolders.Store(dir, known)
	}
	return strings.TrimPrefix(filepath.ToSlash(file), known.(string))
}
