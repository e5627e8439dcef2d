// The module IOUtils: files, processes and the environment.

package eval

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"synod/conformance/tla/value"
)

func init() {
	register("IOUtils", map[string]*builtin{
		"IOEnv":             {fn: func(*Worker, *site, []value.Value) value.Value { return environment() }},
		"atoi":              {fn: atoi},
		"IOSerialize":       {fn: ioSerialize, impure: true},
		"IODeserialize":     {fn: ioDeserialize},
		"Serialize":         {fn: serializeText, impure: true},
		"Deserialize":       {fn: deserializeText},
		"IOExec":            {fn: ioExec, impure: true},
		"IOEnvExec":         {fn: ioEnvExec, impure: true},
		"IOExecTemplate":    {fn: ioExecTemplate, impure: true},
		"IOEnvExecTemplate": {fn: ioEnvExecTemplate, impure: true},
	})
}

// environment is a record of the process's environment variables.
func environment() value.Value {
	entries := os.Environ()
	slices.Sort(entries) // the order of the names must not depend on the shell
	var keys, values []value.Value
	for _, entry := range entries {
		name, text, ok := strings.Cut(entry, "=")
		if key := value.Str(name); ok && name != "" && !slices.Contains(keys, key) {
			keys, values = append(keys, key), append(values, value.Str(text))
		}
	}
	v, _ := value.FuncOf(keys, values) // strings can be compared, and no name stands twice
	return v
}

func atoi(w *Worker, s *site, args []value.Value) value.Value {
	text := w.str(s, "atoi", args[0])
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		w.fail(s, "atoi: %s is the text of no integer", value.Quote(text))
	}
	return value.Int(n)
}

// ioSerialize writes a value as ITF's JSON. Java's own format, which TLC writes, is not read and not written.
func ioSerialize(w *Worker, s *site, args []value.Value) value.Value {
	path := w.str(s, "IOSerialize", args[1])
	text, err := w.canon(s, args[0]).MarshalJSON()
	if err != nil {
		w.fail(s, "IOSerialize: %v", err)
	}
	if args[2] == value.True {
		var buf bytes.Buffer
		zip := gzip.NewWriter(&buf)
		_, _ = zip.Write(text) // a buffer takes everything
		_ = zip.Close()
		text = buf.Bytes()
	}
	w.writeFile(s, path, text)
	return value.True
}

func ioDeserialize(w *Worker, s *site, args []value.Value) value.Value {
	path := w.str(s, "IODeserialize", args[0])
	text, err := os.ReadFile(path)
	if err == nil && args[1] == value.True {
		var zip *gzip.Reader
		if zip, err = gzip.NewReader(bytes.NewReader(text)); err == nil {
			text, err = io.ReadAll(zip)
		}
	}
	if err != nil {
		w.fail(s, "IODeserialize: %s cannot be read: %v", path, err)
	}
	v, err := value.ParseITF(text, nil)
	if err != nil {
		w.fail(s, "IODeserialize: %s holds no value that IOSerialize wrote here: %v", path, err)
	}
	return v
}

// outcome is what became of an operation on files or of a process.
func outcome(code int, stdout, stderr string) value.Value {
	domain, places := value.RecordDomain([]string{"exitValue", "stdout", "stderr"})
	values := make([]value.Value, 3)
	for i, v := range []value.Value{value.Int(int64(code)), value.Str(stdout), value.Str(stderr)} {
		values[places[i]] = v
	}
	return value.Record(domain, values)
}

// option is a field of the record of options that Serialize and Deserialize take.
func (w *Worker) option(s *site, op string, options value.Value, name string) value.Value {
	v, ok := options.Field(name)
	if !ok {
		w.fail(s, "%s: the options %s have no field %s", op, value.Brief(options), name)
	}
	return v
}

// textOptions checks that plain text in a known encoding is asked for.
func (w *Worker) textOptions(s *site, op string, options value.Value) {
	format := w.str(s, op, w.option(s, op, options, "format"))
	charset := w.str(s, op, w.option(s, op, options, "charset"))
	switch {
	case format != "TXT":
		w.fail(s, "%s knows the format \"TXT\" alone, not %s", op, value.Quote(format))
	case !slices.Contains([]string{"UTF-8", "US-ASCII", "UTF8"}, strings.ToUpper(charset)):
		w.fail(s, "%s knows the charset \"UTF-8\" alone, not %s", op, value.Quote(charset))
	}
}

// openFlags are the names of Java's ways of opening a file.
var openFlags = map[string]int{
	"READ": 0, "WRITE": os.O_WRONLY, "APPEND": os.O_WRONLY | os.O_APPEND, "TRUNCATE_EXISTING": os.O_TRUNC,
	"CREATE": os.O_CREATE, "CREATE_NEW": os.O_CREATE | os.O_EXCL, "SYNC": os.O_SYNC, "DSYNC": os.O_SYNC, "SPARSE": 0,
}

func serializeText(w *Worker, s *site, args []value.Value) value.Value {
	text, path := w.str(s, "Serialize", args[0]), w.str(s, "Serialize", args[1])
	options := w.solid(s, args[2])
	w.textOptions(s, "Serialize", options)
	flags := 0
	for _, o := range w.items(s, "Serialize", w.option(s, "Serialize", options, "openOptions")) {
		name := w.str(s, "Serialize", o)
		flag, known := openFlags[name]
		if !known {
			w.fail(s, "Serialize: there is no way %s of opening a file", value.Quote(name))
		}
		flags |= flag
	}
	fileLock.Lock()
	defer fileLock.Unlock()
	f, err := os.OpenFile(path, flags, 0o666)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return outcome(1, "", err.Error())
	}
	return outcome(0, "the file is written", "")
}

func deserializeText(w *Worker, s *site, args []value.Value) value.Value {
	path := w.str(s, "Deserialize", args[0])
	w.textOptions(s, "Deserialize", w.solid(s, args[1]))
	text, err := os.ReadFile(path)
	if err != nil {
		return outcome(1, "", err.Error())
	}
	return outcome(0, string(text), "")
}

// words are a sequence of strings.
func (w *Worker) words(s *site, op string, v value.Value) []string {
	var list []string
	for _, e := range w.items(s, op, v) {
		list = append(list, w.str(s, op, e))
	}
	return list
}

func ioExec(w *Worker, s *site, args []value.Value) value.Value {
	return w.execute(s, w.words(s, "IOExec", args[0]), 0)
}

func ioEnvExec(w *Worker, s *site, args []value.Value) value.Value {
	return w.execute(s, w.words(s, "IOEnvExec", args[1]), args[0])
}

func ioExecTemplate(w *Worker, s *site, args []value.Value) value.Value {
	return w.execute(s, w.fill(s, "IOExecTemplate", args[0], args[1]), 0)
}

func ioEnvExecTemplate(w *Worker, s *site, args []value.Value) value.Value {
	return w.execute(s, w.fill(s, "IOEnvExecTemplate", args[1], args[2]), args[0])
}

// fill puts parameters into the places that the words of a command have for them.
func (w *Worker) fill(s *site, op string, template, parameters value.Value) []string {
	params := w.words(s, op, parameters)
	command := w.words(s, op, template)
	for i, word := range command {
		text, err := format(word, params)
		if err != nil {
			w.fail(s, "%s: %v", op, err)
		}
		command[i] = text
	}
	return command
}

// execute runs a command, with further environment variables, to its end.
func (w *Worker) execute(s *site, command []string, env value.Value) value.Value {
	if len(command) == 0 {
		w.fail(s, "there is no command to run: the sequence is empty")
	}
	cmd := exec.Command(command[0], command[1:]...)
	if env != 0 {
		cmd.Env = append(os.Environ(), w.assignments(s, env)...)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit, isExit := errors.AsType[*exec.ExitError](err); err != nil && (!isExit || exit.ExitCode() < 0) {
		w.fail(s, "the command %s did not run to its end: %v", command[0], err)
	}
	return outcome(cmd.ProcessState.ExitCode(), stdout.String(), stderr.String())
}

// assignments are the environment variables of a record, or of a set of pairs.
func (w *Worker) assignments(s *site, env value.Value) []string {
	env = w.canon(s, env)
	var list []string
	add := func(name, v value.Value) {
		text, ok := v.AsStr()
		if !ok {
			text = v.String()
		}
		list = append(list, w.str(s, "IOEnvExec", name)+"="+text)
	}
	if env.IsSet() {
		for _, e := range w.elements(s, env) {
			pair, ok := e.Items()
			if !ok || len(pair) != 2 {
				w.fail(s, "IOEnvExec: %s is no pair of a name and a value", value.Brief(e))
			}
			add(pair[0], pair[1])
		}
		return list
	}
	if !env.IsFunction() {
		w.fail(s, "IOEnvExec needs a record of environment variables, but is given %s %s", env.KindName(), value.Brief(env))
	}
	for i, name := range env.Domain() {
		add(name, env.Values()[i])
	}
	return list
}
