# `make demo` and `make test` work on a fresh clone with git, make and Python >= 3.11; they make the
# virtual environment themselves and install again only when a lock or project file has changed.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= auto
SCHEDULES ?= 10000
SEED ?= 0

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
MADE := $(VENV)/.made
DEMO_READY := $(VENV)/.ready-demo
TEST_READY := $(VENV)/.ready-test

DEMO_PACKAGES := core app strategies adapters-alpaca
ALL_PACKAGES := $(DEMO_PACKAGES) adapters-twelvedata
editable = $(foreach package,$(1),--editable packages/$(package))
projects = $(foreach package,$(1),packages/$(package)/pyproject.toml)

.DELETE_ON_ERROR:
.PHONY: help demo install test lint types contracts tests coverage format wheels faults bench lock upgrade clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo "Settings: PYTHON=$(PYTHON) (the interpreter, >= 3.11), VENV=$(VENV), WORKERS=$(WORKERS) (test processes), SCHEDULES=$(SCHEDULES) and SEED=$(SEED) (of make faults)"

demo: $(DEMO_READY) ## decide, explain, back-test and trade on a synthetic market, on paper and at a simulated broker
	@ALCHEMISER=$(BIN)/alchemiser bash scripts/demo.sh

install: $(TEST_READY) ## everything a developer needs, in the virtual environment

test: lint types contracts tests coverage ## lint, types, import contracts, all tests, coverage of core

lint: $(TEST_READY) ## ruff, and whether the code is formatted
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(TEST_READY) ## mypy, strict
	$(BIN)/mypy

contracts: $(TEST_READY) ## who may import whom
	$(BIN)/lint-imports

# Coverage is about core, and doubles the time of what it is measured on: so it is measured where core
# is tested. The random fault schedules alone would take minutes more.
SCHEDULES_TEST := tests/faults/test_schedules.py::test_case_50_every_invariant_holds_under_random_fault_schedules
HTTP_CASES := tests/faults/alpaca
CORE_TESTS := packages/core/tests tests/parity tests/faults

tests: $(TEST_READY) ## all tests; those of core with coverage
	$(BIN)/pytest -rs -n $(WORKERS) $(SCHEDULES_TEST) $(HTTP_CASES) $(filter-out packages/core/tests,$(wildcard packages/*/tests)) $(filter-out tests/parity tests/faults,$(wildcard tests/[a-z]*))
	$(BIN)/pytest -rs -n $(WORKERS) --cov=alchemiser_core --cov-report= $(CORE_TESTS) --deselect $(SCHEDULES_TEST) --ignore $(HTTP_CASES)

coverage: tests ## whether the tests reach enough of core's branches
	$(BIN)/python scripts/branch_coverage.py

format: $(TEST_READY) ## put the code into its standard form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

wheels: $(TEST_READY) ## build every wheel, install each combination from them alone, and try it
	$(BIN)/python scripts/wheels.py

faults: $(TEST_READY) ## ten thousand fault schedules of thirty days; a kill at every call and write over HTTP
	$(BIN)/python -m alchemiser_app.faults run --schedules $(SCHEDULES) --seed $(SEED)
	FAULT_SWEEP=all $(BIN)/pytest -q -n $(WORKERS) $(HTTP_CASES)/test_kills_over_http.py -k case_18

bench: $(TEST_READY) ## every benchmark, one after the other
	@for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python $$benchmark || exit; done

lock: $(TEST_READY) ## write the lock files anew where the project files ask for it
	$(PIP) install --quiet uv
	$(BIN)/python scripts/lock.py

upgrade: $(TEST_READY) ## write the lock files with the newest versions
	$(PIP) install --quiet uv
	$(BIN)/python scripts/lock.py --upgrade

clean: ## remove what these targets made, the virtual environment included
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find packages tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not one. Name one: make PYTHON=python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "'$(PYTHON)' lacks the venv module (Debian and Ubuntu: apt install python3-venv)." >&2; exit 2; }
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@touch $@

$(DEMO_READY): $(MADE) requirements/demo.txt $(call projects,$(DEMO_PACKAGES))
	@echo "Installing into $(VENV) ..."
	@$(PIP) install -qq --no-deps --require-hashes --requirement requirements/demo.txt
	@$(PIP) install -qq --no-deps --no-build-isolation $(call editable,$(DEMO_PACKAGES))
	@touch $@

$(TEST_READY): $(MADE) requirements/ci.txt $(call projects,$(ALL_PACKAGES))
	@echo "Installing tools and tests into $(VENV) ..."
	@$(PIP) install -qq --no-deps --require-hashes --requirement requirements/ci.txt
	@$(PIP) install -qq --no-deps --no-build-isolation $(call editable,$(ALL_PACKAGES))
	@touch $@ $(DEMO_READY)
