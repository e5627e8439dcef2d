// The repository's files, as git knows them.

package tidy

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the repository's top folder, two levels above this package.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	_, err = os.Stat(filepath.Join(dir, "go.mod"))
	require.NoError(t, err, "the repository's top folder has a go.mod")
	return dir
}

// tracked lists the repository's files below its top folder, with slashes: those in git, or all of an unpacked
// archive that git does not know.
func tracked(t *testing.T) []string {
	t.Helper()
	dir := root(t)
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = dir
	output, err := cmd.Output()
	if err != nil {
		return walked(t, dir)
	}
	var files []string
	for _, name := range strings.Split(strings.TrimRight(string(output), "\x00"), "\x00") {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil { // one that is being deleted is no file any more
			files = append(files, name)
		}
	}
	require.NotEmpty(t, files)
	return files
}

// walked lists every file below dir but those in folders that a build makes.
func walked(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch name {
			case ".git", "bin", "out", ".cache":
				return filepath.SkipDir
			}
			return nil
		}
		files = append(files, filepath.ToSlash(name))
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

// read returns a tracked file's text.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(text)
}
