# Everything here works on a fresh clone with python3 ≥ 3.11 and make: each target prepares what it needs.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python
KERNELS := $(shell find circles -name '*kernel*.py') circles/settlement/ledger.py

.PHONY: help setup demo test check bounds bench format requirements tools clean

help:
	@echo "make demo    the whole job on the sample: check, load, match, cascade, losses, map, report (GRAPH=neo4j: on a real Neo4j)"
	@echo "make test    format, lint, types, layers and all tests (installs Chromium, Java and Maven where it can)"
	@echo "make check   format, lint, types and layers only"
	@echo "make bounds  small tests of the matching engine, with every index of its kernels checked (compiles anew: minutes)"
	@echo "make bench   the figures of docs/benchmarks.md"
	@echo "make setup   the environment in .venv with everything to develop circles"

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "circles needs Python 3.11 or newer; make PYTHON=python3.12 …"; exit 2; }
	$(PYTHON) -m venv .venv

.venv/runtime: requirements/runtime.txt pyproject.toml | .venv/bin/python
	@echo "Installing what circles needs into .venv (once, about a minute) …"
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/kernels: $(KERNELS) | .venv/runtime
	@$(BIN)/circles compile
	@touch $@

.venv/dev: requirements/dev.txt .venv/runtime
	@echo "Installing what testing circles needs into .venv (once) …"
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: .venv/dev .venv/kernels

demo: .venv/kernels
	$(BIN)/circles demo examples/zhejiang_2007 --default M01689 --out out/demo $(if $(GRAPH),--graph $(GRAPH)) --force

tools:
	@sh tests/browser/install.sh
	@sh tests/server/install.sh

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test:
	@$(MAKE) --no-print-directory --jobs 2 .venv/dev tools
	@$(MAKE) --no-print-directory --jobs 2 check .venv/kernels
	$(BIN)/pytest -n auto

bounds: .venv/dev
	NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=out/kernels_with_bounds $(BIN)/pytest -q -p no:cacheprovider \
	  tests/matching/test_engine_small.py tests/matching/test_engine_campaign.py tests/matching/test_engine_relaxed.py \
	  tests/matching/test_engine_cuts.py tests/matching/test_engine_clock.py tests/matching/test_beyond.py

bench: .venv/dev
	$(RUN) -m benchmarks

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements: .venv/dev
	$(RUN) -m pip install --quiet uv
	cd requirements && for name in runtime dev; do \
	  ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate $$name.in -o $$name.txt; done

clean:
	rm -rf .venv out dist build .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
