// A configuration in the file of its module.

package tla_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

func TestAConfigurationMayStandInTheModulesFile(t *testing.T) {
	const module = "---- MODULE T ----\nEXTENDS Integers\nCONSTANT N\nVARIABLE x\nInit == x = 0\nNext == x' = (x + 1) % N\n====\n"
	const config = "---- CONFIG T ----\nCONSTANT N = 3\nINIT Init\nNEXT Next\n====\n"
	files := fstest.MapFS{"T.tla": {Data: []byte(module + config)}, "U.tla": {Data: []byte(config + module)}}
	for name := range files {
		m, err := tla.Load("T.tla", tla.Options{FS: files, Config: name})
		require.NoError(t, err)
		r, err := m.Check(context.Background(), tla.CheckOptions{})
		require.NoError(t, err)
		require.EqualValues(t, 3, r.Distinct)
	}

	files["T.tla"].Data = []byte(module + strings.Replace(config, "NEXT Next", "NEXT Nxt", 1))
	_, err := tla.Load("T.tla", tla.Options{FS: files, Config: "T.tla"})
	require.ErrorContains(t, err, "T.tla:11:6: ")

	files["T.tla"].Data = []byte(module)
	_, err = tla.Load("T.tla", tla.Options{FS: files, Config: "T.tla"})
	require.ErrorContains(t, err, "T.tla holds no configuration")
}
