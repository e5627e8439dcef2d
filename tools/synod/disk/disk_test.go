// What is kept on disk is found, and nothing is left of it.

package disk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDisk(t *testing.T) {
	parent := t.TempDir()
	d, err := Open(parent)
	require.NoError(t, err)
	require.NoError(t, d.Put([][]byte{[]byte("a"), []byte("b")}, [][]byte{[]byte("1"), nil}))
	value, err := d.Get([]byte("a"))
	require.NoError(t, err)
	require.Equal(t, "1", string(value))
	value, err = d.Get([]byte("b"))
	require.NoError(t, err)
	require.NotNil(t, value, "kept, though it is empty")
	require.NoError(t, d.Delete([]byte("a")))
	value, err = d.Get([]byte("a"))
	require.NoError(t, err)
	require.Nil(t, value)
	require.NoError(t, d.Close())
	left, err := os.ReadDir(parent)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAFolderThatIsNowhere(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "none")
}
