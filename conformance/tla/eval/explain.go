// Explanations.

package eval

// Outline is an action taken apart into its conjuncts.
type Outline struct{}
