// Reading what TLC prints.

package tlc

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const violated = `TLC2 Version 2.18 of 20 March 2023
Progress(5) at 2024-01-01 10:00:00: 1,234 states generated (1,234 s/min), 567 distinct states found (567 ds/min), 12 states left on queue.
Error: Invariant Inv is violated.
Error: The behavior up to this point is:
State 1: <Initial predicate>
x = 0

State 2: <Next line 5, col 9 to line 5, col 27 of module A>
x = 1

State 3: Stuttering

4321 states generated, 1099 distinct states found, 1 state left on queue.
The depth of the complete state graph search is 14.
Finished in 01s at (2024-01-01 10:00:01)
`

func TestSummaryTakesTheLastFiguresAndTheFirstError(t *testing.T) {
	want := Summary{Generated: 4321, Distinct: 1099, Left: 1, Depth: 14, Length: 2, Error: "Invariant Inv is violated."}
	for size := 1; size < 70; size += 7 { // however the output arrives in pieces
		reader := &summaryReader{}
		for text := violated; text != ""; {
			n := min(size, len(text))
			written, err := reader.Write([]byte(text[:n]))
			require.NoError(t, err)
			require.Equal(t, n, written)
			text = text[n:]
		}
		require.Equal(t, want, reader.summary())
	}
}

func TestSummaryWithoutFigures(t *testing.T) {
	reader := &summaryReader{}
	reader.Write([]byte("Error: Parsing or semantic analysis failed.\n")) // Write of a buffer does not fail
	require.Equal(t, Summary{Error: "Parsing or semantic analysis failed."}, reader.summary())
}

func TestSummaryReadsALastLineWithoutItsEnd(t *testing.T) {
	reader := &summaryReader{}
	reader.Write([]byte("12 states generated, 7 distinct states found, 0 states left on queue."))
	require.Equal(t, Summary{Generated: 12, Distinct: 7}, reader.summary())
}
