// What is committed is written by people, and so it is small.

package tidy

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// largest is how many bytes a file in git may have. A program that was built by accident has more.
const largest = 256 << 10

func oversize(dir string, files []string) (wrong []string, err error) {
	for _, name := range files {
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		if info.Size() > largest {
			wrong = append(wrong, fmt.Sprintf("%s has %d bytes, more than %d", name, info.Size(), largest))
		}
	}
	return wrong, nil
}

func TestNoFileIsLarge(t *testing.T) {
	wrong, err := oversize(root(t), tracked(t))
	require.NoError(t, err)
	require.Empty(t, wrong)
}

func TestALargeFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "small"), nil, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "program"), make([]byte, largest+1), 0o755))
	wrong, err := oversize(dir, []string{"small", "program"})
	require.NoError(t, err)
	require.Equal(t, []string{"program has 262145 bytes, more than 262144"}, wrong)
}
