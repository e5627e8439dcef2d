// Constants: from the configuration's text to values.

package check

import (
	"fmt"
	"slices"
	"strconv"

	"synod/conformance/tla/config"
	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// evalConfig translates the configuration's constants. Values of the binding replace those of the configuration.
func evalConfig(all *resolve.Program, file *config.File, b Binding) (eval.Config, error) {
	cfg := eval.Config{Values: map[string]value.Value{}, Replace: map[string]string{},
		ModuleValues: map[string]map[string]value.Value{}, ModuleReplace: map[string]map[string]string{},
		WideIntegers: b.WideIntegers, Budget: b.Budget}
	for _, c := range file.Constants {
		v, err := constantValue(c.Value)
		if err != nil {
			return cfg, err
		}
		if isUnused(all, c) {
			continue
		}
		if len(c.Args) > 0 {
			if cfg.Tables, err = addRow(cfg.Tables, c, v); err != nil {
				return cfg, err
			}
			continue
		}
		if c.Module == nil {
			cfg.Values[c.Name.Text] = v
			continue
		}
		if cfg.ModuleValues[c.Module.Text] == nil {
			cfg.ModuleValues[c.Module.Text] = map[string]value.Value{}
		}
		cfg.ModuleValues[c.Module.Text][c.Name.Text] = v
	}
	for _, o := range file.Overrides {
		if t := o.Target.Text; t == "TRUE" || t == "FALSE" {
			cfg.Always = append(cfg.Always, eval.Always{Name: o.Name.Text, Module: moduleText(o.Module), Value: value.Bool(t == "TRUE")})
			continue
		}
		if o.Module == nil {
			cfg.Replace[o.Name.Text] = o.Target.Text
			continue
		}
		if cfg.ModuleReplace[o.Module.Text] == nil {
			cfg.ModuleReplace[o.Module.Text] = map[string]string{}
		}
		cfg.ModuleReplace[o.Module.Text][o.Name.Text] = o.Target.Text
	}
	names := make([]string, 0, len(b.Values))
	for name := range b.Values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch all.Root.Scope[name].(type) {
		case *resolve.Const, *resolve.Def, *resolve.Imported:
		default:
			return cfg, &Error{Msg: fmt.Sprintf("module %s has no constant %s%s", all.Root.Name, name, resolve.Suggest(name, constantNames(all.Root))), Code: CodeConfig}
		}
		delete(cfg.Replace, name)
		cfg.Values[name] = b.Values[name]
	}
	return cfg, nil
}

func moduleText(m *config.Name) string {
	if m == nil {
		return ""
	}
	return m.Text
}

// addRow adds the value of a constant operator for some arguments to the operator's table.
func addRow(tables []eval.Table, c config.Constant, v value.Value) ([]eval.Table, error) {
	args, err := constantValues(c.Args)
	if err != nil {
		return nil, err
	}
	t := eval.Table{Name: c.Name.Text}
	if c.Module != nil {
		t.Module = c.Module.Text
	}
	i := slices.IndexFunc(tables, func(old eval.Table) bool { return old.Name == t.Name && old.Module == t.Module })
	if i < 0 {
		i, tables = len(tables), append(tables, t)
	}
	tables[i].Rows = append(tables[i].Rows, eval.Row{Args: args, Value: v})
	return tables, nil
}

// isUnused reports whether a constant of the configuration is none of the specification's. TLC takes it as it is.
func isUnused(all *resolve.Program, c config.Constant) bool {
	return c.Module == nil && all.Root.Scope[c.Name.Text] == nil
}

// unused tells of the constants that the specification does not have, and of statements that are read over. A model value that stands for itself may be listed for
// its name alone.
func unused(all *resolve.Program, file *config.File) []string {
	var notes []string
	for _, c := range file.Constants {
		if mv, ok := c.Value.(*config.ModelValue); ok && mv.Name == c.Name.Text || !isUnused(all, c) {
			continue
		}
		notes = append(notes, fmt.Sprintf("%s: module %s has no %s, so that its value is not used%s", c.Name.Span.Start, all.Root.Name, c.Name.Text,
			resolve.Suggest(c.Name.Text, constantNames(all.Root))))
	}
	for _, n := range file.Unused {
		notes = append(notes, fmt.Sprintf("%s: %s is given a value twice, and this one does not count", n.Span.Start, n.Text))
	}
	for _, n := range file.Ignored {
		notes = append(notes, fmt.Sprintf("%s: %s is not looked at: _PERIODIC and _RL_REWARD are read over", n.Span.Start, n.Text))
	}
	return notes
}

func constantNames(m *resolve.Module) []string {
	var names []string
	for name, s := range m.Scope {
		if _, ok := s.(*resolve.Const); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// constantValue makes a value of what the configuration says.
func constantValue(v config.Value) (value.Value, error) {
	switch v := v.(type) {
	case *config.Number:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		if err != nil || n > value.MaxInt || n < value.MinInt {
			return 0, &Error{v.Span(), "the number " + v.Text + " is too large", CodeConfig}
		}
		return value.Int(n), nil
	case *config.String:
		return value.Str(v.Text), nil
	case *config.Bool:
		return value.Bool(v.Value), nil
	case *config.ModelValue:
		return value.ModelValue(v.Name), nil
	case *config.Set:
		items, err := constantValues(v.Items)
		if err != nil {
			return 0, err
		}
		s, f := value.Set(items)
		if f != nil {
			return 0, &Error{v.Span(), f.Msg, CodeConfig}
		}
		return s, nil
	case *config.Tuple:
		items, err := constantValues(v.Items)
		return value.Tuple(items), err
	case *config.Record:
		items, err := constantValues(v.Values)
		if err != nil {
			return 0, err
		}
		keys := make([]value.Value, len(v.Names))
		for i, n := range v.Names {
			keys[i] = value.Str(n)
		}
		r, f := value.FuncOf(keys, items)
		if f != nil {
			return 0, &Error{v.Span(), f.Msg, CodeConfig}
		}
		return r, nil
	}
	return 0, &Error{v.Span(), "this is no constant value", CodeConfig}
}

func constantValues(list []config.Value) ([]value.Value, error) {
	out := make([]value.Value, len(list))
	for i, x := range list {
		v, err := constantValue(x)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}
