# The house's commands; `make help` lists them. Everything is kept in .venv/ (or VENV=folder) and instance/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
VENV ?= .venv

BIN := $(VENV)/bin
PIP := -m pip --disable-pip-version-check
# A lock is whole: it is installed as it stands, and nothing that came out since can change what is asked for.
LOCKED := install --quiet --no-deps --require-hashes
# Stamps: an environment is made again only when what it was made from has changed.
RUNNING := $(VENV)/.installed-to-run
WORKING := $(VENV)/.installed-to-work
PEERS := .venv-bench/.installed-to-compare
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard registry/translations/*/LC_MESSAGES/*.po))

.PHONY: help
help:  ## This list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  make %-13s %s\n' "$$name" "$$text"; done

.PHONY: install
install: $(WORKING) $(CATALOGUES)  ## Prepare .venv: what runs, what tests, the translations

.PHONY: run
run: $(RUNNING) $(CATALOGUES)  ## Prepare, migrate, load seeds (at first the demo too) and serve on PORT (8000)
	@exec $(BIN)/registry serve --port $(PORT)

# Thousands of small databases are made and thrown away; where memory holds them no disk is waited for.
SCRATCH := $(shell [ "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null && echo /dev/shm || echo "$${TMPDIR:-/tmp}")

.PHONY: test
test: export TMPDIR = $(SCRATCH)
# Servers and workers are started a hundred times: compiled once.
test: export PYTHONDONTWRITEBYTECODE =
test: WORKERS ?= auto
# Few tests at a time: the slow ones come first, and all of them would lie in the first worker's share.
test: PYTEST = $(BIN)/pytest -n $(WORKERS) --maxschedchunk 2
test: install  ## The suite, on SQLite and then on PostgreSQL (ARGS="-k 退回" chooses)
	@echo "== The suite on SQLite"
	env -u TEST_DATABASE_URL $(PYTEST) $(ARGS)
	@echo "== The suite on PostgreSQL"
	@set -x; $(BIN)/python -m tests.postgres $(PYTEST) $(ARGS) || case $$?:$${CI:-}:'$(ARGS)' in \
		5:*:?*) ;; \
		69:true:*) echo "FAILED: with CI=true the suite must run on PostgreSQL too" >&2; exit 1 ;; \
		69:*) echo "SKIPPED: nothing was tested on PostgreSQL" ;; \
		*) exit 1 ;; \
	esac

.PHONY: check
check: install  ## Format, lint, types, floors, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --config setup.cfg
	$(BIN)/djlint --lint --quiet templates

.PHONY: format
format: $(WORKING)  ## Put the code in order
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

.PHONY: coverage
coverage: install  ## The suite on SQLite with its coverage
	$(BIN)/pytest -n 2 --cov --cov-report=term $(ARGS)

.PHONY: mutants
mutants: export TMPDIR = $(SCRATCH)
mutants: install  ## Put small faults into copies of the code; the tests should notice (ARGS="--room rules --sample 20")
	$(BIN)/python -m tests.mutants $(ARGS)

.PHONY: bench
bench: install  ## Measure against the named floors (minutes)
	$(BIN)/python -m bench $(ARGS)

.PHONY: peers
peers: $(PEERS)  ## The duplicate engine beside its peers (DATA=folder of labelled names; minutes)
	$(dir $(PEERS))bin/python -m bench peers $(if $(DATA),--data $(DATA)) $(ARGS)

.PHONY: translations
translations: $(WORKING)  ## Collect new text into the catalogues, to be translated by hand
	$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --keywords "N_ _l lazy_gettext" --no-location --sort-output \
		--output registry/translations/messages.pot .
	$(BIN)/pybabel --quiet update --input-file registry/translations/messages.pot --output-dir registry/translations \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@rm registry/translations/messages.pot

.PHONY: lock
lock: $(WORKING)  ## Lock the newest versions (with hashes, without addresses)
	for name in requirements requirements-dev bench/requirements; do \
		UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
			--generate-hashes --no-annotate --no-strip-extras $$name.in --output-file $$name.txt; \
	done
	@! grep -nE '://|index-url|find-links|^ *(-e|file:)| @ ' requirements.txt requirements-dev.txt bench/requirements.txt

.PHONY: clean
clean:  ## Remove .venv and what tools left behind (never instance/)
	rm -rf .venv .venv-bench build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
	find registry tests migrations bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	rm -f $(CATALOGUES)


# ---- How the environment is made

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed (make PYTHON=/path/to/python3 ...)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "This Python cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

$(RUNNING): requirements.txt setup.cfg pyproject.toml | $(BIN)/pip
	$(BIN)/python $(PIP) $(LOCKED) --requirement requirements.txt
	$(BIN)/python $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python $(PIP) check
	@touch $@

$(WORKING): requirements-dev.txt $(RUNNING)
	$(BIN)/python $(PIP) $(LOCKED) --requirement requirements-dev.txt
	$(BIN)/python $(PIP) check
	@touch $@

# Apart from .venv: what runs and tests never sees the peers' packages.
$(PEERS): requirements.txt bench/requirements.txt
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/python $(PIP) $(LOCKED) --requirement requirements.txt
	.venv-bench/bin/python $(PIP) $(LOCKED) --requirement bench/requirements.txt
	.venv-bench/bin/python $(PIP) check
	@touch $@

%.mo: %.po | $(RUNNING)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
