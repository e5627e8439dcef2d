// Changes make what the specification's Apply makes, within 32 bits.

package register_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/register"
)

func TestApply(t *testing.T) {
	for _, x := range []struct {
		change string
		before string
		after  string
		trace  string
		held   bool
	}{
		{"read", "7", "7", `{"name":"read"}`, true},
		{"set -3", "7", "-3", `{"name":"set","value":-3}`, true},
		{"add -8", "7", "-1", `{"name":"add","value":-8}`, true},
		{"cas 7 9", "7", "9", `{"name":"cas","expect":7,"value":9}`, true},
		{"cas 0 9", "7", "7", `{"name":"cas","expect":0,"value":9}`, false},
		{"delete", "7", "0", `{"name":"delete"}`, true},
		{"add 1", "2147483646", "2147483647", `{"name":"add","value":1}`, true},
	} {
		c, err := register.Parse(x.change)
		require.NoError(t, err)
		require.Equal(t, x.change, c.String())
		number, err := strconv.ParseInt(x.before, 10, 64)
		require.NoError(t, err)
		after, err := c.Apply(register.IntegerState(number))
		require.NoError(t, err)
		require.Equal(t, x.after, register.Show(after), x.change)
		require.Equal(t, x.trace, string(c.AppendTrace(nil, "", "")))
		before, err := register.ParseState(register.IntegerState(number))
		require.NoError(t, err)
		require.Equal(t, x.held, c.Held(before))
	}
}

func TestStatesStayWithin32Bits(t *testing.T) {
	_, err := register.Add(1).Apply(register.IntegerState(2147483647))
	require.ErrorIs(t, err, register.ErrRange)
	_, err = register.Add(-1).Apply(register.IntegerState(-2147483648))
	require.ErrorIs(t, err, register.ErrRange)
	require.Error(t, register.Set(1<<31).Validate())
	require.Error(t, register.CAS(1<<40, 1).Validate())
	_, err = register.Read().Apply(register.Entry{Exists: true, Value: []byte("seven")}.State())
	require.EqualError(t, err, `the entry "seven" is not an integer of 32 bits`)
	_, err = register.Read().Apply("seven")
	require.EqualError(t, err, "the state is no entry")
}

func TestWhatIsNoChangeIsRefused(t *testing.T) {
	for text, message := range map[string]string{
		"":        "no change is given: read, set V, add V, cas EXPECT V or delete",
		"read 1":  `change "read 1" is none of: read, set V, add V, cas EXPECT V, delete`,
		"cas 1":   `change "cas 1" is none of: read, set V, add V, cas EXPECT V, delete`,
		"set x":   `change "set x": "x" is not an integer of 32 bits`,
		"inc 1":   `change "inc 1" is none of: read, set V, add V, cas EXPECT V, delete`,
		"set 1e3": `change "set 1e3": "1e3" is not an integer of 32 bits`,
	} {
		_, err := register.Parse(text)
		require.EqualError(t, err, message)
	}
	require.Error(t, register.Change{}.Validate())
	require.Error(t, register.Change{Name: "set 1"}.Validate())
	require.Error(t, register.Change{Name: "read", Value: 1}.Validate())
}

// FuzzChange looks for a change or state that makes Apply panic, or give what no trace can show.
func FuzzChange(f *testing.F) {
	f.Add("cas 7 9", "7")
	f.Add("add -2147483648", "-1")
	f.Add("set 0", "007")
	f.Fuzz(func(t *testing.T, text, state string) {
		c, err := register.Parse(text)
		if err != nil {
			return
		}
		require.NoError(t, c.Validate())
		require.True(t, json.Valid(c.AppendTrace(nil, "", "")))
		if after, err := c.Apply(state); err == nil {
			_, err := register.ParseState(after)
			require.NoError(t, err)
			require.True(t, json.Valid([]byte(register.Show(after))))
		}
	})
}
