// TLC as a second judge of a rung.

package ladder

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"synod/tools/synod/tlc"
)

// askTLC has TLC check the rung as well, and says in which respects its finding is not what the manifests say. The
// names are those that may be exchanged.
func askTLC(ctx context.Context, p *printer, r Rung, names []map[string]string) ([]string, error) {
	jar, err := tlc.Find(ctx, "", func(text string) { p.out.Progress("%s", text) })
	if err != nil {
		return nil, err
	}
	p.out.Progress("%s: TLC is checking", r.module())
	var output bytes.Buffer
	found, err := tlc.Run(ctx, jar, tlc.Job{Spec: r.Model.Spec, Config: r.Model.Config, Workers: 1}, &output)
	p.out.Settle()
	if err != nil {
		return nil, err
	}
	wrong := r.differsForTLC(found)
	if len(wrong) > 0 || !r.Breaks() {
		return wrong, nil
	}
	last, err := lastState(output.String())
	if err != nil {
		return nil, err
	}
	known, err := among(last, r.Final, names)
	if err == nil && !known && len(r.Final) > 0 {
		wrong = append(wrong, "TLC's counterexample ends in another state than those in ladder/manifest.json")
	}
	return wrong, err
}

// The exit codes of TLC that are of interest here: no error, and a violation of safety or of liveness. It counts
// action properties among the latter.
const (
	tlcHolds    = 0
	tlcSafety   = 12
	tlcLiveness = 13
)

func (r Rung) differsForTLC(found tlc.Result) []string {
	var wrong []string
	violated := found.Code == tlcSafety || found.Code == tlcLiveness
	if violated != r.Breaks() || !violated && found.Code != tlcHolds {
		return append(wrong, fmt.Sprintf("TLC ends with code %d: %s", found.Code, orNothing(found.Error)))
	}
	if violated && strings.Contains(found.Error, "nvariant") && !strings.Contains(found.Error, r.Model.Violates) {
		wrong = append(wrong, fmt.Sprintf("TLC says: %s Expected was that %s is violated", found.Error, r.Model.Violates))
	}
	if violated && found.Length != *r.Model.Length {
		wrong = append(wrong, fmt.Sprintf("TLC's counterexample has %d states, expected were %d", found.Length, *r.Model.Length))
	}
	if !violated && found.Distinct != *r.Model.Distinct {
		wrong = append(wrong, fmt.Sprintf("TLC found %d states, expected were %d", found.Distinct, *r.Model.Distinct))
	}
	return wrong
}

var (
	stateHeader = regexp.MustCompile(`(?m)^State \d+: <.*\n`)
	assignment  = regexp.MustCompile(`^/\\ (\w+) = (.*)$`)
)

// lastState finds the last state of the behaviour that TLC prints.
func lastState(output string) (Final, error) {
	headers := stateHeader.FindAllStringIndex(output, -1)
	if headers == nil {
		return nil, fmt.Errorf("TLC printed no behaviour")
	}
	state := Final{}
	name := ""
	for _, line := range strings.Split(output[headers[len(headers)-1][1]:], "\n") {
		if m := assignment.FindStringSubmatch(line); m != nil {
			name = m[1]
			state[name] = m[2]
		} else if strings.TrimSpace(line) == "" || name == "" {
			break
		} else {
			state[name] += " " + strings.TrimSpace(line) // a long value goes on
		}
	}
	return state, nil
}
