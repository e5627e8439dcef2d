// Values and errors of the operators, family by family: each has something that it gives and something that it refuses.

package eval

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

const operatorsModule = `---- MODULE T ----
EXTENDS Integers, Sequences, FiniteSets, TLC, Bags, SequencesExt, FiniteSetsExt, Functions, Bitwise
CONSTANT Table(_, _)
VARIABLES x, y
RECURSIVE Sum(_)
Sum(n) == IF n = 0 THEN 0 ELSE n + Sum(n - 1)
Apply(Op(_), a) == Op(a)
rec == [a |-> 1, b |-> <<2, 3>>]
====
`

// worth is an expression with the value that it has, or a part of the message with which it fails. The state before the step has
// x = 1 and y = <<2>>, the one after it x = 0 and y = "a".
type worth struct{ text, value, fails string }

var families = map[string][]worth{
	"arithmetic": {
		{`<<7 \div (-2), (-7) \div 2, 7 % 2, -7 % 2, 2^10, -(3 - 5)>>`, `<<-4, -4, 1, 1, 1024, 2>>`, ""},
		{`3 \div 0`, "", `the right side of \div is 0`},
		{`2147483647 + 1`, "", "out of range"},
		{`1 + "a"`, "", `"a"`},
		{`<<1..3, 3..1, 5 & 3>>`, `<<{1, 2, 3}, {}, 1>>`, ""},
	},
	"logic": {
		{`<<TRUE /\ FALSE, FALSE \/ TRUE, FALSE => 1, TRUE <=> FALSE, ~FALSE>>`, `<<FALSE, TRUE, TRUE, FALSE, TRUE>>`, ""},
		{`TRUE /\ 1`, "", "1"},
		{`<<\A n \in {} : n, \E n \in 1..3 : n > 2, CHOOSE n \in 1..3 : n > 1>>`, `<<TRUE, TRUE, 2>>`, ""},
		{`CHOOSE n \in 1..3 : n > 3`, "", "CHOOSE finds nothing"},
		{`\E n : n = 1`, "", "a quantifier without a set"},
	},
	"equality": {
		{`<<1 = 2, {1, 2} = {2, 1}, <<1>> = [i \in {1} |-> 1], rec # rec>>`, `<<FALSE, TRUE, TRUE, FALSE>>`, ""},
		{`1 = "a"`, "", `cannot compare the integer 1 with the string "a"`},
	},
	"sets": {
		{`<<{1} \cup {2}, {1, 2} \cap {2}, {1, 2} \ {2}, UNION {{1}, {2}}, Cardinality(SUBSET {1, 2})>>`, `<<{1, 2}, {2}, {1}, {1, 2}, 4>>`, ""},
		{`<<2 \in Nat, -1 \notin Nat, {1} \subseteq Int, <<1, "a">> \in Nat \X STRING>>`, `<<TRUE, TRUE, TRUE, TRUE>>`, ""},
		{`<<{n \in 1..4 : n % 2 = 0}, {n * n : n \in 1..3}>>`, `<<{2, 4}, {1, 4, 9}>>`, ""},
		{`1 \in 2`, "", "2"},
		{`Cardinality(Nat)`, "", "Nat"},
		{`FoldSet(LAMBDA a, b : a + b, 0, 1..4)`, `10`, ""},
	},
	"functions": {
		{`<<[n \in 1..2 |-> n + 1][2], DOMAIN [n \in {3} |-> n], [rec EXCEPT !.a = @ + 1, !.b[1] = 0].b>>`, `<<3, {3}, <<0, 3>>>>`, ""},
		{`[n \in 1..2 |-> n][3]`, "", "3"},
		{`Cardinality([{1, 2} -> {1, 2, 3}])`, `9`, ""},
		{`<<("a" :> 1 @@ "a" :> 2 @@ "b" :> 3), Range(<<4, 5>>)>>`, `<<[a |-> 1, b |-> 3], {4, 5}>>`, ""},
		{`1[2]`, "", "1"},
	},
	"records": {
		{`<<rec.a, rec["b"], [a : {1}, b : {2}]>>`, `<<1, <<2, 3>>, {[a |-> 1, b |-> 2]}>>`, ""},
		{`rec.c`, "", "c"},
	},
	"sequences": {
		{`<<Len(<<1, 2>>), Head(<<1, 2>>), Tail(<<1, 2>>), Append(<<1>>, 2), <<1>> \o <<2>>, SubSeq(<<1, 2, 3>>, 2, 3)>>`, `<<2, 1, <<2>>, <<1, 2>>, <<1, 2>>, <<2, 3>>>>`, ""},
		{`Head(<<>>)`, "", "empty"},
		{`Len(1)`, "", "1"},
	},
	"bags": {
		{`<<CopiesIn(1, SetToBag({1}) (+) SetToBag({1, 2})), BagCardinality(SetToBag({1, 2}))>>`, `<<2, 2>>`, ""},
		{`SetToBag({<<1>>, <<3>>}) (+) SetToBag({<<2>>})`, `(<<1>> :> 1 @@ <<2>> :> 1 @@ <<3>> :> 1)`, ""},
		{`SetToBag({<<1>>, <<3>>}) (+) SetToBag({<<3>>})`, `(<<1>> :> 1 @@ <<3>> :> 2)`, ""},
		{`SetToBag({<<1>>, <<3>>}) (+) (<<2>> :> 2147483647) (+) SetToBag({<<2>>})`, "", "out of range"},
		{`SetToBag({<<1>>, <<3>>}) (+) SetToBag({2})`, "", "2"},
		{`SetToBag({"a", "c"}) (+) SetToBag({"b"}) = [a |-> 1, b |-> 1, c |-> 1]`, `TRUE`, ""},
		{`SetToBag({1, 2}) (+) SetToBag({3}) = <<1, 1, 1>>`, `TRUE`, ""},
		{`SetToBag({1, 3}) (+) SetToBag({2}) = <<1, 1, 1>>`, `TRUE`, ""},
		{`CopiesIn(1, 2)`, "", "2"},
	},
	"definitions": {
		{`<<Sum(4), Apply(LAMBDA a : a + 1, 1), Apply(Sum, 2), LET d == 2 IN d + d>>`, `<<10, 2, 3, 4>>`, ""},
		{`Sum(-1)`, "", "too deep"},
		{`<<Table(1, "k"), Table(2, "k")>>`, `<<{}, 5>>`, ""},
		{`Table(3, "k")`, "", `the configuration lists no value of Table(3, "k")`},
	},
	"choices": {
		{`<<IF 1 = 1 THEN 1 ELSE 2, CASE 1 = 2 -> 1 [] OTHER -> 3>>`, `<<1, 3>>`, ""},
		{`IF 1 THEN 1 ELSE 2`, "", "1"},
		{`CASE 1 = 2 -> 1`, "", "no condition of the CASE is true"},
	},
	"steps": {
		{`<<x, x', y', x' = x - 1, UNCHANGED x, [x' = 5]_x, ENABLED (x' = x + 1 /\ y' = y)>>`, `<<1, 0, "a", TRUE, FALSE, FALSE, TRUE>>`, ""},
		{`x' + y'`, "", `"a"`},
	},
	"TLC": {
		{`<<ToString(rec), Assert(TRUE, "no")>>`, `<<"[a |-> 1, b |-> <<2, 3>>]", TRUE>>`, ""},
		{`Assert(1 = 2, "no")`, "", "no"},
	},
}

func TestOperators(t *testing.T) {
	all, err := resolve.LoadText("T.tla", []byte(operatorsModule), resolve.Options{FS: fstest.MapFS{}})
	require.NoError(t, err)
	table := Table{Name: "Table", Rows: []Row{
		{[]value.Value{value.Int(1), value.Str("k")}, value.SortedSet(nil)},
		{[]value.Value{value.Int(2), value.Str("k")}, value.Int(5)},
	}}
	p, err := New(all, Config{Tables: []Table{table}})
	require.NoError(t, err)
	w := p.NewWorker()
	before := []value.Value{value.Int(1), value.Tuple([]value.Value{value.Int(2)})}
	after := []value.Value{value.Int(0), value.Str("a")}
	for family, list := range families {
		for _, c := range list {
			t.Run(family+"/"+c.text, func(t *testing.T) {
				e, err := all.ParseExpr(all.Root, "expression", c.text, nil)
				require.NoError(t, err)
				v, err := w.Eval(p.Formula(e), before, after)
				if c.fails == "" {
					require.NoError(t, err)
					require.Equal(t, c.value, v.String())
					return
				}
				var refused *Error
				require.True(t, errors.As(err, &refused), "%v, %v", v, err)
				require.Contains(t, refused.Msg, c.fails)
				require.True(t, refused.Span.Start.IsValid())
			})
		}
	}
}

// A table that does not fit its operator is refused.
func TestTables(t *testing.T) {
	all, err := resolve.LoadText("T.tla", []byte(operatorsModule), resolve.Options{FS: fstest.MapFS{}})
	require.NoError(t, err)
	for want, table := range map[string]Table{
		"the constant Table takes 2 arguments, not 1":                         {Name: "Table", Rows: []Row{{[]value.Value{value.Int(1)}, value.Int(1)}}},
		"Sum is no constant of module T, so that its values cannot be listed": {Name: "Sum", Rows: []Row{{[]value.Value{value.Int(1)}, value.Int(1)}}},
		"there is no module Other":                                            {Module: "Other", Name: "Table"},
	} {
		_, err := New(all, Config{Tables: []Table{table}})
		require.EqualError(t, err, want)
	}
}
