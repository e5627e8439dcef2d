// Liveness: temporal formulas as automata, and a search for a lasso (being written by the lead; leave to him).

package check
