# `make` lists the targets. Each target does its own set-up once and repeats none of it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

UI := analytics-server/ui
PY := .venv/bin/python
UI_SOURCES := $(shell find $(UI)/src $(UI)/index.html $(UI)/vite.config.ts $(UI)/tsconfig.json $(UI)/public -type f 2>/dev/null)
export PATH := $(HOME)/.cargo/bin:$(PATH)

.PHONY: help demo test check ui py release bench load clean test-rust test-ui test-py test-examples test-browser tools

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: $(UI)/dist/index.html ## build the binary quickly and run it on simulated platforms (DEMO_FLAGS="--data DIR")
	cargo build --profile demo -p analytics-server
	exec target/demo/analytics demo $(DEMO_FLAGS)

test: check test-rust test-ui test-py test-examples test-browser ## everything that is tested, as CI runs it
	@echo "make test: everything passed"

# One selection of packages for everything, so that no dependency is built twice with other features.
RUST_TESTS := cargo test --workspace --exclude analytics-py

test-rust: | tools ## Rust unit and integration tests
	.ci/debian postgres:postgresql redis-server:redis-server faketime:faketime
	$(RUST_TESTS)

test-ui: $(UI)/dist/index.html ## type check, unit tests and build of the dashboard
	cd $(UI) && npm run check && npm test

test-py: py ## the Python package: vectors, frames, stubs
	.venv/bin/python -m pytest -q analytics-py/tests
	.venv/bin/python -m mypy --strict analytics-py/tests/typing_sample.py
	.venv/bin/python -m mypy.stubtest analytics_py._native

test-examples: py ## the Rust and Python examples, against the simulator
	$(RUST_TESTS) --no-run --quiet
	.ci/examples

test-browser: $(UI)/dist/index.html | tools ## a marketer's way through the dashboard in a real browser
	$(RUST_TESTS) --no-run --quiet
	.ci/debian chromium:chromium fc-list:fontconfig fc-list-cjk:fonts-noto-cjk
	cd $(UI) && npm run e2e && npm run e2e:fleet

check: $(UI)/dist/index.html | tools ## formatting, lints and type checks
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cd $(UI) && npm run check

ui: $(UI)/dist/index.html ## the dashboard → analytics-server/ui/dist

$(UI)/dist/index.html: $(UI)/node_modules/.package-lock.json $(UI_SOURCES)
	cd $(UI) && npm run build
	@touch $@

$(UI)/node_modules/.package-lock.json: $(UI)/package-lock.json | tools
	cd $(UI) && npm ci --no-audit --no-fund
	@touch $@

py: .venv/.ready ## the Python package into .venv
	cd analytics-py && VIRTUAL_ENV=$(CURDIR)/.venv ../.venv/bin/maturin develop --quiet $(MATURIN_FLAGS)

.venv/.ready: analytics-py/requirements-dev.txt | tools
	test -x $(PY) || python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

release: $(UI)/dist/index.html ## the release binary → target/release/analytics
	cargo build --release -p analytics-server

bench: py $(UI)/dist/index.html ## the benchmark: this project beside its peers, on the same facts
	.ci/bench

load: ## the load tool: one JSON object (LOAD_FLAGS="--accounts 200 --workers 3 --setup postgres --faults mixed")
	@.ci/load $(LOAD_FLAGS)

clean: ## remove everything that was built
	cargo clean
	rm -rf $(UI)/dist $(UI)/node_modules .venv bench-data

tools:
	@.ci/tools
