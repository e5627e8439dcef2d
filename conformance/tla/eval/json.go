// The module Json.

package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"synod/conformance/tla/value"
)

// Reading is no effect: TLC reads a file that a constant definition names once, when it starts.
func init() {
	register("Json", map[string]*builtin{
		"ToJson":            {fn: func(w *Worker, s *site, a []value.Value) value.Value { return w.toJSON(s, a[0], "") }},
		"ToJsonArray":       {fn: func(w *Worker, s *site, a []value.Value) value.Value { return w.toJSON(s, a[0], "array") }},
		"ToJsonObject":      {fn: func(w *Worker, s *site, a []value.Value) value.Value { return w.toJSON(s, a[0], "object") }},
		"JsonSerialize":     {fn: jsonSerialize, impure: true},
		"ndJsonSerialize":   {fn: ndJSONSerialize, impure: true},
		"JsonDeserialize":   {fn: jsonDeserialize},
		"ndJsonDeserialize": {fn: ndJSONDeserialize},
	})
}

// str is an argument that must be a string.
func (w *Worker) str(s *site, op string, v value.Value) string {
	text, _ := v.AsStr()
	if v.Kind() != value.KindString {
		w.fail(s, "%s needs a string, but is given %s %s", op, v.KindName(), value.Brief(v))
	}
	return text
}

func (w *Worker) toJSON(s *site, v value.Value, as string) value.Value {
	v = w.canon(s, v)
	var text []byte
	switch {
	case as == "array" && v.Kind() != value.KindTuple && !v.IsSet():
		w.fail(s, "ToJsonArray needs a sequence or a set, but is given %s %s", v.KindName(), value.Brief(v))
	case as == "object" && !v.IsFunction():
		w.fail(s, "ToJsonObject needs a function, but is given %s %s", v.KindName(), value.Brief(v))
	default:
		text = appendJSON(nil, v)
	}
	return value.Str(string(text))
}

// appendJSON writes a value as plain JSON: functions as objects, sequences and sets as arrays.
func appendJSON(b []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.KindBool:
		return strconv.AppendBool(b, v == value.True)
	case value.KindInt:
		return strconv.AppendInt(b, v.Num(), 10)
	case value.KindString, value.KindModel:
		text, _ := v.AsStr()
		return appendText(b, text)
	case value.KindTuple:
		return appendArray(b, v.Values())
	case value.KindRecord, value.KindFunc:
		return appendObject(b, v)
	}
	return appendArray(b, v.Elems())
}

func appendArray(b []byte, elems []value.Value) []byte {
	b = append(b, '[')
	for i, e := range elems {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, e)
	}
	return append(b, ']')
}

// appendObject writes a function as an object.
func appendObject(b []byte, f value.Value) []byte {
	b = append(b, '{')
	for i, x := range f.Domain() {
		if i > 0 {
			b = append(b, ',')
		}
		name, _ := x.AsStr()
		if x.Kind() != value.KindString {
			name = x.String()
		}
		b = append(appendText(b, name), ':')
		b = appendJSON(b, f.Values()[i])
	}
	return append(b, '}')
}

func appendText(b []byte, text string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string can always be encoded
	return append(b, bytes.TrimRight(buf.Bytes(), "\n")...)
}

func jsonSerialize(w *Worker, s *site, args []value.Value) value.Value {
	path, v := w.str(s, "JsonSerialize", args[0]), w.canon(s, args[1])
	if k := v.Kind(); k != value.KindTuple && k != value.KindRecord {
		w.fail(s, "JsonSerialize needs a sequence or a record, but is given %s %s", v.KindName(), value.Brief(v))
	}
	w.writeFile(s, path, appendJSON(nil, v))
	return value.True
}

func ndJSONSerialize(w *Worker, s *site, args []value.Value) value.Value {
	path := w.str(s, "ndJsonSerialize", args[0])
	var text []byte
	for _, e := range w.items(s, "ndJsonSerialize", w.canon(s, args[1])) {
		text = append(appendJSON(text, e), '\n')
	}
	w.writeFile(s, path, text)
	return value.True
}

// fileLock orders the effects of workers on files.
var fileLock sync.Mutex

// writeFile writes a file, in a folder that is made where it is missing.
func (w *Worker) writeFile(s *site, path string, text []byte) {
	fileLock.Lock()
	defer fileLock.Unlock()
	err := os.MkdirAll(filepath.Dir(path), 0o777)
	if err == nil {
		err = os.WriteFile(path, text, 0o666)
	}
	if err != nil {
		w.fail(s, "the file cannot be written: %v", err)
	}
}

func jsonDeserialize(w *Worker, s *site, args []value.Value) value.Value {
	return w.readJSON(s, w.str(s, "JsonDeserialize", args[0]), false)
}

func ndJSONDeserialize(w *Worker, s *site, args []value.Value) value.Value {
	return w.readJSON(s, w.str(s, "ndJsonDeserialize", args[0]), true)
}

// jsonFile is a file of which the value is known, as long as it does not change.
type jsonFile struct {
	path     string
	lines    bool
	size     int64
	modified time.Time
}

// jsonFiles keeps what was read, because every worker asks for it.
var jsonFiles sync.Map

// ForgetFiles drops the values of files that were read.
func ForgetFiles() { jsonFiles.Clear() }

func (w *Worker) readJSON(s *site, path string, lines bool) value.Value {
	fileLock.Lock()
	defer fileLock.Unlock()
	info, err := os.Stat(path)
	if err != nil {
		w.fail(s, "the file cannot be read: %v", err)
	}
	key := jsonFile{path, lines, info.Size(), info.ModTime()}
	if v, known := jsonFiles.Load(key); known {
		return v.(value.Value)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		w.fail(s, "the file cannot be read: %v", err)
	}
	v, err := parseJSON(path, text, lines)
	if err != nil {
		w.fail(s, "%v", err)
	}
	jsonFiles.Store(key, v)
	return v
}

// parseJSON reads one document, or a sequence with one value for each line that is not empty.
func parseJSON(path string, text []byte, lines bool) (value.Value, error) {
	if !lines {
		return parseDocument(path, text, 1)
	}
	var list []value.Value
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		v, err := parseDocument(path, line, number)
		if err != nil {
			return 0, err
		}
		list = append(list, v)
	}
	return value.Tuple(list), nil
}

// parseDocument reads a text that consists of one value; first is the number of its first line.
func parseDocument(path string, text []byte, first int) (value.Value, error) {
	d := jsonReader{json.NewDecoder(bytes.NewReader(text))}
	d.UseNumber()
	v, err := d.value(0)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("there is more than one value")
		}
	}
	if err == nil {
		return v, nil
	}
	offset := d.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = max(0, syntax.Offset-1)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err, offset = errors.New("the value ends too early"), int64(len(bytes.TrimRight(text, "\r\n")))
	}
	before := text[:min(offset, int64(len(text)))]
	line, column := bytes.Count(before, []byte("\n")), len(before)-(bytes.LastIndexByte(before, '\n')+1)
	return 0, fmt.Errorf("%s:%d:%d: %w", path, first+line, column+1, err)
}

// jsonReader reads tokens in the order of the text, because TLC orders strings by when it met them.
type jsonReader struct{ *json.Decoder }

// maxNesting bounds how deep values may be nested: far more than any real one, far less than the stack.
const maxNesting = 1000

func (d jsonReader) value(depth int) (value.Value, error) {
	if depth > maxNesting {
		return 0, errors.New("the value is nested too deeply")
	}
	token, err := d.Token()
	if err != nil {
		return 0, err
	}
	switch t := token.(type) {
	case bool:
		return value.Bool(t), nil
	case string:
		return value.Str(t), nil
	case json.Number:
		return whole(t.String())
	case json.Delim:
		if t == '[' {
			return d.array(depth)
		}
		return d.object(depth)
	}
	return 0, errors.New("null is no TLA+ value")
}

// whole is a number without its fraction, as TLC reads it.
func whole(text string) (value.Value, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && strings.ContainsAny(text, ".eE") && len(text) < 40 {
		if f, _, err := big.ParseFloat(text, 10, 200, big.ToZero); err == nil && f.MantExp(nil) < 64 {
			i, _ := f.Int64()
			n = i
		} else {
			n = value.MaxInt + 1
		}
	} else if err != nil {
		n = value.MaxInt + 1
	}
	if n > value.MaxInt || n < value.MinInt {
		return 0, fmt.Errorf("the number %s is too large", text)
	}
	return value.Int(n), nil
}

func (d jsonReader) array(depth int) (value.Value, error) {
	var elems []value.Value
	for d.More() {
		v, err := d.value(depth + 1)
		if err != nil {
			return 0, err
		}
		elems = append(elems, v)
	}
	_, err := d.Token()
	return value.Tuple(elems), err
}

func (d jsonReader) object(depth int) (value.Value, error) {
	var keys, values []value.Value
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return 0, err
		}
		key := value.Str(token.(string)) // the decoder accepts nothing else here
		v, err := d.value(depth + 1)
		if err != nil {
			return 0, err
		}
		keys, values = append(keys, key), append(values, v)
	}
	if _, err := d.Token(); err != nil {
		return 0, err
	}
	v, fault := value.FuncOf(keys, values)
	if fault != nil {
		return 0, errors.New("an object has two values of one name")
	}
	return v, nil
}
