------------------------------ MODULE Bitwise -------------------------------
(* Natural numbers as rows of bits. *)
LOCAL INSTANCE Integers

(* The number whose bits are F of the bits of x and y, as far as the longer one has bits. *)
LOCAL BitByBit(F(_, _), x, y) ==
  LET RECURSIVE bits(_, _)
      bits(m, n) == IF m = 0 /\ n = 0 THEN 0 ELSE F(m % 2, n % 2) + 2 * bits(m \div 2, n \div 2)
  IN bits(x, y)

x & y == BitByBit(LAMBDA a, b : a * b, x, y)

x | y == BitByBit(LAMBDA a, b : IF a + b > 0 THEN 1 ELSE 0, x, y)

x ^^ y == BitByBit(LAMBDA a, b : (a + b) % 2, x, y)

(* Every bit of a changed, up to its highest. *)
Not(a) == BitByBit(LAMBDA x, y : 1 - x, a, a)

(* The bits of n moved right by pos places. *)
shiftR(n, pos) == n \div (2 ^ pos)
=============================================================================
