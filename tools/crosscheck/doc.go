// What crosscheck is for and how it is called.

// Package crosscheck compares the engine with the figures that a collection of specifications records for TLC, and
// with TLC itself where a jar is at hand. The collection is laid out as tlaplus/Examples is: folders with a
// manifest.json that lists modules and their models, each with its result and counts.
//
// Run walks a folder and checks every model that it finds, each in a process of its own. What cannot be compared is
// listed with the reason. Main is Run behind flags, for a command:
//
//	os.Exit(crosscheck.Main(ctx, os.Args[2:], os.Stdout, os.Stderr))
package crosscheck
