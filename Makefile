# Every command of the project. `make` alone lists them.
PORT ?= 8501
HOST ?= 127.0.0.1
PYTHON ?= python3
SECONDS ?= 300
BIN := .venv/bin

.PHONY: help run database test lint types audit bench load screenshots clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/.run ## install, make and fill the database once, and serve on PORT (8501)
	@echo "Open http://localhost:$(PORT)"
	@exec $(BIN)/python -m exports.service --host $(HOST) --port $(PORT)

database: .venv/.run ## create, migrate and fill the database; data that are there stay
	@$(BIN)/python -m seed_data

# Dozens of processes start: each reads what the first compiled, and pytest rewrote, where it may be kept.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/.dev browser lint types audit ## lint, check types and run every test, those in a real browser included
	$(BIN)/pytest -m "not browser" -n 2 --dist worksteal --durations=15
	$(BIN)/pytest -m browser -n 2 --dist worksteal --durations=15

lint: .venv/.dev ## check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev ## check types of measures, charts, data_access and exports
	$(BIN)/mypy

audit: .venv/.dev ## ask whether what is installed has known vulnerabilities
	@$(BIN)/python -m tests.dependencies

bench: .venv/.dev ## measure the ratios that the dashboard must keep
	$(BIN)/python -m tests.benchmarks

load: .venv/.dev ## a hundred people looking around for SECONDS (300), memory and redraws a second
	$(BIN)/python -m tests.benchmarks.load $(SECONDS)

screenshots: .venv/.dev browser ## take the pictures of the README anew
	$(BIN)/python -m tests.browser.screenshots

clean: ## remove the virtual environment and caches; the database stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/.run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Debian's Chromium where apt works, else Playwright's own; nginx where apt works.
.PHONY: browser
browser: .venv/.dev
	@command -v chromium >/dev/null \
	|| { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get -qq update && apt-get -qq install -y chromium >/dev/null; } \
	|| $(BIN)/playwright install --with-deps chromium
	@command -v nginx >/dev/null \
	|| { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get -qq update && apt-get -qq install -y nginx-light >/dev/null; } \
	|| echo "nginx is not installed: what is behind it is not tried."
