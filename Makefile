# make demo: a filled, running site.   make test: a verdict.   Each from a bare machine.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
E2E ?= tests/e2e
PY := .venv/bin/python
PYTEST := .venv/bin/pytest
APPS := core notices ledger growers payments harvest_calendar shop forecasting contracts logistics content devtools config

.PHONY: help words setup setup-ship demo demo-reset test test-postgres test-all e2e check fmt bench shots migrations lock

help:
	@echo "make demo [PORT=8000]  a filled site on 127.0.0.1, until Ctrl-C"
	@echo "make demo-reset        forget the demo's data"
	@echo "make test              all tests but the browser's"
	@echo "make e2e               the journeys in Chromium"
	@echo "make check             format, lint, types, layers, migrations"
	@echo "make words             new sentences into locale/, and which still want their English"
	@echo "make fmt bench shots   tidy the code · measure · photograph the pages"

setup:
	@scripts/setup.sh

setup-ship:
	@[ -e .venv/.synced-all ] && scripts/setup.sh || scripts/setup.sh ship

demo: setup-ship
	@DEMO=1 $(PY) manage.py demo --port $(PORT)

demo-reset:
	@rm -rf var/demo && echo "The demo's data are gone; make demo builds them anew."

test: setup
	@$(PYTEST) -q -n 2 $(ARGS)

test-postgres: setup
	@url=$$(scripts/postgres.sh) && DATABASE_URL=$$url $(PYTEST) -q -n 2 $(ARGS)

migrations: setup
	@scripts/migrations.sh

e2e: setup
	@scripts/browser.sh
	@DJANGO_ALLOW_ASYNC_UNSAFE=true $(PYTEST) -q $(E2E) --override-ini "addopts=--strict-markers -p no:cacheprovider" $(ARGS)

check: setup
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q .
	@.venv/bin/djlint --lint --quiet templates
	@.venv/bin/mypy $(APPS)
	@.venv/bin/lint-imports --no-cache
	@$(PY) manage.py check --fail-level WARNING
	@$(PY) manage.py makemigrations --check --dry-run
	@scripts/notices.sh --check
	@! grep -n '://' requirements/*.txt || (echo "requirements must hold no addresses" && false)

fmt: setup
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

bench: setup
	@$(PY) manage.py bench

shots: setup
	@scripts/browser.sh
	@DEMO=1 $(PY) manage.py shots

words: setup
	@DJANGO_SETTINGS_MODULE=config.settings $(PY) -m core.catalogue gather

lock: setup
	@scripts/lock.sh
