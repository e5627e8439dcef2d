// Histories: whether some order of what clients did explains all that they were told.

// Package linear judges the histories of the simulators of logs and shards.
package linear

import (
	"github.com/anishathalye/porcupine"

	"synod/impl/log/sim"
)

// Linearizable asks whether some order of the operations explains all answers by the model, whose inputs are the operations'
// bodies. An operation without an answer may have had its effect at any time since, or never: it never returns.
func Linearizable(model porcupine.Model, history []sim.Operation) bool {
	end := 0
	for _, o := range history {
		end = max(end, o.Call, o.Return)
	}
	var operations []porcupine.Operation
	for _, o := range history {
		if o.Return < 0 {
			o.Return = end + 1
		}
		operations = append(operations, porcupine.Operation{
			ClientId: int(o.Client[1] - '0'), Input: o.Body, Output: o.Result, Call: int64(o.Call), Return: int64(o.Return),
		})
	}
	return porcupine.CheckOperations(model, operations)
}
