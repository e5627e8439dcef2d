// The module CSV: values as lines of a file.

package eval

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"synod/conformance/tla/value"
)

// What these operators give changes while a specification is checked, by their own effects.
func init() {
	register("CSV", map[string]*builtin{
		"CSVWrite":       {fn: csvWrite, impure: true},
		"CSVWriteRecord": {fn: csvWriteRecord, impure: true},
		"CSVRead":        {fn: csvRead, impure: true},
		"CSVRecords":     {fn: csvRecords, impure: true},
	})
}

func csvWrite(w *Worker, s *site, args []value.Value) value.Value {
	template, path := w.str(s, "CSVWrite", args[0]), w.str(s, "CSVWrite", args[2])
	var texts []string
	for _, v := range w.items(s, "CSVWrite", w.canon(s, args[1])) {
		texts = append(texts, v.String())
	}
	line, err := format(template, texts)
	if err != nil {
		w.fail(s, "CSVWrite: %v", err)
	}
	w.appendFile(s, path, line+"\n")
	return value.True
}

func csvWriteRecord(w *Worker, s *site, args []value.Value) value.Value {
	record := w.canon(s, args[0])
	delimiter, path := w.str(s, "CSVWriteRecord", args[1]), w.str(s, "CSVWriteRecord", args[3])
	if record.Kind() != value.KindRecord {
		w.fail(s, "CSVWriteRecord needs a record, but is given %s %s", record.KindName(), value.Brief(record))
	}
	var names, texts []string
	for i, n := range record.Domain() {
		name, _ := n.AsStr()
		names, texts = append(names, name), append(texts, record.Values()[i].String())
	}
	text := strings.Join(texts, delimiter) + "\n"
	if args[2] == value.True {
		text = strings.Join(names, delimiter) + "\n" + text
	}
	w.appendFile(s, path, text)
	return value.True
}

// appendFile adds to a file, which is made where it is missing.
func (w *Worker) appendFile(s *site, path, text string) {
	fileLock.Lock()
	defer fileLock.Unlock()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		w.fail(s, "the file cannot be written: %v", err)
	}
}

// lines reads a file's lines; a file that is not there has none.
func (w *Worker) lines(s *site, path string) []string {
	fileLock.Lock()
	defer fileLock.Unlock()
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		w.fail(s, "the file cannot be read: %v", err)
	}
	defer f.Close()
	const longest = 1 << 26
	var list []string
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, longest)
	for scan.Scan() {
		list = append(list, scan.Text())
	}
	if err := scan.Err(); err != nil {
		w.fail(s, "%s cannot be read: %v", path, err)
	}
	return list
}

// csvRead gives each line as a record of strings.
func csvRead(w *Worker, s *site, args []value.Value) value.Value {
	columns := w.words(s, "CSVRead", args[0])
	delimiter, path := w.str(s, "CSVRead", args[1]), w.str(s, "CSVRead", args[2])
	domain, places := value.RecordDomain(columns)
	var records []value.Value
	for i, line := range w.lines(s, path) {
		cells := strings.Split(line, delimiter)
		if len(cells) != len(columns) {
			w.fail(s, "CSVRead: %s:%d: there are %d columns, not %d", path, i+1, len(cells), len(columns))
		}
		values := make([]value.Value, len(cells))
		for j, cell := range cells {
			values[places[j]] = value.Str(cell)
		}
		records = append(records, value.Record(domain, values))
	}
	return value.Tuple(records)
}

func csvRecords(w *Worker, s *site, args []value.Value) value.Value {
	return value.Int(int64(len(w.lines(s, w.str(s, "CSVRecords", args[0])))))
}

// format fills in a template of java.util.Formatter whose arguments are all strings: %s, %2$s, %-10s, %.3s, %n and %%.
func format(template string, args []string) (string, error) {
	var out strings.Builder
	next := 0
	for i := 0; i < len(template); i++ {
		if template[i] != '%' {
			out.WriteByte(template[i])
			continue
		}
		end := i + 1
		for end < len(template) && strings.IndexByte("0123456789$-.", template[end]) >= 0 {
			end++
		}
		if end == len(template) {
			return "", fmt.Errorf("the template %s ends inside of a %%", value.Quote(template))
		}
		text, err := formatOne(template[i+1:end], template[end], args, &next)
		if err != nil {
			return "", fmt.Errorf("the template %s: %w", value.Quote(template), err)
		}
		out.WriteString(text)
		i = end
	}
	return out.String(), nil
}

// formatOne gives what stands for one place of a template: index$, flags and width, and the letter.
func formatOne(spec string, letter byte, args []string, next *int) (string, error) {
	switch {
	case letter == 'n' && spec == "":
		return "\n", nil
	case letter == '%' && spec == "":
		return "%", nil
	case letter != 's' && letter != 'S':
		return "", fmt.Errorf("%%%s%c is not known: the values are strings, which %%s shows", spec, letter)
	}
	at := *next
	if index, rest, ok := strings.Cut(spec, "$"); ok {
		n, err := strconv.Atoi(index)
		if err != nil {
			return "", fmt.Errorf("%%%s%c has no number before the $", spec, letter)
		}
		at, spec = n-1, rest
	} else {
		*next++
	}
	if at < 0 || at >= len(args) {
		return "", fmt.Errorf("there is no value number %d", at+1)
	}
	if strings.ContainsRune(spec, '$') || strings.Count(spec, ".") > 1 || strings.LastIndexByte(spec, '-') > 0 {
		return "", fmt.Errorf("%%%s%c is not known", spec, letter)
	}
	text := fmt.Sprintf("%"+spec+"s", args[at])
	if letter == 'S' {
		text = strings.ToUpper(text)
	}
	return text, nil
}
