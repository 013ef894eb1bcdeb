# make run · make test · make lint · make bench      (make test-all runs the slow proofs too)
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PORT ?= 8501

.PHONY: run test test-all lint english bench clean

run: .venv/runtime
	$(BIN)/python -m survey.cli demo
	$(BIN)/python -m survey.cli serve --port $(PORT)

test: .venv/dev
	sh tests/install_browser.sh
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile

test-all: .venv/dev
	sh tests/install_browser.sh
	$(BIN)/python -m pytest

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

english: .venv/english

bench: .venv/bench .venv/english
	$(BIN)/python -m benchmarks.run

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Samtal needs Python 3.11 or newer: install it, or name one with make PYTHON=/path/to/python3.11."; exit 1; }
	@"$(PYTHON)" -m venv .venv || \
		{ rm -rf .venv; echo "Python's venv module is missing: apt-get install python3-venv, then run make again."; exit 1; }

.venv/runtime: requirements.txt constraints.txt | .venv/bin/python
	$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(PIP) -r requirements-dev.txt
	@touch $@

.venv/english: requirements-english.txt | .venv/bin/python
	$(PIP) --no-deps -r requirements-english.txt
	@touch $@

.venv/bench: requirements-bench.txt .venv/dev
	$(PIP) -r requirements-bench.txt
	@touch $@
