# What the root Makefile includes: the proofs for any size, and their agreement with the specifications.

.PHONY: prove correspond

prove: ## prove the invariants at any size, with z3, which is fetched if it is missing
	@spec/proof/prove

correspond: ## compare what was proved with the TLA+ specifications, at small sizes, with TLC
	@spec/proof/correspond
