// Without the race detector memory is what it is.

//go:build !race

package main

// memoryFactor is how much more memory a process may use in this build.
const memoryFactor = 1
