# make demo and make test work on a fresh machine: Python 3.11 or newer with pip is all they need.
# Everything is installed into .venv, in the versions and with the hashes of requirements*.lock.
# Kept to what GNU make 3.81 knows, the version that macOS has.

SHELL := /bin/sh
VENV := .venv
PYTHON_NAMES := python3.14 python3.13 python3.12 python3.11 python3 python
PYTEST_ARGS := -q -n auto
UPGRADE :=

# --no-build-isolation: builds use the pinned tools of requirements-build.lock, not the newest there are.
# It also keeps owlready2 pure Python, the same with and without a C compiler.
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --no-input -q -q
INSTALL := $(PIP) install --no-build-isolation

# The stamp carries the folder, because an environment copied elsewhere still runs the code of the old place.
MADE := $(VENV)/made-$(shell pwd | cksum | cut -d ' ' -f 1)
DEMO_READY := $(VENV)/ready-for-demo
TEST_READY := $(VENV)/ready-for-test
# An environment whose Python was upgraded or removed is made anew.
$(shell $(VENV)/bin/python -c '' 2>/dev/null || rm -f $(MADE))

.PHONY: help demo test check installed lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(DEMO_READY) ## Build, check and query the graph of the example articles; writes out/
	@$(VENV)/bin/kgbuild demo

test: check ## Run make check, then all tests
	$(VENV)/bin/python -m pytest $(PYTEST_ARGS)

check: $(TEST_READY) ## Lint, formatting, types, import contracts, pyproject.toml
	$(VENV)/bin/python -m ruff check
	$(VENV)/bin/python -m ruff format --check
	$(VENV)/bin/python -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/python -m validate_pyproject pyproject.toml

installed: $(TEST_READY) ## Install the built wheel in a bare environment and run the tests marked "installed" there
	@set -e; away=$$(mktemp -d); trap 'rm -rf "$$away"' EXIT; \
	$(VENV)/bin/python -m build --no-isolation --outdir "$$away/dist" . >/dev/null; \
	$(VENV)/bin/python -m venv "$$away/venv"; \
	"$$away/venv/bin/python" -m pip --disable-pip-version-check -q -q install "$$away"/dist/*.whl pytest hypothesis; \
	cp -R tests pyproject.toml "$$away"; \
	cd "$$away"; venv/bin/python -m pytest -q -m installed tests

lock: $(MADE) ## Pin what pyproject.toml asks for; make lock UPGRADE=--upgrade takes the newest versions
	@$(PIP) install uv
	@set -e; export UV_CUSTOM_COMPILE_COMMAND='make lock'; \
	compile="$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes $(UPGRADE)"; \
	$$compile --group build -o requirements-build.lock >/dev/null; \
	$$compile pyproject.toml -c requirements-build.lock -o requirements.lock >/dev/null; \
	$$compile --group dev -c requirements-build.lock -c requirements.lock -o requirements-dev.lock >/dev/null

clean: ## Remove the environment, the results and all caches
	rm -rf $(VENV) out dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# Takes the first Python that can make an environment with pip in it. Where ensurepip is split off (Debian),
# the pip of that Python fills an environment made without.
$(MADE):
	@rm -rf $(VENV); \
	for with in pip no-pip; do \
	  for python in $(if $(PYTHON),"$(PYTHON)",$(PYTHON_NAMES)); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.implementation.name != "cpython")' \
	      >/dev/null 2>&1 || continue; \
	    if [ $$with = pip ]; then \
	      "$$python" -m venv $(VENV) >/dev/null 2>&1; \
	    else \
	      "$$python" -m venv --without-pip $(VENV) >/dev/null 2>&1 && \
	        "$$python" -m pip --python $(VENV)/bin/python --disable-pip-version-check -q -q install pip; \
	    fi || { rm -rf $(VENV); continue; }; \
	    echo "Made $(VENV) with $$("$$python" --version)"; \
	    touch $@; \
	    exit 0; \
	  done; \
	done; \
	echo "kgbuild needs CPython 3.11 or newer with pip, and found none called" \
	  "$(if $(PYTHON),$(PYTHON),$(PYTHON_NAMES)); name one with: make PYTHON=/path/to/python3" >&2; \
	exit 1

$(DEMO_READY): $(MADE) requirements-build.lock requirements.lock pyproject.toml
	@echo "Installing the locked packages into $(VENV)"
	@$(INSTALL) -r requirements-build.lock
	@$(INSTALL) -r requirements.lock
	@$(INSTALL) --no-deps -e .
	@touch $@

$(TEST_READY): $(DEMO_READY) requirements-dev.lock
	@echo "Installing the locked test tools into $(VENV)"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
