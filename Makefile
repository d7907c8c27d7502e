# The commands of the platform. `make help` lists them from the comments behind the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo up down status ports logs reset verify psql airflow forecast dashboards screenshots test test-containers test-unit lint format lock install install-tests chaos bench bench-forecast

export PYTHONPATH := $(CURDIR)/plugins
export PYTHONDONTWRITEBYTECODE := 1

INSTALL := docker/native/install.sh
NATIVE := .build/venv/native/bin/python
TESTS := .build/venv/tests/bin
STACK := $(NATIVE) -m supply_chain.stack

help: ## List the commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: install ## Install, start, seed, stream, verify, publish, forecast and plan; leaves the platform running.
	@$(STACK) demo

up: install ## Start the stack and wait until it is ready.
	@$(STACK) up

down: ## Stop the stack.
	@$(STACK) down

status: ## Show the health of every part and the state of the stream; exits 1 if a part is unhealthy.
	@$(STACK) status

ports: ## Replace ports that other programs use with free ones, and store them in .env.
	@$(STACK) ports

logs: ## Follow the logs; PARTS="kafka producer" selects parts.
	@$(STACK) logs $(PARTS)

reset: ## Stop the stack and delete its state, after confirmation.
	@$(STACK) reset

verify: ## Recompute the stream's tables from the topic and compare every row and column.
	@$(NATIVE) -m supply_chain.ledger

psql: ## Open psql as the read-only role; returns CSV for SQL on standard input.
	@$(STACK) psql

airflow: ## Run an airflow command in this deployment, such as ARGS="dags list".
	@$(STACK) airflow $(ARGS)

forecast: ## Forecast now and print the result, such as PRODUCTS=1,2 RETAILERS=3 DAYS=30.
	@$(NATIVE) -m supply_chain.forecast_runs --products "$(PRODUCTS)" --retailers "$(RETAILERS)" --days "$(or $(DAYS),70)"

dashboards: ## Publish the dashboards of superset/assets, and run every chart's query.
	@$(NATIVE) -m supply_chain.dashboards

screenshots: install-tests ## Take the pictures of the README from the running dashboards.
	@$(TESTS)/python -m tests.screenshots

test: install-tests lint ## Run everything that CI runs: lint, types, unit, integration and end-to-end tests.
	@$(TESTS)/pytest

test-containers: install-tests ## Build the images, run the platform in containers, crash and scale its parts; needs Docker Compose.
	@CONTAINERS=true $(TESTS)/pytest tests/containers

test-unit: install-tests ## Run the quick tests, which need no server.
	@$(TESTS)/pytest -m "not integration and not e2e"

lint: install-tests ## Check style, types, SQL and the layers of imports.
	@$(TESTS)/ruff check --quiet .
	@$(TESTS)/ruff format --check --quiet .
	@$(TESTS)/mypy --no-error-summary
	@$(TESTS)/sqlfluff lint --disable-progress-bar plugins flink
	@PYTHONPATH=plugins $(TESTS)/lint-imports --no-logo --no-cache

format: install-tests ## Format the code.
	@$(TESTS)/ruff check --fix --quiet .
	@$(TESTS)/ruff format --quiet .

chaos: install-tests ## Kill parts during a replay, then verify.
	@$(TESTS)/pytest tests/e2e -m chaos --no-header

bench: install-tests ## Measure seeding, producer, stream and dashboards.
	@$(TESTS)/python -m tests.bench

bench-forecast: install-tests ## Measure the forecasts' accuracy and speed beside other ways; DATASET= adds real orders.
	@PYTHONPATH=plugins:spark_jobs OMP_NUM_THREADS=1 $(TESTS)/python -W ignore -m tests.bench.forecasts

lock: install ## Resolve the locks again from their requirements.in.
	@docker/native/lock.sh

install:
	@$(INSTALL) native airflow flink spark superset

install-tests:
	@$(INSTALL) native airflow flink spark superset tests
