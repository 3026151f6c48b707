# Guildhall: `make demo` runs it, `make test` proves it. Everything lives in .venv, .local and build/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON := $(CURDIR)/$(BIN)/python
SOURCES := pyproject.toml infra/build/assets.py $(shell git ls-files 'frontend/*' '*.po' 2>/dev/null)

.PHONY: help setup demo test lint bench shots lock clean

help: ## What can be made here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.installed ## The environment alone: .venv with locked dependencies and the built front end

$(VENV)/.uv: requirements/uv.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.synced: $(VENV)/.uv requirements/dev.txt
	$(BIN)/uv pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.synced $(SOURCES)
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## Run the product with demo data on http://localhost:8000
	$(BIN)/guildhall demo

test: setup ## Every check and every test
	$(BIN)/python -m tests

bench: setup ## Measure what is promised; QUICK=1 for three minutes
	$(BIN)/python -m bench

shots: setup ## Pictures of the main pages in both languages and widths, into build/shots
	$(BIN)/python -m tests.browser.shots

LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml
lock: $(VENV)/.uv ## Resolve the dependencies anew
	$(LOCK) --group dev -o requirements/dev.txt
	$(LOCK) -c requirements/dev.txt -o requirements/base.txt

clean: ## Remove what was built and the demo's data
	rm -rf $(VENV) .local build
