# What one can do with Synod. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO       ?= go
VERSION  := $(shell git describe --always --dirty 2>/dev/null || echo devel)
SYNOD    := bin/synod
PGO      ?= off
# The race detector needs a C compiler; without one the tests run all the same, and say so.
RACE     := $(shell [ "$$($(GO) env CGO_ENABLED)" = 1 ] && command -v "$$($(GO) env CC)" >/dev/null && echo -race)
# Where goroutines share memory.
RACED    := ./conformance ./impl/resp ./impl/keyvalue ./impl/server ./impl/storage ./impl/transport ./impl/client ./impl/replica ./conformance/tla/check ./tools/synod/...
# The known bugs that can be switched on.
BUGS     := accept-below-promise promise-not-persisted ignore-reported-value quorum-of-one ballot-reused
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

include spec/proof/proof.mk

.PHONY: help build test demo soak soak-log check tlc tlc-nightly conformance edges twins mutants fuzz peers bench bench-cluster pgo lint fmt clean ci

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build the command, bin/synod (PGO=tools/synod/check.pgo: optimised by a profile, a sixth faster, built slowly)
	@$(GO) build -pgo=$(PGO) -ldflags "-X main.version=$(VERSION)" -o $(SYNOD) ./tools/synod

demo: build ## run a cluster under faults and judge it (BREAK=bug, SEED=n, DURATION=10s)
	@$(SYNOD) demo -dir out/demo $(if $(BREAK),-break $(BREAK)) $(if $(SEED),-seed $(SEED)) $(if $(DURATION),-duration $(DURATION))

# Tests with real clusters wait most of their time: more of them run at once than there are cores.
test: ## all tests, with the race detector where goroutines share memory; no JVM
	$(if $(RACE),,@echo "no C compiler: the tests run without the race detector")
	$(GO) test $$($(GO) list ./... | grep -vxF "$$($(GO) list $(RACED))")
	$(GO) test $(RACE) -parallel 4 $(RACED)

check: build ## check every quick model of spec/manifest.json with the Go engine
	@$(SYNOD) check -manifest spec/manifest.json

tlc: build ## the same models with TLC; the same results and counts
	@$(SYNOD) tlc -manifest spec/manifest.json

tlc-nightly: build ## TLC on all models, those that take long too
	@$(SYNOD) tlc -all -manifest spec/manifest.json

conformance: ## replay recorded traces and corrupted twins, then SEEDS=1000 simulated runs, each twice and judged
	$(GO) test ./trace ./conformance ./tools/twins
	$(GO) run ./tools/simulate -seeds $(or $(SEEDS),1000) -twice

edges: ## execute each edge of the log's small models on its core, and its bugs; some minutes (make test has a sample, and the register's)
	$(GO) test -count=1 -timeout 1h -v -run 'Edges|Buggy' ./impl/log -long

twins: ## corrupt conforming traces in TWINS=2000 ways; the checker and TLC must agree on each
	$(GO) run ./tools/twins -n $(or $(TWINS),2000)

mutants: build ## run every known bug in the simulator, and a short demo with each that servers can be started with; all must be caught
	$(GO) run ./tools/mutants -seeds $(or $(SEEDS),10000)
	$(GO) test -count=1 -v -run TestEachBugIsCaught ./tools/simulate/log ./tools/simulate/lock ./tools/simulate/shard
	$(GO) test -count=1 -v -run 'TestEachBugOf(Shards|Locks|Fences)IsCaught' ./tools/synod
	@mkdir -p out/mutants; for bug in $(BUGS); do \
		code=0; $(SYNOD) demo -dir out/mutants/$$bug -break $$bug -duration $(or $(DURATION),5s) >out/mutants/$$bug.txt 2>&1 || code=$$?; \
		if [ $$code = 1 ]; then echo "caught   $$bug"; else echo "NOT CAUGHT: $$bug (exit $$code)"; cat out/mutants/$$bug.txt; exit 1; fi; \
	done

soak: build soak-log ## kill random processes under load, KILLS=500 times, with partitions and exchanges of acceptors; about a quarter of an hour; then as many servers of shards, and under locks
	@$(SYNOD) soak -kills $(or $(KILLS),500) -dir out/soak $(if $(SEED),-seed $(SEED))
	SYNOD_KILLS=$(or $(KILLS),500) $(GO) test ./tools/synod -count=1 -timeout 4h -run TestShardsAreLinearizableUnderKills -v
	SYNOD_KILLS=$(or $(KILLS),500) $(GO) test ./tools/synod -count=1 -timeout 4h -run TestLocksOfProcessesConform -v

soak-log: build ## the same of three replicas of a log, without leases and with
	@$(SYNOD) soak -replicas -kills $(or $(KILLS),500) -dir out/soak-log $(if $(SEED),-seed $(SEED))
	@$(SYNOD) soak -replicas -lease 200ms -kills $(or $(KILLS),500) -dir out/soak-lease $(if $(SEED),-seed $(SEED))

fuzz: ## feed random input to every parser of untrusted bytes, and schedules to the simulator (FUZZTIME=20s each; FUZZ='Eval|Load' picks some)
	@git grep -o --untracked '^func Fuzz[A-Za-z]*' -- '*_test.go' | sed -nE 's,^(.*)/[^/]*:func (Fuzz($(or $(FUZZ),.*)))$$,\1 \2,p' | while read -r package target; do \
		$(GO) test "./$$package" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(or $(FUZZTIME),20s) </dev/null; \
	done
	$(if $(FUZZ),,$(GO) run ./tools/explore -runs 20000)

peers: ## build the stores that the cluster is measured beside into out/peers; they are Go modules of their own
	@for peer in etcd raft; do (cd tools/bench/peers/$$peer && $(GO) build -mod=mod -o $(CURDIR)/out/peers/$$peer .); done

bench: build bench-cluster ## measure the replay, the cluster beside etcd and hashicorp/raft, and checking against TLC
	@$(SYNOD) bench replay
	@$(SYNOD) bench follow
	@$(SYNOD) bench check

PEERS := -peer etcd=out/peers/etcd -peer raft=out/peers/raft
# The tables of docs/benchmarks.md about the cluster, in their order: ROUNDS=3 of each.
bench-cluster: build peers ## measure the cluster alone, a quarter of an hour on an idle machine
	@$(SYNOD) bench cluster -systems synod,synod-log $(PEERS) -kinds put,hot,get -clients 256 -rounds $(or $(ROUNDS),3) -keys 20000 -warm 3s -duration 3s
	@$(SYNOD) bench cluster -systems synod,synod-log,synod-leader $(PEERS) -kinds put -clients 1 -rounds $(or $(ROUNDS),3) -keys 2000 -warm 2s -duration 2s
	@$(SYNOD) bench cluster -systems synod,synod-log -peer etcd=out/peers/etcd -kinds put -clients 256 -rounds $(or $(ROUNDS),3) -keys 100000 -warm 14s -duration 4s
	@$(SYNOD) bench cluster -kinds two,stop -clients 256 -rounds $(or $(ROUNDS),3) -keys 20000 -warm 3s -duration 2s
	@$(SYNOD) bench cluster -systems synod,synod-sampled,synod-traced -kinds put,hot,get -clients 256 -rounds 12 -keys 20000 -warm 500ms -duration 1500ms
	@if command -v redis-benchmark >/dev/null; then $(SYNOD) bench redis; else echo "redis-benchmark is not installed: nothing is measured with it"; fi

# Samples that fall on interruptions of goroutines tell nothing, and on a busy machine they are a quarter of all.
pgo: export GODEBUG := asyncpreemptoff=1
pgo: ## renew tools/synod/check.pgo (EXAMPLES=folder: with models of tlaplus/Examples too)
	@rm -rf out/pgo; mkdir -p out/pgo; $(GO) build -trimpath -o $(SYNOD) ./tools/synod
	@for model in register/MCRegister register/MCRegisterHistory synod/MCSynod; do \
		$(SYNOD) check -workers 1 -cpuprofile out/pgo/$$(basename $$model) spec/$$model.tla >/dev/null; \
	done
ifdef EXAMPLES
	@cd $(EXAMPLES)/specifications; for model in MultiPaxos-SMR/MultiPaxos_MC_small.cfg:MultiPaxos_MC SimplifiedFastPaxos/FastPaxos.cfg:FastPaxos \
		PaxosHowToWinATuringAward/MCPaxosSmall.cfg:MCPaxos Bakery-Boulangerie/MCBakery.cfg:MCBakery; do \
		config=$${model%:*}; $(CURDIR)/$(SYNOD) check -workers 1 -cpuprofile $(CURDIR)/out/pgo/$${model#*:} \
			-config $$config $$(dirname $$config)/$${model#*:}.tla >/dev/null; \
	done
endif
	$(GO) tool pprof -proto out/pgo/* >tools/synod/check.pgo

lint: ## go vet, gofmt, go mod tidy, staticcheck
	$(GO) vet ./...
	@test -z "$$(gofmt -l $$(git ls-files '*.go') | tee /dev/stderr)"
	$(GO) mod tidy -diff
	$(GO) run $(STATICCHECK) ./...

fmt: ## format the Go files
	gofmt -w $$(git ls-files '*.go')

clean: ## remove what was built and what demos left
	rm -rf bin out

ci: ## everything that must hold before a change goes in
	@.ci/run
