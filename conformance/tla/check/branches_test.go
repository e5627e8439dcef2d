package check_test

import (
	"context"
	"os"
	"regexp"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

var branchLine = regexp.MustCompile(`(?m)^(\w+) ==[^\n]*(?:\n +[^\n]*)?\\\* (init )?(?:(error)|(\d+) (\d+))$`)

// Each action of Branches.tla generates as many states as its comment says.
func TestBranches(t *testing.T) {
	src, err := os.ReadFile("testdata/Branches.tla")
	require.NoError(t, err)
	cases := branchLine.FindAllStringSubmatch(string(src), -1)
	require.Greater(t, len(cases), 50)
	for _, c := range cases {
		t.Run(c[1], func(t *testing.T) {
			config := "INIT Init\nNEXT " + c[1]
			if c[2] != "" {
				config = "INIT " + c[1] + "\nNEXT Angle"
			}
			m, err := tla.Load("Branches.tla", tla.Options{Config: "Branches.cfg", FS: fstest.MapFS{
				"Branches.tla": {Data: src}, "Branches.cfg": {Data: []byte(config + "\nCHECK_DEADLOCK FALSE\n")}}})
			require.NoError(t, err)
			for _, workers := range []int{1, 3} {
				r, err := m.Check(context.Background(), tla.CheckOptions{Workers: workers})
				require.NoError(t, err)
				if c[3] != "" {
					require.Equal(t, tla.Failed, r.Verdict)
					require.Error(t, r.Err)
					continue
				}
				require.Equal(t, tla.OK, r.Verdict, "%s: %v", r.Message, r.Err)
				require.Equal(t, []string{c[4], c[5]}, []string{strconv.FormatInt(r.Generated, 10), strconv.FormatInt(r.Distinct, 10)})
			}
		})
	}
}
