# gongzhi: `make run` starts everything, `make test` shows that it holds. Needs Python >= 3.11, Node >= 20 and make.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= $(CURDIR)/var
DEMO ?= 1
BIN := .venv/bin
MADE := build/made
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install -qq

.PHONY: run test large lint format types lock clean-built

run: $(MADE)/run $(MADE)/islands ## start the product: make run PORT=8123 DATA=/some/dir
	@DATA="$(DATA)" DEMO="$(DEMO)" exec $(BIN)/gongzhi run --host "$(HOST)" --port "$(PORT)"

test: $(MADE)/dev $(MADE)/islands ## everything: format, lint, types, contracts, migrations, packs, tests, browser
	@$(BIN)/python tests/whole.py

large: $(MADE)/dev ## what only shows at size; on PostgreSQL: GONGZHI_TEST_DB=postgres make large
	@$(BIN)/python -m pytest -q -s tests/large/large_*.py

lint: $(MADE)/dev ## the quick checks only
	@$(BIN)/python tests/whole.py format lint types imports

format: $(MADE)/dev ## put every Python file into shape
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

types: $(MADE)/dev
	@$(BIN)/python tests/whole.py types

lock: $(MADE)/dev ## pin anew, with hashes, what requirements*.in ask for
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-annotate --no-header $$name.in -o $$name.lock || exit 1; \
	done

$(MADE):
	@mkdir -p $(MADE)

$(MADE)/venv: | $(MADE)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "gongzhi needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || echo missing)." \
	       "Name another one: make run PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || { echo "making a virtual environment of its own …"; $(PYTHON) -m venv .venv; } || { \
	  echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	@touch $@

$(MADE)/run: requirements.lock pyproject.toml $(MADE)/venv
	@echo "installing what runs, by the hashes in requirements.lock …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(MADE)/dev: requirements-dev.lock $(MADE)/run
	@echo "installing what tests, by the hashes in requirements-dev.lock …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(MADE)/node: package.json package-lock.json | $(MADE)
	@node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null || { \
	  echo "gongzhi needs Node 20 or newer; here it is $$(node --version 2>/dev/null || echo missing)."; exit 1; }
	@echo "installing the pages' parts …"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(MADE)/islands: $(MADE)/node vite.config.ts tsconfig.json $(shell find islands -type f 2>/dev/null)
	@npm run --silent build -- --logLevel warn
	@touch $@

clean-built: ## forget what was installed and built; data stays
	@rm -rf build .venv node_modules gongzhi/surfaces/static/gongzhi/islands gongzhi/surfaces/static/gongzhi/vendor
