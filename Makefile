# One target a chore. `make demo` and `make test` do all of their own set-up.
SHELL := /bin/bash
# The guard against PHI is optimised in debug builds too: it reads every byte of an image.
export PRATIQUE_PHI := optimised
.DEFAULT_GOAL := help
.PHONY: help bootstrap build demo test test-fast bench fuzz format check docs clean

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

bootstrap: ## Install what this machine lacks; safe to run twice
	scripts/bootstrap

build: ## Build the command and all tests, once for everything that follows
	swift build --build-tests

demo: bootstrap build ## From a signed commit to production; SCENARIO=name plays one thing that goes wrong
	scripts/demo $(SCENARIO)

test: bootstrap check build ## Everything, as CI runs it
	scripts/test

test-fast: ## Unit tests of the rooms without HTTP: no containers, no bootstrap
	PRATIQUE_ROOMS=core swift test --skip 'Serial|Real|EndToEnd'

bench: ## Benchmarks beside named peers
	scripts/bootstrap --for bench
	Benchmarks/run

fuzz: ## Feed the readers of reports and the PHI guard with libFuzzer's input; SECONDS=n, an hour by default
	scripts/fuzz $(or $(SECONDS),3600) $(KIND)

format: ## Format all Swift sources
	swift format format -i -r Sources Tests Benchmarks Fuzz Package.swift

check: ## Formatting and scripts
	swift format lint --strict -r Sources Tests Benchmarks Fuzz Package.swift
	scripts/check

docs: build ## Write the command line's reference
	scripts/reference

clean: ## Remove build products
	if [ -d .demo ]; then scripts/demo --down; fi
	rm -rf .build .build-bench .build-fuzz
