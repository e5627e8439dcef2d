// Encoding: events and headers to lines.

package trace

import (
	"encoding/json"
	"strconv"
)

// AppendJSON appends the event as one line of a trace, with its newline.
func (e *Event) AppendJSON(b []byte) []byte {
	b = append(b, `{"node":`...)
	b = appendString(b, e.Node)
	b = append(b, `,"run":`...)
	b = strconv.AppendUint(b, e.Run, 10)
	b = append(b, `,"seq":`...)
	b = strconv.AppendUint(b, e.Seq, 10)
	b = append(b, `,"clock":`...)
	b = strconv.AppendUint(b, e.Clock, 10)
	if e.Instance != "" {
		b = append(b, `,"instance":`...)
		b = appendString(b, e.Instance)
	}
	b = append(b, `,"action":`...)
	b = appendString(b, e.Action)
	b = appendFields(b, "args", e.Args)
	b = appendFields(b, "vars", e.Vars)
	if len(e.Causes) > 0 {
		b = append(b, `,"causes":[`...)
		for i, id := range e.Causes {
			if i > 0 {
				b = append(b, ',')
			}
			if plain(id.Node) {
				b = append(id.append(append(b, '"')), '"')
			} else {
				b = appendString(b, id.String())
			}
		}
		b = append(b, ']')
	}
	if e.Restart {
		b = append(b, `,"restart":true`...)
	}
	if e.Source != "" {
		b = append(b, `,"source":`...)
		b = appendString(b, e.Source)
	}
	return append(b, "}\n"...)
}

// AppendJSON appends the header as one line of a trace, with its newline.
func (h *Header) AppendJSON(b []byte) []byte {
	version := uint64(1)
	if len(h.Forms) > 0 {
		version = Version
	}
	b = append(b, `{"synod":`...)
	b = strconv.AppendUint(b, version, 10)
	b = append(b, `,"spec":`...)
	b = appendString(b, h.Spec)
	b = append(b, `,"node":`...)
	b = appendString(b, h.Node)
	b = append(b, `,"run":`...)
	b = strconv.AppendUint(b, h.Run, 10)
	b = appendFields(b, "constants", h.Constants)
	b = appendStrings(b, "modelValues", h.ModelValues)
	b = appendStrings(b, "hidden", h.Hidden)
	b = appendForms(b, h.Forms)
	return append(b, "}\n"...)
}

func appendFields(b []byte, name string, fields Fields) []byte {
	if len(fields) == 0 {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, `":{`...)
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, f.Name)
		b = append(b, ':')
		b = append(b, f.JSON...)
	}
	return append(b, '}')
}

func appendStrings(b []byte, name string, list []string) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, `":`...)
	return appendList(b, list)
}

func appendList(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, s)
	}
	return append(b, ']')
}

// appendString quotes s. Names and ids are plain ASCII nearly always, so that case makes no detour.
func appendString(b []byte, s string) []byte {
	if !plain(s) {
		quoted, _ := json.Marshal(s) // a string always has an encoding
		return append(b, quoted...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plain reports whether s needs nothing but quotes.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// String gives the JSON encoding of s, for use as a Field's value.
func String(s string) string { return string(appendString(nil, s)) }

// Uint gives the JSON encoding of n, for use as a Field's value.
func Uint(n uint64) string { return strconv.FormatUint(n, 10) }

// Set gives the encoding of a set whose elements are encoded already.
func Set(elements ...string) string {
	b := []byte(`{"#set":[`)
	for i, e := range elements {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, e...)
	}
	return string(append(b, "]}"...))
}
