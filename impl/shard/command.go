// Commands and results: what a group's Machine is asked, and what it answers, as text.

package shard

import (
	"fmt"
	"strings"

	"synod/impl/line"
	"synod/impl/step"
)

// Kind says what a command asks for. The kinds are called as the specification's actions.
type Kind string

// The kinds of commands, with the fields that count besides Shard.
const (
	Serve    Kind = "serve"    // Client, Number, Body: a client's request
	Freeze   Kind = "freeze"   // Group: who is to have the shard
	HandOver Kind = "handover" // Group: who is to have it
	Activate Kind = "activate" // Epoch, Body: what was handed over
	Drop     Kind = "drop"     // Epoch: the one under which the heir has activated the shard
	Publish  Kind = "publish"  // Group, Epoch: it has had the shard since that epoch; for the group that keeps the map
	Locate   Kind = "locate"   // what the map says
	Chart    Kind = "chart"    // all that the map says; Shard does not count
	Holdings Kind = "holdings" // the shards that this group serves or has frozen; Shard does not count
	Split    Kind = "split"    // a range of shards begins with this one from now on; for the group that keeps the map
	Merge    Kind = "merge"    // no range begins with this one any more: it is in the one before
	Assign   Kind = "assign"   // Group: that is to have the range that begins with this shard
)

// Reads reports whether a command of that kind changes nothing.
func (k Kind) Reads() bool { return k == Locate || k == Chart || k == Holdings }

// Command is what a Machine can be asked.
type Command struct {
	Kind   Kind
	Shard  string
	Group  string
	Epoch  uint64
	Client string // numbers its requests from 1, and asks for one at a time; "" asks once only
	Number uint64
	Cause  step.Cause // the step of another group on which this one follows
	Body   string
}

// String gives the form that Parse reads.
func (c Command) String() string {
	var w line.Writer
	return w.Word(string(c.Kind)).Quoted(c.Shard).Quoted(c.Group).Number(c.Epoch).Quoted(c.Client).Number(c.Number).
		Quoted(c.Cause.Step).Number(c.Cause.Clock).Text(c.Body)
}

// Parse reads what String wrote.
func Parse(text string) (Command, error) {
	first, body, found := strings.Cut(text, "\n")
	w := line.New(first)
	c := Command{
		Kind: Kind(w.Word()), Shard: w.Quoted(), Group: w.Quoted(), Epoch: w.Number(), Client: w.Quoted(), Number: w.Number(),
		Cause: step.Cause{Step: w.Quoted(), Clock: w.Number()}, Body: body,
	}
	if !found || !w.Done() {
		return Command{}, fmt.Errorf("shard: %.80q is no command", text)
	}
	switch c.Kind {
	case Serve, Freeze, HandOver, Activate, Drop, Publish, Locate, Chart, Holdings, Split, Merge, Assign:
		return c, nil
	}
	return Command{}, fmt.Errorf("shard: no command is called %.40q", c.Kind)
}

// Outcome says what became of a command.
type Outcome string

// The outcomes of commands.
const (
	Done      Outcome = "done"      // serve: Body is the answer; handover: Body is the shard, for Group under Epoch; locate: Group and Epoch
	Already   Outcome = "already"   // it was done before, and has changed nothing now
	Elsewhere Outcome = "elsewhere" // the group does not serve the shard, or not any more: Group is to have it, if it is known
	Invalid   Outcome = "invalid"   // Body says why
)

// Result is what a Machine answers.
type Result struct {
	Outcome Outcome
	Group   string
	Epoch   uint64
	Cause   step.Cause // the step that was made; where an activation was made before, that one
	Body    string
}

// String gives the form that ParseResult reads.
func (r Result) String() string {
	var w line.Writer
	return w.Word(string(r.Outcome)).Quoted(r.Group).Number(r.Epoch).Quoted(r.Cause.Step).Number(r.Cause.Clock).Text(r.Body)
}

// ParseResult reads what String wrote.
func ParseResult(text string) (Result, error) {
	first, body, found := strings.Cut(text, "\n")
	w := line.New(first)
	r := Result{Outcome: Outcome(w.Word()), Group: w.Quoted(), Epoch: w.Number(), Cause: step.Cause{Step: w.Quoted(), Clock: w.Number()}, Body: body}
	if !found || !w.Done() {
		return Result{}, fmt.Errorf("shard: %.80q is no result", text)
	}
	return r, nil
}
