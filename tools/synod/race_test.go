// With the race detector a process needs more memory than it says.

//go:build race

package main

// memoryFactor is how much more memory a process may use in this build.
const memoryFactor = 2
