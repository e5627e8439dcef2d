----------------------------- MODULE Functions ------------------------------
(* Functions: restriction, range, inverse, and one-to-one correspondence. *)
EXTENDS Integers, Folds

Range(f) == {f[x] : x \in DOMAIN f}

Restrict(f, S) == [x \in S |-> f[x]]

(* The restriction to the arguments, and to the values, that pass the test. *)
RestrictDomain(f, Test(_)) == Restrict(f, {x \in DOMAIN f : Test(x)})

RestrictValues(f, Test(_)) == Restrict(f, {x \in DOMAIN f : Test(f[x])})

IsRestriction(narrow, wide) ==
  /\ DOMAIN narrow \subseteq DOMAIN wide
  /\ \A x \in DOMAIN narrow : narrow[x] = wide[x]

(* T of the values of f and g at each argument of f. *)
Pointwise(f, g, T(_, _)) == [x \in DOMAIN f |-> T(f[x], g[x])]

(* For each t in T an s in S with f[s] = t; any element of S where there is none. *)
Inverse(f, S, T) == [t \in T |-> CHOOSE s \in S : t \in Range(f) => f[s] = t]

AntiFunction(f) == Inverse(f, DOMAIN f, Range(f))

IsInjective(f) == \A x, y \in DOMAIN f : f[x] = f[y] => x = y

Injection(S, T) == {f \in [S -> T] : IsInjective(f)}

Surjection(S, T) == {f \in [S -> T] : Range(f) = T}

Bijection(S, T) == {f \in [S -> T] : IsInjective(f) /\ Range(f) = T}

ExistsInjection(S, T) == Injection(S, T) # {}

ExistsSurjection(S, T) == Surjection(S, T) # {}

ExistsBijection(S, T) == Bijection(S, T) # {}

(* op(fun[i], what came before) for some arguments of a function, or for all, in no certain order. *)
FoldFunctionOnSet(op(_, _), base, fun, indices) ==
  LET RECURSIVE fold(_, _)
      fold(S, before) ==
        IF S = {} THEN before ELSE LET i == CHOOSE j \in S : TRUE IN fold(S \ {i}, op(fun[i], before))
  IN fold(indices, base)

FoldFunction(op(_, _), base, fun) == FoldFunctionOnSet(op, base, fun, DOMAIN fun)

SumFunctionOnSet(fun, indices) == FoldFunctionOnSet(+, 0, fun, indices)

SumFunction(fun) == SumFunctionOnSet(fun, DOMAIN fun)
=============================================================================
