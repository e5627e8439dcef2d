// The package comment: what is compared, and how.

// Package edges compares pure cores with their specification step by step, in both directions. For a small model it goes
// through every state that the specification reaches. In each it has the cores put into that state, and lets them take
// every step that they can take there, and compares:
//
//   - each step of the specification is one that the code takes, with the same arguments, and it leads to the same
//     state; steps that the code refuses by design are told by name;
//   - each step of the code is one of the specification's.
//
// So the code can do all that the specification can, up to the bounds of the model, and nothing else. A trace shows
// what happened to happen; this shows what can.
package edges
