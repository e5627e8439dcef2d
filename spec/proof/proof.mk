# What the root Makefile includes: the proofs for any size, and their agreement with the specifications.

.PHONY: prove prove-test correspond

prove: ## prove the invariants at any size, with z3, which is fetched if it is missing (MUTANTS=all, bugs or none)
	@spec/proof/prove --mutants $(or $(MUTANTS),all)

prove-test: ## the tests of the prover
	@python3 spec/proof/tests/test_proof.py

correspond: ## compare what is proved with the TLA+ specifications, in small worlds, with TLC
	@spec/proof/correspond
