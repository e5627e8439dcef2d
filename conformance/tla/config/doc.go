// What the package is for and how to call it.

// Package config reads TLC's configuration files (.cfg): which formulas of a specification to check, and what its
// constants stand for.
//
// [Parse] gives a [File], which is plain data: every entry has its place in the text, and every name is only a name.
// The one who checks the specification resolves the names, with resolve.Program.Operator in the scope of the root
// module, and turns a [Value] into one of its own. A name on the left of "=" or "<-" may also be that of a definition,
// which is then replaced.
//
// The statements are those of TLC: CONSTANT, INIT, NEXT, SPECIFICATION, INVARIANT, PROPERTY, CONSTRAINT,
// ACTION_CONSTRAINT, SYMMETRY, VIEW, ALIAS, POSTCONDITION, CHECK_DEADLOCK, and the plural forms. Names in a list stand
// side by side without commas. Beyond what TLC reads, a value may be negative, a tuple or a record, and a name may lead
// through an instance (V!Spec).
package config
