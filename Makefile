# Everything runs from a clone on a machine that has Python 3.11+ and make.
# Each target makes the virtual environment it needs.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= 2

.PHONY: demo test check interop long bench clean format

demo: $(VENV)/.demo
	$(BIN)/edc-issuer demo --out demo

test: $(VENV)/.test
	$(BIN)/python tools/offline.py $(BIN)/python -m pytest -q -n $(JOBS) \
	  --dist loadfile --benchmark-disable -m "not slow and not interop"

check: $(VENV)/.check
	$(BIN)/ruff format --check src tests tools benchmarks
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n $(JOBS) tests/test_layers.py tests/test_docs*.py
	$(BIN)/python tools/check_wheel.py

interop: $(VENV)/.interop
	cd tests/interop/node && npm install --silent --no-audit --no-fund --no-package-lock
	$(BIN)/python -m pytest -q tests/interop -m interop

long: $(VENV)/.test
	EDC_LONG=1 $(BIN)/python -m pytest -q -n $(JOBS) --benchmark-disable -m "long or slow or sampled"
	$(BIN)/python tools/kill_batch.py --kills 30

bench: $(VENV)/.interop
	mkdir -p .benchmarks
	$(BIN)/python -m pytest -q benchmarks --benchmark-disable-gc \
	  --benchmark-json=.benchmarks/latest.json
	@echo "tools/performance_page.py writes docs/performance.md from these figures."

format: $(VENV)/.check
	$(BIN)/ruff format src tests tools benchmarks
	$(BIN)/ruff check --fix src tests tools benchmarks

clean:
	rm -rf $(VENV) demo dist build tests/interop/node/node_modules tests/interop/dss/target

$(VENV)/.pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	touch $@

$(VENV)/.demo: pyproject.toml | $(VENV)/.pip
	$(BIN)/python -m pip install --quiet --editable ".[all]"
	touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/.pip
	$(BIN)/python -m pip install --quiet --editable ".[all]" --group test
	touch $@

$(VENV)/.check: pyproject.toml $(VENV)/.test
	$(BIN)/python -m pip install --quiet --group check
	touch $@

$(VENV)/.interop: pyproject.toml $(VENV)/.test
	$(BIN)/python -m pip install --quiet --group interop
	touch $@
