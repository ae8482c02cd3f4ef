# Thin: each target calls one program. PYTHON is only used to make the virtual environment.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# Tests start sopwrap and Ansible a thousand times: what Python has compiled is kept, whatever the shell says of that.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test bench lint environment clean

demo: environment ## carry out a whole SOP on a small office of real servers
	$(BIN)/python -m tests.office.demo

# Four workers on two cores: many tests wait for programs. Tests of interruption hold programs at a moment and can then be too late;
# so what fails is tried once more, alone. What fails twice, fails.
test: environment ## everything: unit, contract, quality gates, real servers, faults
	$(BIN)/python -m tests.office.packages
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder || { echo "Once more, alone: what failed beside another worker"; \
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none; }

bench: environment ## measure against the bare engines; writes docs/benchmarks.md
	$(BIN)/python -m tests.office.packages
	$(BIN)/python -m tests.bench

lint: environment ## the quality gates alone
	$(BIN)/python -m pytest tests/quality

environment:
	@$(PYTHON) tests/environment.py $(VENV)

clean: ## remove what demo, tests and benchmark leave behind in this folder
	rm -rf .venv .demo .pytest_cache .mypy_cache .ruff_cache .ansible .cache .bench dist
