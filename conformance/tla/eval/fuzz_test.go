// Random expressions: whatever resolves is evaluated or refused with its place, without a panic, and twice the same.

package eval

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// fuzzModule is what random expressions may use.
const fuzzModule = `---- MODULE T ----
EXTENDS Integers, Sequences, FiniteSets, TLC, Bags, SequencesExt, FiniteSetsExt, Functions, Randomization
VARIABLES x, y
RECURSIVE Down(_)
Down(n) == IF n <= 0 THEN <<>> ELSE <<n>> \o Down(n - 1)
Twice(Op(_), a) == Op(Op(a))
fact[n \in 0..3] == IF n = 0 THEN 1 ELSE n * fact[n - 1]
====
`

// pieces are what an expression is put together from: %s is another one. What comes first ends it.
var pieces = []string{"x", "y", "1", "0", "-1", "2", "3", `"a"`, "TRUE", "{}", "<<>>", "v", "w", "x'", "y'", "BOOLEAN", "Nat", "STRING",
	"(%s + %s)", "(%s - %s)", "(%s * %s)", `(%s \div %s)`, "(%s %% %s)", "(%s ^ %s)", "(%s..%s)", "(%s = %s)", "(%s # %s)", "(%s < %s)",
	`(%s \in %s)`, `(%s \notin %s)`, `(%s \cup %s)`, `(%s \cap %s)`, `(%s \ %s)`, `(%s \subseteq %s)`, `(%s /\ %s)`, `(%s \/ %s)`, "(%s => %s)",
	"(%s <=> %s)", "~%s", "SUBSET %s", "UNION %s", "DOMAIN %s", "{%s}", "{%s, %s}", "<<%s>>", "<<%s, %s>>", "[a |-> %s]", "[a |-> %s, b |-> %s]",
	"[a : %s]", "[%s -> %s]", `(%s \X %s)`, "Seq(%s)", `{v \in %s : %s}`, `{%s : v \in %s}`, `{<<v, w>> \in %s : %s}`, `[v \in %s |-> %s]`,
	`[v, w \in %s |-> %s]`, `[%s EXCEPT ![%s] = %s]`, "[%s EXCEPT !.a = @]", `(\A v \in %s : %s)`, `(\E v \in %s : %s)`, `(\E <<v, w>> \in %s : %s)`,
	`(CHOOSE v \in %s : %s)`, "(IF %s THEN %s ELSE %s)", "(CASE %s -> %s [] OTHER -> %s)", "(CASE %s -> %s)", "(LET v == %s IN %s)",
	"(LET v == %s w(v) == %s IN w(v))", "%s[%s]", "%s.a", "Cardinality(%s)", "Len(%s)", "Head(%s)", "Tail(%s)", "Append(%s, %s)", `(%s \o %s)`,
	"SubSeq(%s, %s, %s)", "SelectSeq(%s, LAMBDA v : %s)", "Down(%s)", "Twice(LAMBDA v : %s, %s)", "fact[%s]", "(%s :> %s)", "(%s @@ %s)",
	"ToString(%s)", "SetToBag(%s)", "(%s (+) %s)", "FoldSet(LAMBDA v, w : %s, %s, %s)", "SetToSeq(%s)", "Permutations(%s)", "UNCHANGED %s",
	"ENABLED %s", "[%s]_x", "<<%s>>_y", `(%s \cdot %s)`, "Range(%s)", "RandomSubset(%s, %s)", "Assert(%s, %s)", "TLCEval(%s)", "kSubset(%s, %s)"}

// expression puts together the expression that the bytes choose; it is small, so that it is evaluated soon.
func expression(choices []byte) string {
	text := "%s"
	for size := 0; strings.Contains(text, "%s"); size++ {
		piece := pieces[0]
		if size < len(choices) && size < 12 {
			piece = pieces[int(choices[size])%len(pieces)]
		}
		text = strings.Replace(text, "%s", strings.ReplaceAll(piece, "%%", "%"), 1)
	}
	return text
}

// choose gives the bytes that put together an expression by its pieces.
func choose(list ...string) []byte {
	var b []byte
	for _, p := range list {
		for i, piece := range pieces {
			if piece == p {
				b = append(b, byte(i))
			}
		}
	}
	return b
}

func FuzzEval(f *testing.F) {
	was := value.SetLargest(1_000)
	f.Cleanup(func() { value.SetLargest(was) })
	f.Add(choose(`(\E v \in %s : %s)`, "(%s..%s)", "0", "3", "(%s = %s)", "x'", "v"))
	f.Add(choose("FoldSet(LAMBDA v, w : %s, %s, %s)", "(%s + %s)", "v", "w", "0", "(%s..%s)", "1", "3"))
	f.Add(choose(`[%s EXCEPT ![%s] = %s]`, "[a |-> %s, b |-> %s]", "1", "2", `"a"`, "Down(%s)", "3"))
	f.Add(choose("ENABLED %s", `(%s \cdot %s)`, "(%s = %s)", "x'", "1", "UNCHANGED %s", "x"))
	f.Add(choose("(LET v == %s w(v) == %s IN w(v))", "Twice(LAMBDA v : %s, %s)", "(%s :> %s)", "v", "1", "x", "SUBSET %s", "v"))
	for i := range pieces {
		f.Add([]byte{byte(i), 2, 43, 2, 24, 3, 4})
	}
	f.Fuzz(func(t *testing.T, choices []byte) { evaluate(t, expression(choices)) })
}

var fuzzProgram = sync.OnceValue(func() *resolve.Program {
	all, err := resolve.LoadText("T.tla", []byte(fuzzModule), resolve.Options{FS: fstest.MapFS{}})
	if err != nil {
		panic(err)
	}
	return all
})

// evaluate compiles an expression and evaluates it in every way that its level allows.
func evaluate(t *testing.T, text string) {
	all := fuzzProgram()
	e, err := all.ParseExpr(all.Root, "expression", text, nil)
	if err != nil {
		return
	}
	p, err := New(all, Config{Budget: Budget{Steps: 20_000, Stack: 1 << 24}})
	if err != nil {
		t.Fatal(err)
	}
	w := p.NewWorker()
	state, next := []value.Value{value.Int(1), value.Tuple([]value.Value{value.Int(2)})}, []value.Value{value.Int(0), value.Str("a")}
	formula := p.Formula(e)
	w.Seed(1, 1)
	first, err := w.Eval(formula, state, next)
	checkError(t, text, err)
	w.Seed(1, 1)
	again, err2 := w.Eval(formula, state, next)
	if (err == nil) != (err2 == nil) || err == nil && first != again {
		t.Fatalf("%s is %v (%v), and then %v (%v)", text, first, err, again, err2)
	}
	if err == nil {
		_, _ = value.Text(first, 1<<16)
	}
	if e.Level() <= resolve.LevelAction {
		relation := p.Next(p.Part(e))
		n := 0
		err = w.Successors(relation, state, func(got []value.Value) bool {
			for _, v := range got {
				if v == 0 {
					t.Fatalf("%s: a successor has a variable without a value", text)
				}
			}
			n++
			return n > 1000
		})
		checkError(t, text, err)
	}
}

// checkError demands that an error has a place and is none of the engine's own.
func checkError(t *testing.T, text string, err error) {
	t.Helper()
	var e *Error
	if err == nil {
		return
	}
	if !errors.As(err, &e) || e.Reason == Internal || !e.Span.Start.IsValid() {
		t.Fatalf("%s: %v", text, err)
	}
}
