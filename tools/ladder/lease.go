// Rungs 16 to 18: leases, locks that expire, and shards that move.

package ladder

import (
	"fmt"

	"synod/conformance/tla"
)

// lease tells rung 16.
var lease = family{
	sentences: map[string]string{
		"Tick":    "Time passes: it is {now}.",
		"Request": "{h} asks for the lease, at {now}.",
		"Grant":   "{g} grants it to {h} at {now}, and is bound until {bound}.",
		"Hold":    "{h} hears of {q}, at {now}, and holds the lease until {until}.",
		"Restart": "{g} starts again. {remembers}",
	},
	phrases: map[string]func(moment) string{
		"now":   func(m moment) string { return say(at(m.after, "now")) },
		"bound": func(m moment) string { return say(at(m.after, "boundUntil", m.arg("g"))) },
		"until": func(m moment) string { return say(at(m.after, "holdsUntil", m.arg("h"))) },
		"remembers": func(m moment) string {
			if until := numberAt(m.after, "boundUntil", m.arg("g")); until > 0 {
				return fmt.Sprintf("It is bound until %d.", until)
			}
			return "It does not know that it is bound."
		},
	},
	endings: map[string]func(moment) string{
		"OneHolder": func(m moment) string {
			var holders []tla.Value
			now := numberAt(m.after, "now")
			for _, h := range at(m.after, "holdsUntil").Domain() {
				if now < numberAt(m.after, "holdsUntil", h) {
					holders = append(holders, h)
				}
			}
			return fmt.Sprintf("At %d both %s hold the lease.", now, list(holders))
		},
	},
}

// fencing tells rung 17.
var fencing = family{
	sentences: map[string]string{
		"Acquire": "{c} gets the lock, with token {t}.",
		"Expire":  "The lock of {owner} expires. {owner} does not notice.",
		"Fetch":   "{c} fetches what the store holds: {stored}.",
		"Store":   "{c} stores {now}, and is told that it is done.",
	},
	phrases: map[string]func(moment) string{
		"owner":  func(m moment) string { return say(at(m.before, "owner")) },
		"stored": func(m moment) string { return say(at(m.before, "stored")) },
		"now":    func(m moment) string { return say(at(m.after, "stored")) },
	},
	endings: map[string]func(moment) string{
		"NothingLost": func(m moment) string {
			return fmt.Sprintf("%s were acknowledged, each of which adds 1, and the store holds %s.",
				count(int(numberAt(m.after, "acknowledged")), "write"), say(at(m.after, "stored")))
		},
	},
}

// handover tells rung 18.
var handover = family{
	sentences: map[string]string{
		"Serve":    "A client asks {g} for {c}. {g} makes the change and answers.",
		"Freeze":   "{g} freezes the shard.",
		"HandOver": "{g} sends {h} what it holds: {holds}.",
		"Activate": "{h} has received {holds}, and serves the shard from now on.",
		"Stop":     "{g} hears that {h} has the shard, and has done with it.",
	},
	phrases: map[string]func(moment) string{
		"holds": func(m moment) string {
			group := m.arg("h")
			if m.action == "HandOver" {
				group = m.arg("g")
			}
			return say(at(m.after, "held", group))
		},
	},
	endings: map[string]func(moment) string{
		"NothingLost": func(m moment) string {
			for _, g := range at(m.after, "status").Domain() {
				lost := without(at(m.after, "acknowledged"), at(m.after, "held", g))
				if say(at(m.after, "status", g)) == "serving" && lost != "nothing" {
					return fmt.Sprintf("%s was acknowledged, and %s serves the shard without it. The change is lost.", lost, say(g))
				}
			}
			return ""
		},
	},
}
