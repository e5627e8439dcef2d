// What the repository promises about itself, as tests.

// Package tidy holds tests about the repository: which package may import which, what depends on the standard library
// alone, how files are formatted, and that the manifest and the models agree. Each rule is a function of what it
// reads, so that it is tested twice: on the repository, where it must find nothing, and on a small case that it must
// refuse.
package tidy
