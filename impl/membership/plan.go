// Plans: the stages through which proposers are taken, one acceptor at a time.

package membership

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"synod/impl/paxos"
)

// Member is an acceptor of a cluster.
type Member struct {
	// Address is where proposers reach it; "" is what their own files say, as for founders.
	Address string `json:"address,omitempty"`
	// Incarnation is the number of its data folder; 0 stands for the one that is met first.
	Incarnation uint64 `json:"incarnation,omitempty"`
	// Since is the number of the configuration with which it became a member; 0 for founders.
	Since uint64 `json:"since,omitempty"`
}

// Stage is a configuration of the proposers: those that they ask for promises and those that they have accept. A
// majority of either is a quorum.
type Stage struct {
	Ask     []string          `json:"ask"`  // in order
	Tell    []string          `json:"tell"` // in order
	Members map[string]Member `json:"members"`
	// Rewrite says that all registers are written anew before anybody leaves the stage.
	Rewrite bool `json:"rewrite,omitempty"`
}

// Plan is a change of the membership. The first stage is the one in which the cluster is when it begins.
type Plan struct {
	What   string  `json:"what"`  // in words
	First  uint64  `json:"first"` // the number of the first stage's configuration
	Stages []Stage `json:"stages"`
	Done   bool    `json:"done,omitempty"` // the change is over, and the next one may begin
}

// Founding is the plan that every cluster has come through: its founders.
func Founding(acceptors []string) Plan {
	s := Stage{Members: map[string]Member{}}
	for _, a := range acceptors {
		s.Members[a] = Member{}
	}
	s.Ask = slices.Sorted(maps.Keys(s.Members))
	s.Tell = s.Ask
	return Plan{What: "the founders", Stages: []Stage{s}, Done: true}
}

// Last gives the stage in which the plan ends, and its number.
func (p Plan) Last() (Stage, uint64) {
	last := len(p.Stages) - 1
	return p.Stages[last], p.First + uint64(last)
}

// Same compares two plans.
func (p Plan) Same(q Plan) bool { return reflect.DeepEqual(p, q) }

// Validate tells what is wrong with a plan that came from elsewhere.
func (p Plan) Validate() error {
	if len(p.Stages) == 0 || len(p.Stages) > maxStages {
		return fmt.Errorf("a plan has 1 to %d stages, not %d", maxStages, len(p.Stages))
	}
	for i, s := range p.Stages {
		for _, set := range [][]string{s.Ask, s.Tell} {
			if len(set) == 0 || !slices.IsSorted(set) || len(slices.Compact(slices.Clone(set))) != len(set) {
				return fmt.Errorf("stage %d: %q is not a set of acceptors in order", i, set)
			}
			for _, a := range set {
				m, ok := s.Members[a]
				if !ok {
					return fmt.Errorf("stage %d: %s is no member", i, a)
				}
				if m.Since > p.First+uint64(i) {
					return fmt.Errorf("stage %d: %s is a member since %d", i, a, m.Since)
				}
			}
		}
		for a := range s.Members {
			if !slices.Contains(s.Ask, a) && !slices.Contains(s.Tell, a) {
				return fmt.Errorf("stage %d: %s is neither asked nor told", i, a)
			}
		}
	}
	return nil
}

// maxStages bounds the plans that are taken from elsewhere.
const maxStages = 16

// The kinds of changes.
const (
	Add     = "add"
	Remove  = "remove"
	Replace = "replace"
	Readmit = "readmit"
)

// Change is what an operator wants.
type Change struct {
	Kind string
	Name string // of the acceptor that is added, removed, replaced or readmitted
	By   string // Replace: the name of the new one
	New  Member // Add, Replace, Readmit: the new one's address and incarnation
}

// ErrUnderWay says that the last change is not over.
var ErrUnderWay = errors.New("another change is under way")

// NewPlan plans a change of a cluster that has come through last. Bugs leave something out.
func NewPlan(last Plan, c Change, bugs Bugs) (Plan, error) {
	now, number := last.Last()
	if !last.Done {
		return Plan{}, fmt.Errorf("%w: %s", ErrUnderWay, last.What)
	}
	now.Rewrite = false
	b := &builder{first: number, stages: []Stage{now}, bugs: bugs}
	switch c.Kind {
	case Add:
		b.add(c.Name, c.New)
	case Remove:
		b.remove(c.Name)
	case Replace:
		b.exchange(c.Name, c.By, c.New)
	case Readmit:
		b.exchange(c.Name, c.Name, c.New)
	default:
		return Plan{}, fmt.Errorf("%q is none of add, remove, replace, readmit", c.Kind)
	}
	if bugs.Has(OneStep) && b.err == nil {
		b.stages = inOneStep(b.stages, number+1)
	}
	what := c.Kind + " " + c.Name
	if c.By != "" {
		what += " by " + c.By
	}
	return Plan{What: what, First: number, Stages: b.stages}, b.err
}

// inOneStep leaves out all stages but the first and the last, which has the number given: the new members are in force at once.
func inOneStep(stages []Stage, number uint64) []Stage {
	last := stages[len(stages)-1]
	last.Members, last.Rewrite = maps.Clone(last.Members), false
	for a, m := range last.Members {
		m.Since = min(m.Since, number)
		last.Members[a] = m
	}
	return []Stage{stages[0], last}
}

// builder adds stages behind the last one.
type builder struct {
	first  uint64
	stages []Stage
	bugs   Bugs
	err    error
}

func (b *builder) last() Stage { return b.stages[len(b.stages)-1] }

func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// append adds a stage. Its rewriting is what a bug forgets.
func (b *builder) append(s Stage) {
	s.Rewrite = s.Rewrite && !b.bugs.Has(NoRewrite)
	b.stages = append(b.stages, s)
}

// set gives a stage in which the members are asked and told.
func set(members map[string]Member, rewrite bool) Stage {
	names := slices.Sorted(maps.Keys(members))
	return Stage{Ask: names, Tell: names, Members: members, Rewrite: rewrite}
}

// add takes one acceptor more. Into an even set, with 2F + 2 of which F + 2 are a quorum, it goes in two steps: first
// the new quorums accept, then every register is written anew, and then the new quorums promise. What an even set holds
// is held by F + 2, so that the step from there to an odd one is safe as it is.
func (b *builder) add(name string, m Member) {
	now := b.last()
	if _, ok := now.Members[name]; ok {
		b.fail("%s is a member already", name)
		return
	}
	all := maps.Clone(now.Members)
	m.Since = b.first + uint64(len(b.stages))
	all[name] = m
	next := set(all, false)
	if len(now.Ask)%2 == 1 {
		mixed := Stage{Ask: now.Ask, Tell: next.Tell, Members: all, Rewrite: true}
		if b.bugs.Has(AcceptNotRaised) {
			mixed.Ask, mixed.Tell = next.Ask, now.Tell
		}
		b.append(mixed)
	}
	b.append(next)
}

// remove takes one acceptor out. An even set is entered in one step, and every register is written anew before it is
// left, in whichever direction: before fewer are asked, all that they have to know is written to them. To shrink is not
// to grow backwards.
func (b *builder) remove(name string) {
	now := b.last()
	if _, ok := now.Members[name]; !ok {
		b.fail("%s is no member", name)
		return
	}
	if len(now.Members) == 1 {
		b.fail("%s is the last member", name)
		return
	}
	rest := maps.Clone(now.Members)
	delete(rest, name)
	b.append(set(rest, len(rest)%2 == 0))
}

// exchange takes one acceptor out and another one in, which may have the same name and an empty disk.
func (b *builder) exchange(name, by string, m Member) {
	if name != by {
		if _, ok := b.last().Members[by]; ok {
			b.fail("%s is a member already", by)
			return
		}
	}
	b.remove(name)
	if b.err == nil {
		b.add(by, m)
	}
}

// Configuration is where a proposer stands: in a stage of a plan.
type Configuration struct {
	Plan     Plan `json:"plan"`
	Position int  `json:"position"`
	// Floor is a ballot above which all of the proposer's own are: no configuration before the last one has used a
	// larger.
	Floor paxos.Ballot `json:"floor,omitempty"`
	// Settled says that all proposers are in the configuration, and that nobody leaves it before this proposer has been
	// told of another plan. Only meanwhile it collects what was deleted.
	Settled bool `json:"settled,omitempty"`
}

// Beginning is the configuration of a proposer that was told of no change yet.
func Beginning(founders []string) Configuration {
	return Configuration{Plan: Founding(founders), Settled: true}
}

// Stage gives the stage.
func (c Configuration) Stage() Stage { return c.Plan.Stages[c.Position] }

// Number is the configuration's number.
func (c Configuration) Number() uint64 { return c.Plan.First + uint64(c.Position) }

// Core gives the configuration as the cores take it.
func (c Configuration) Core() paxos.Configuration {
	s := c.Stage()
	since := map[string]uint64{}
	for a, m := range s.Members {
		since[a] = m.Since
	}
	return paxos.Configuration{Number: c.Number(), Ask: s.Ask, Tell: s.Tell, Since: since, Floor: c.Floor}
}

// Adopt gives the configuration of a proposer that is asked for one: that one, or the one it has if that is later
// already. It follows its own by one at most, because an operator goes on when all have confirmed.
func (c Configuration) Adopt(next Configuration, bugs Bugs) (Configuration, error) {
	if err := next.Plan.Validate(); err != nil {
		return c, err
	}
	if next.Position < 0 || next.Position >= len(next.Plan.Stages) {
		return c, fmt.Errorf("the plan has no stage %d", next.Position)
	}
	was, is := c.Number(), next.Number()
	switch {
	case bugs.Has(AdoptAny) && is < was:
		return next, nil
	case is < was:
		return c, nil
	case is == was && !same(c.Stage(), next.Stage()):
		return c, fmt.Errorf("configuration %d is another one here", is)
	case is == was:
		return c.hear(next), nil
	case is > was+1:
		return c, fmt.Errorf("configuration %d does not follow %d, which is the one here", is, was)
	}
	next.Floor = max(next.Floor, c.Floor)
	return next, nil
}

// Restore gives the configuration of a proposer that has lost its own. It is one in which another proposer is, and none is in
// a later one.
func (c Configuration) Restore(next Configuration) (Configuration, error) {
	if err := next.Plan.Validate(); err != nil {
		return c, err
	}
	if next.Position < 0 || next.Position >= len(next.Plan.Stages) {
		return c, fmt.Errorf("the plan has no stage %d", next.Position)
	}
	if was, is := c.Number(), next.Number(); is < was {
		return c, fmt.Errorf("configuration %d is behind %d, which is the one here", is, was)
	}
	next.Floor = max(next.Floor, c.Floor)
	return next, nil
}

// hear takes note of what an operator says of the configuration that the proposer has: that it has settled, or that the
// plan which begins with it is under way. Who goes on with the plan before that one is late.
func (c Configuration) hear(next Configuration) Configuration {
	_, known := c.Plan.Last()
	_, told := next.Plan.Last()
	switch {
	case told > known:
		c.Plan, c.Position, c.Settled = next.Plan, next.Position, false
	case told == known:
		c.Settled = c.Settled || next.Settled
	}
	return c
}

// same compares two stages. To write anew or not is no part of a configuration.
func same(s, t Stage) bool {
	return slices.Equal(s.Ask, t.Ask) && slices.Equal(s.Tell, t.Tell) && reflect.DeepEqual(s.Members, t.Members)
}
