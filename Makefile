# Two commands do everything: `make serve` and `make test`. `make help` lists the rest.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help serve check test lint format translations bench conformance hostile soak browser clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: .venv/serve.stamp  ## load the catalogue if it is new or changed, and serve it on http://localhost:8000
	@$(BIN)/utbildningsdata serve

check: .venv/serve.stamp  ## check the catalogue's files against the shapes
	@$(BIN)/utbildningsdata check

test: .venv/test.stamp browser  ## run every test; browser tests are skipped where there is no browser
	$(BIN)/python -m pytest

lint: .venv/test.stamp  ## style, types and the direction of imports
	$(BIN)/ruff check server tests
	$(BIN)/ruff format --check server tests
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/test.stamp  ## put the code in the one style
	$(BIN)/ruff check --fix server tests
	$(BIN)/ruff format server tests

translations: .venv/test.stamp  ## compile the English texts of the pages
	$(BIN)/pybabel compile -d server/utbildningsdata/web/translations

hostile: .venv/test.stamp  ## attack a server of its own, and say which demands it meets; takes some minutes
	PYTHONPATH=tests $(BIN)/python -m hostile

# Another server is run where ENDPOINT, UPDATE and GRAPHS say its addresses.
conformance: .venv/test.stamp  ## run the W3C suite of SPARQL 1.1: SUITE=folder of w3c/rdf-tests
	@test -n "$(SUITE)" || { echo "Name a checkout of https://github.com/w3c/rdf-tests: 'make conformance SUITE=folder'." >&2; exit 1; }
	PYTHONPATH=tests $(BIN)/python -m conformance.w3c "$(SUITE)" \
	  $(if $(ENDPOINT),--query "$(ENDPOINT)" --update "$(UPDATE)" --graphs "$(GRAPHS)" --token "$(TOKEN)")

MINUTES ?= 10
soak: .venv/test.stamp  ## load a server of its own for MINUTES, a tenth of the requests hostile
	PYTHONPATH=tests $(BIN)/python -m hostile --soak $(MINUTES)

# Other servers are compared with where OXIGRAPH and RDFLIB_ENDPOINT say that they are.
bench: .venv/test.stamp  ## measure feeds, start, edits and queries; takes some minutes
	$(BIN)/python tests/benchmarks/feeds.py 2000
	$(BIN)/python tests/benchmarks/start.py 3
	$(BIN)/python tests/benchmarks/commits.py 1000
	$(BIN)/python tests/benchmarks/queries.py
	PYTHONPATH=tests $(BIN)/python tests/benchmarks/endpoint.py

clean:  ## remove what was installed here; the published data stays
	rm -rf .venv

# Everything lives in .venv, so that a system Python that refuses pip (PEP 668) is never asked.
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: install it, or name it as in 'make PYTHON=python3.12 serve'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "The package python3-venv is missing: 'sudo apt-get install python3-venv', then try again." >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# --inexact: uv itself is in .venv and not in the lock.
.venv/serve.stamp: pyproject.toml uv.lock $(BIN)/uv
	@$(BIN)/uv sync --frozen --inexact --no-dev --quiet
	@touch $@

.venv/test.stamp: .venv/serve.stamp
	@$(BIN)/uv sync --frozen --inexact --quiet
	@touch $@

# Only root may install a package; others are told what is missing, and pytest skips those tests.
browser:
	@command -v chromium >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	  apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null 2>&1; } || \
	echo "There is no Chromium: browser tests are skipped. To run them: 'sudo apt-get install chromium'." >&2
