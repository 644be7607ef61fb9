# make demo: install into .venv and optimise the first benchmark; make test: the test suite, and the figures of
# small versions of the benchmarks, which may not get worse than recorded.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint soak clean

demo: $(STAMP)
	$(BIN)/seer backends --warm
	$(BIN)/seer opt benchmarks/seer/seq_loops.c --top seq_loops -o out/seq_loops

test: $(STAMP) lint
	$(BIN)/seer backends --warm
	$(BIN)/python -m pytest -n 2
	$(BIN)/seer bench seer --setting small --check --jobs 2

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

soak: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m soak --override-ini addopts="-q --strict-markers --import-mode=importlib"

# The simulator's models and the user's kernels are compiled with g++. Where it is missing and we are root
# on Debian we install it; elsewhere `seer backends` says what is missing.
$(STAMP): pyproject.toml constraints.txt
	@command -v g++ >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get update -qq && apt-get install -y -qq g++; \
	  else echo "seer needs g++ for simulation: install it with your package manager" >&2; fi; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "seer needs Python 3.11 or newer" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf out $(VENV)
