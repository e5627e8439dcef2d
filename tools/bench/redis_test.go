// What redis-benchmark prints, and what it does not.

package bench

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRedisBenchmarksTable(t *testing.T) {
	rows, err := parseRedis("WARNING: Could not fetch server CONFIG\n" +
		`"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"` + "\n" +
		`"SET","5000.00","9.1","2.0","8.9","12.1","15.3","20.0"` + "\n")
	require.NoError(t, err)
	require.Equal(t, []RedisRow{{"SET", "5000.00", "8.9", "15.3", "20.0"}}, rows)
	for text, says := range map[string]string{
		"":                               "prints no table",
		`"test","rps"` + "\n":            `no column "p50_latency_ms"`,
		`"test","rps"` + "\n" + `"SET"`:  "cannot be read",
		`"test","rps` + "\n" + `"SET",1`: "cannot be read",
	} {
		_, err := parseRedis(text)
		require.ErrorContains(t, err, says, "%q", text)
	}
}
