// What the package is for and how to call it.

// Package syntax reads TLA+ source text: it splits a module into tokens and builds its syntax tree. Nothing is
// looked up here: a name is only a name, and package resolve finds out what it means.
//
// Start with [ParseModule]. It accepts what the language's reference parser (SANY) accepts: both the ASCII and the
// Unicode spelling of every symbol, junction lists aligned by column, the precedence ranges of all operators, labels,
// subexpression selectors and TLAPS proofs. Proofs are checked for their form and then dropped.
//
// Every error has a place in the source ([Error]); several are reported at once, because the parser goes on with the
// next definition after a mistake. [Render] shows an error with its source line and a caret.
//
// Operator symbols with several spellings have one canonical form, the Name of an [Operator]: the ASCII spelling
// that mathematicians would type first. So \union, \cup and ∪ are all "\cup", <= and =< are "\leq", and the prefix
// minus is "-." as in its definition.
package syntax
