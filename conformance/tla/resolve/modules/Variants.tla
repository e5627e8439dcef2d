------------------------------ MODULE Variants ------------------------------
(* Tagged values: records with a tag and a value. *)

UNIT == "U_OF_UNIT"

Variant(tag, value) == [tag |-> tag, value |-> value]

VariantTag(variant) == variant.tag

(* The values in a set of variants that have the tag. *)
VariantFilter(tag, S) == {v.value : v \in {w \in S : w.tag = tag}}

VariantUnwrap(tag, variant) == variant.value

VariantGetUnsafe(tag, variant) == variant.value

VariantGetOrElse(tag, variant, default) == IF variant.tag = tag THEN variant.value ELSE default
=============================================================================
