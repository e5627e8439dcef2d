// The manifest and the models agree.

package tidy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/tools/synod/models"
)

// forReplay are configurations for judging traces, which no checker can explore.
var forReplay = []string{
	"spec/register/Register.cfg", "spec/register/RegisterMembership.cfg", "spec/log/Log.cfg", "spec/log/LogRead.cfg", "spec/log/LeaderLease.cfg", "spec/log/Readmission.cfg", "spec/log/LeaseReadmission.cfg",
	"spec/shard/Shard.cfg", "spec/lease/LogLease.cfg",
}

// unlisted names the configurations below spec that the manifest does not have, and the exemptions that are not there.
func unlisted(files, listed, exempt []string) []string {
	var missing []string
	for _, name := range files {
		if strings.HasPrefix(name, "spec/") && strings.HasSuffix(name, ".cfg") &&
			!slices.Contains(listed, name) && !slices.Contains(exempt, name) {
			missing = append(missing, name)
		}
	}
	for _, name := range exempt {
		if !slices.Contains(files, name) {
			missing = append(missing, name+" (exempt, and not there)")
		}
	}
	return missing
}

func TestTheManifestListsEveryModel(t *testing.T) {
	manifest, err := models.Read(filepath.Join(root(t), "spec", "manifest.json"))
	require.NoError(t, err, "its files exist and every model says what it shows")
	var listed []string
	for _, m := range manifest.Models {
		name, err := filepath.Rel(root(t), m.Config)
		require.NoError(t, err)
		listed = append(listed, filepath.ToSlash(name))
	}
	files := tracked(t)
	require.Empty(t, unlisted(files, listed, forReplay))
	for _, name := range listed {
		require.True(t, slices.Contains(files, name), "%s, a model of the manifest, is not in git", name)
	}
}

func TestAModelThatIsNotListedIsRefused(t *testing.T) {
	files := []string{"spec/a/MCA.cfg", "spec/a/A.cfg", "spec/a/A.tla", "conformance/testdata/x.cfg"}
	require.Empty(t, unlisted(files, []string{"spec/a/MCA.cfg"}, []string{"spec/a/A.cfg"}))
	require.Equal(t, []string{"spec/a/MCA.cfg"}, unlisted(files, nil, []string{"spec/a/A.cfg"}))
	require.Equal(t, []string{"spec/b/B.cfg (exempt, and not there)"},
		unlisted(files, []string{"spec/a/MCA.cfg", "spec/a/A.cfg"}, []string{"spec/b/B.cfg"}))
}

func TestAManifestWithoutItsFilesIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "manifest.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"models": [{"name": "A", "spec": "A.tla", "config": "A.cfg", "result": "ok", "time": "quick"}]}`), 0o644))
	_, err := models.Read(path)
	require.ErrorIs(t, err, os.ErrNotExist)
}
