# Python 3.11 or newer, make and a network are all that this needs.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v "$$python" && break; done)
BIN := .venv/bin
INSTALLED := .venv/installed
LOCK_FLAGS := --all-extras --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header

.DEFAULT_GOAL := help
# Where Python may not keep what it compiled, each of hundreds of processes compiles all it imports.
export PYTHONDONTWRITEBYTECODE :=
.PHONY: help setup demo up down test check browser pictures bench lock clean

##@ Use
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Install everything into .venv, from the hashed lock

demo: setup ## See leads go from a webhook to a rep and on to the CRM, in about a minute
	@$(BIN)/touchline demo

up: setup ## Start everything, leave it running, print URLs and keys
	@$(BIN)/touchline up

down: setup ## Stop what `make up` started; its data stays
	@$(BIN)/touchline down

##@ Develop
test: check ## Run every check and every test
	@$(BIN)/python -m deploy.local.browser --unattended
	@# four at once, as most of them wait, in the order of tests/conftest.py; a test that hangs twice
	@# ends the run
	@$(BIN)/pytest --quiet --numprocesses 4 --dist loadfile --no-loadscope-reorder \
		--max-worker-restart 1

check: setup ## Lint, types, architecture and locks
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@! grep -n '://' requirements.lock deploy/local/jars.lock

browser: setup ## Install a Chromium for the console's tests, as root on Debian
	@$(BIN)/python -m deploy.local.browser

pictures: setup ## Take the documents' pictures of the console anew, with a Chromium
	@SCREENSHOTS=docs/images $(BIN)/pytest --quiet tests/integration/prioritizer/console/test_accessible.py

bench: setup ## Measure, and write results as JSON and a table
	@$(BIN)/python -m benchmarks

lock: setup ## Resolve all dependencies anew, and write their hashes
	@$(BIN)/uv pip compile --quiet pyproject.toml $(LOCK_FLAGS) -o requirements.lock
	@$(BIN)/python -m deploy.local.lock

clean: ## Remove local data and caches; downloads, installation and keys stay
	@test ! -x $(BIN)/touchline || $(BIN)/touchline down
	@find .touchline -mindepth 1 -maxdepth 1 ! -name jars ! -name keys.json -exec rm -rf {} + 2>/dev/null || true
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

$(INSTALLED): requirements.lock pyproject.toml
	@deploy/local/install.sh "$(PYTHON)"
	@touch $@
