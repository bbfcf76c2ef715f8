# `make run` starts the product, `make test` tests it. Both set up what is missing: Python 3.11 with venv is all they need.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check demo revision bench

run: .venv/installed
	@MIGRATOR_DEMO=$${MIGRATOR_DEMO:-1} $(BIN)/migrator run

test: .venv/installed-test
	$(BIN)/pytest -n 3 $(ARGS)

check: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

demo: .venv/installed
	MIGRATOR_DEMO=1 $(BIN)/migrator setup
	MIGRATOR_DEMO=1 $(BIN)/migrator demo load

# make revision NAME="say what changes": writes the difference between the models and the newest revision
revision: .venv/installed
	$(BIN)/migrator revision "$(NAME)"

bench: .venv/installed
	$(BIN)/pip install --quiet -c constraints.txt -e '.[bench,test]'
	$(BIN)/python bench/clock.py
	PYTHONPATH=. $(BIN)/python bench/desk.py $(SIZES)

.venv/bin/python:
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Install Debian's package python3-venv first, then run make again."; exit 1; }

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@
