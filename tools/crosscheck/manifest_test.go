// Reading manifests.

package crosscheck

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestModelsComeQuickestFirst(t *testing.T) {
	models, err := ReadManifests("testdata/collection")
	require.NoError(t, err)
	var names []string
	for _, m := range models {
		names = append(names, filepath.Base(m.Name))
		require.FileExists(t, m.Spec)
		require.FileExists(t, m.Config)
	}
	require.Equal(t, []string{"Clock.cfg", "Odd.cfg", "Reads.cfg", "Wrong.cfg", "Early.cfg", "Needs.cfg", "Stops.cfg"}, names)
	require.Equal(t, int64(24), models[0].Generated)
	require.Equal(t, int64(-1), models[4].Generated)
	require.Equal(t, "simulate", models[1].Mode)
	require.Equal(t, time.Hour+2*time.Minute+3*time.Second, models[5].Runtime)
	require.Zero(t, models[6].Runtime)
}

func TestPathsAreFoundFromInside(t *testing.T) {
	models, err := ReadManifests("testdata/collection/specifications/Clock")
	require.NoError(t, err)
	require.Len(t, models, 2)
	require.FileExists(t, models[0].Spec)
}

func TestBadManifestsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{`: "unexpected end of JSON input",
		`{"modules": [{"path": "A.tla", "models": [{"path": "nowhere.cfg"}]}]}`:                      "nowhere.cfg is neither below",
		`{"modules": [{"path": "A.tla", "models": [{"path": "manifest.json", "runtime": "soon"}]}]}`: "not hours:minutes:seconds",
		`{"modules": [{"path": "A.tla", "models": [{"path": "manifest.json", "runtime": "1:2"}]}]}`:  "not hours:minutes:seconds",
	} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(text), 0o644))
		_, err := ReadManifests(dir)
		require.ErrorContains(t, err, want)
	}
}
