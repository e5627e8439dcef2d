package conformance

// Summaries is how often all instances became summaries.
func (m *Monitor) Summaries() int { return m.epoch }
