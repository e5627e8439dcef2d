// Levels

package resolve

func (r *resolver) checkLevels(order []*Module) {}
