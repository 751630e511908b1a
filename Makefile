# Everything there is to do here. `make run` starts the product, `make ci` is what CI runs.

PYTHON ?= python3
BIN    := .venv/bin
RUN    := .venv/.installed
DEV    := .venv/.installed-dev
PYTEST ?=

.PHONY: setup setup-dev run worker test lint format types layers ci docs bench faults fuzz pictures clean

setup: $(RUN)
setup-dev: $(DEV)

run: $(RUN)
	$(BIN)/chat-bridge up

worker: $(RUN)
	$(BIN)/chat-bridge worker

test: $(DEV)
	$(BIN)/python -m pytest -m "not faults" $(PYTEST)

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV)
	$(BIN)/mypy

layers: $(DEV)
	$(BIN)/lint-imports

ci: lint types layers test

docs: $(DEV)
	$(BIN)/python -m tests.workflow.operations.page

faults: $(DEV)
	$(BIN)/python -m pytest -m faults $(PYTEST)

fuzz: $(DEV)
	$(BIN)/python -m pytest -p tests.fuzzing --hypothesis-profile=fuzz -m hypothesis --timeout 3600 $(PYTEST)

bench: $(DEV)
	$(BIN)/python bench/messages.py
	$(BIN)/python bench/messages.py --profile
	$(BIN)/python bench/growth.py
	$(BIN)/python bench/visitors.py
	$(BIN)/python bench/sockets.py
	$(BIN)/python -m bench.tables --full
	$(BIN)/python -m bench.pages

pictures: $(DEV)
	mkdir -p docs/screenshots
	PICTURES=docs/screenshots $(BIN)/python -m pytest tests/browser/looks tests/browser/test_states.py tests/browser/test_accounts.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Chat Bridge needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
		|| { echo "This Python has no venv. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

$(RUN): requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV): requirements-dev.txt $(RUN)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
