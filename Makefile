# Everything a developer runs. It needs make and a Python of 3.11 or later; the rest goes into .venv.
.DEFAULT_GOAL := help

BIN := .venv/bin
STAMP := .venv/.installed
PYTEST := $(BIN)/python -m pytest -q
# What else pytest shall be told, and how many tests may run at once.
PYTEST_ARGS ?=
WORKERS ?= auto

# The collection as Ansible wants it, without the one that may be installed in the home directory.
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/share/ac
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## Make .venv with all that the other targets need

$(STAMP): requirements-dev.txt tests/tools/setup.sh
	@sh tests/tools/setup.sh requirements-dev.txt
	@touch $@

test: lint unit sandbox-tests sanity ## Run lint, unit, sandbox-tests and sanity

lint: $(STAMP) ## Run ruff, yamllint, ansible-lint and the checks of docs and changelog
	@sh tests/tools/lint.sh

unit: $(STAMP) ## Run the unit tests
	$(PYTEST) -n $(WORKERS) --dist worksteal tests/unit $(PYTEST_ARGS)

sandbox-tests: $(STAMP) ## Run the modules and plugins against the sandbox
	$(PYTEST) -n $(WORKERS) --dist worksteal tests/integration $(PYTEST_ARGS)

sanity: $(STAMP) ## Run ansible-test sanity on this Python
	@sh tests/tools/sanity.sh "$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')"

matrix: $(STAMP) ## Run unit tests, a playbook and sanity on ansible-core 2.17 to 2.21
	@bash tests/tools/matrix.sh

molecule: $(STAMP) ## Run the molecule scenario
	$(BIN)/molecule test

docs: $(STAMP) ## Write the tables of capabilities, and build the reference of the plugins in docs/_site
	@sh tests/tools/docs.sh docs/_site

demo: $(STAMP) ## Play the demo on the sandbox
	@$(BIN)/python tests/tools/demo.py

sandbox: $(STAMP) ## Start the sandbox and print the environment that leads to it; Ctrl-C stops it
	@PYTHONPATH=roles/sandbox/files $(BIN)/python -m sandbox $(SANDBOX_ARGS)

build: $(STAMP) ## Build the collection's tarball in dist
	$(BIN)/ansible-galaxy collection build --output-path dist --force

pins: $(STAMP) ## Renew requirements-dev.txt from requirements-dev.in
	sh tests/tools/uv.sh pip compile --universal --upgrade --no-annotate --python-version 3.11 \
		--custom-compile-command 'make pins' requirements-dev.in -o requirements-dev.txt

clean: ## Remove all that the targets above made
	rm -rf .venv .cache .ansible dist docs/_site tests/output .pytest_cache .hypothesis .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup test lint unit sandbox-tests sanity matrix molecule docs demo sandbox build pins clean
