// Profiles: what Synod's nodes do with the processors while they are measured.

package bench

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// profile begins to take profiles of a cluster's servers, of processor time and of what is allocated, for as long as is
// measured. The function that it gives waits for them.
func (r *run) profile(c *cluster, name string) (finish func()) {
	var taking sync.WaitGroup
	if _, _, ours := r.variant(c.name); r.Profile == "" || !ours {
		return taking.Wait
	}
	if err := os.MkdirAll(r.Profile, 0o755); err != nil {
		r.Say(fmt.Sprintf("no profile: %v", err))
		return taking.Wait
	}
	seconds := max(1, int((r.Warm + r.For).Seconds()))
	for i, page := range c.metrics {
		for _, kind := range []string{"profile", "allocs"} {
			path := filepath.Join(r.Profile, fmt.Sprintf("%s-node%d-%s.pprof", name, i+1, kind))
			url := fmt.Sprintf("%s/debug/pprof/%s?seconds=%d", strings.TrimSuffix(page, "/metrics"), kind, seconds)
			taking.Go(func() {
				if err := download(url, path); err != nil {
					r.Say(fmt.Sprintf("no profile: %v", err))
				}
			})
		}
	}
	return taking.Wait
}

func download(url, path string) error {
	page, err := http.Get(url)
	if err != nil {
		return err
	}
	defer page.Body.Close()
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(file, page.Body)
	return err
}
