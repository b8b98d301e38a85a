# Two commands do everything: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help setup demo test lint types check format schema bench docs requirements release-check clean

help:
	@echo "make demo    set up, then scan a fixture"
	@echo "make test    set up, then lint, check types and run the tests"
	@echo "make bench   measure against the floor and the peers that are there"
	@echo "make docs    build the documentation site into build/site"
	@echo "make requirements   pin what the action and the image install"
	@echo "make schema  write the generated files anew (rule schema, hooks file)"

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: setup
	@$(BIN)/tarecheck scan fixtures/training-job --exit-zero

test: lint types
	$(BIN)/python -m pytest -n auto

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: setup
	$(BIN)/python -m linter.generated

bench: setup
	$(BIN)/python -m benchmarks

docs: setup
	@$(BIN)/python -c 'import material' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet

requirements: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools
	CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/python -m piptools compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-trusted-host -o requirements/runtime.txt pyproject.toml

release-check: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[release]'
	rm -rf dist && mkdir -p build
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --outdir dist
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python -m check_wheel_contents dist/*.whl
	$(PYTHON) -m venv build/sbom-venv && build/sbom-venv/bin/pip install --quiet --disable-pip-version-check dist/*.whl
	$(BIN)/python -m cyclonedx_py environment build/sbom-venv --output-reproducible --of JSON -o build/sbom.cdx.json

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
