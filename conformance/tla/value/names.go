// Strings and model values: the table of names.

package value

import (
	"sync"
	"sync/atomic"
)

// A string's handle holds its place in a table. Strings are ordered by that place, that is by who came first, because
// TLC orders them so: CHOOSE x \in {"b", "a"} : TRUE is "b" where the specification mentions "b" first.
type nameTable struct {
	mu    sync.RWMutex
	ids   map[string]uint64
	pages atomic.Pointer[[]*namePage]
	n     uint64
}

const namePageSize = 1 << 10

type namePage [namePageSize]name

// name is a string and its hash.
type name struct {
	text string
	hash uint64
}

var (
	stringTable = nameTable{ids: map[string]uint64{}}
	modelTable  = nameTable{ids: map[string]uint64{}}
)

func (t *nameTable) id(s string) uint64 {
	t.mu.RLock()
	id, ok := t.ids[s]
	t.mu.RUnlock()
	if ok {
		return id
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if id, ok := t.ids[s]; ok {
		return id
	}
	id = t.n
	var pages []*namePage
	if p := t.pages.Load(); p != nil {
		pages = *p
	}
	if id/namePageSize == uint64(len(pages)) {
		pages = append(pages[:len(pages):len(pages)], new(namePage))
		t.pages.Store(&pages)
	}
	entry := &pages[id/namePageSize][id%namePageSize]
	entry.text, entry.hash = s, hashString(s)
	t.ids[s] = id
	t.n++
	return id
}

func (t *nameTable) at(id uint64) *name {
	return &(*t.pages.Load())[id/namePageSize][id%namePageSize]
}

// Str is the value of a string.
func Str(s string) Value { return Value(stringTable.id(s)<<tagBits | tagString) }

// ModelValue is the model value of that name. A name of the form A_x is a typed one: TLC takes the letter before the
// underscore as its type and refuses to compare it with anything but untyped ones and those of its type.
func ModelValue(s string) Value { return Value(modelTable.id(s)<<tagBits | tagModel) }

// nameOf is the text of a string or the name of a model value.
func nameOf(v Value) string {
	if v.tag() == tagModel {
		return modelTable.at(v.addr()).text
	}
	return stringTable.at(v.addr()).text
}

// modelType is the type of a typed model value, 0 for an untyped one.
func modelType(v Value) byte {
	s := nameOf(v)
	if len(s) > 2 && s[1] == '_' && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z') {
		return s[0]
	}
	return 0
}

// IsTyped reports whether v is a typed model value.
func (v Value) IsTyped() bool { return v.tag() == tagModel && modelType(v) != 0 }
