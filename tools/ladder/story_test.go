// Stories: every action has its sentence, whatever happens.

package ladder

import (
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// specs is the folder of the specifications, seen from here.
const specs = "../../spec"

func readLadder(t *testing.T) *Ladder {
	t.Helper()
	ladder, err := Read(specs)
	require.NoError(t, err)
	return ladder
}

func load(t *testing.T, r Rung) *tla.Model {
	t.Helper()
	model, err := tla.Load(r.Model.Spec, tla.Options{Config: r.Model.Config})
	require.NoError(t, err)
	return model
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// untold says what a family lacks to tell the steps of a rung: a sentence for an action, a parameter or a phrase for
// a word in braces, an ending for a property.
func untold(f *family, actions []tla.Action, violates string) []string {
	var lacks []string
	for _, a := range actions {
		sentence, ok := f.template(a.Name, a.Params)
		if !ok {
			lacks = append(lacks, "no sentence for "+a.Name)
		}
		for _, m := range placeholder.FindAllStringSubmatch(sentence, -1) {
			known := f.phrases[m[1]] != nil
			for _, param := range a.Params {
				known = known || param == m[1]
			}
			if !known {
				lacks = append(lacks, a.Name+" has no "+m[1])
			}
		}
	}
	if violates != "" && f.endings[violates] == nil {
		lacks = append(lacks, "no ending for "+violates)
	}
	return lacks
}

// steps are the actions that a rung's Next is made of, without the operators that they are in turn made of.
func steps(t *testing.T, r Rung, m *tla.Model) []tla.Action {
	t.Helper()
	text, err := os.ReadFile(r.Model.Spec)
	require.NoError(t, err)
	_, next, ok := strings.Cut(string(text), "\nNext ==\n")
	require.True(t, ok, r.ID)
	next, _, _ = strings.Cut(next, "\n\n")
	var own []tla.Action
	for _, a := range m.Actions() {
		if regexp.MustCompile(`\b` + a.Name + `\b`).MatchString(next) {
			own = append(own, a)
		}
	}
	require.NotEmpty(t, own)
	return own
}

func TestEveryActionHasASentence(t *testing.T) {
	for _, r := range readLadder(t).Rungs {
		if f := familyOf(r); f != &plain {
			require.Empty(t, untold(f, steps(t, r, load(t, r)), r.Model.Violates), "rung %s", r.ID)
		}
	}
}

func TestAMissingSentenceIsFound(t *testing.T) {
	f := &family{sentences: map[string]string{"Go": "{a} goes {where}."}}
	actions := []tla.Action{{Name: "Go", Params: []string{"a"}}, {Name: "Stay"}}
	require.Equal(t, []string{"Go has no where", "no sentence for Stay", "no ending for Safe"}, untold(f, actions, "Safe"))
}

// TestAnyBehaviourCanBeTold walks at random through each rung: stories are made from steps, not for one known
// counterexample.
func TestAnyBehaviourCanBeTold(t *testing.T) {
	random := rand.New(rand.NewPCG(19, 7))
	for _, r := range readLadder(t).Rungs {
		m := load(t, r)
		machine := m.NewMachine()
		f := familyOf(r)
		for range 20 {
			initial, err := machine.Init()
			require.NoError(t, err)
			behavior := []tla.Step{{State: initial[random.IntN(len(initial))]}}
			for range 12 {
				next, err := machine.Successors(behavior[len(behavior)-1].State)
				require.NoError(t, err)
				if len(next) == 0 {
					break
				}
				behavior = append(behavior, stepOf(t, m, next[random.IntN(len(next))]))
			}
			for _, step := range moments(m, behavior) {
				for _, text := range f.tell(step) {
					require.NotContains(t, text, "  ", "rung %s: %s", r.ID, step.call())
					if f != &plain {
						require.NotContains(t, text, "(", "rung %s: %s", r.ID, step.call())
					}
					require.True(t, strings.HasSuffix(text, "."), text)
				}
			}
		}
	}
}

func stepOf(t *testing.T, m *tla.Model, s tla.Successor) tla.Step {
	t.Helper()
	action, ok := m.Action(s.Action)
	require.True(t, ok, s.Action)
	step := tla.Step{Action: s.Action, State: s.State}
	for i, name := range action.Params {
		step.Args = append(step.Args, tla.Binding{Name: name, Value: s.Args[i]})
	}
	return step
}

func TestPlainStepsAreWrittenAsInTheSpecification(t *testing.T) {
	m := moment{action: "Promise", args: []tla.Binding{{Name: "a", Value: tla.Str("a1")}, {Name: "b", Value: tla.Int(2)}}}
	require.Equal(t, []string{`Promise("a1", 2).`}, plain.tell(m))
	require.Equal(t, []string{"Sync."}, plain.tell(moment{action: "Sync"}))
}
