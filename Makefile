# Everything one does with Borgerblik, one target each. `make` alone lists them.
# The recipes are one command each: what they do is written in scripts/ and portal/demo/, where it is tested.

ifeq ($(wildcard scripts/setup.py),)
$(error This is not the folder of Borgerblik, so there is nothing to make here. Name that folder: make -C \
	'$(strip $(subst Makefile,,$(MAKEFILE_LIST)))' $(MAKECMDGOALS))
endif

PORT ?= 8000
ARGS ?=
PROCESSES ?= 1
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$name && break; done)
endif
GIVEN := $(or $(MAKECMDGOALS),setup)
TOGETHER := $(if $(filter-out 1,$(PROCESSES)),-n $(PROCESSES) --dist loadfile --no-loadscope-reorder)
VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench fuzz screens lock audit clean-data chromium rabbitmq python

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target does; \
		do printf '%-18s %s\n' "$$target" "$$does"; done

setup: python ## make .venv, install the locked dependencies, fetch the design system
	@$(PYTHON) scripts/setup.py $(GIVEN)

demo: setup ## start everything on this machine and serve http://127.0.0.1:8000/ (PORT=8001 for another port)
	@exec $(VENV) -m portal.demo --port='$(PORT)'

test: setup chromium rabbitmq ## run the whole suite, browsers included (ARGS='-k overview' for a part, PROCESSES=2 for two at once)
	@$(VENV) -m pytest $(TOGETHER) --cov --cov-branch $(ARGS)

check: setup ## format, lint, types, import contracts, migrations in step, lock files without addresses
	@.venv/bin/ruff format --check --quiet
	@.venv/bin/ruff check --quiet
	@DEMO=1 .venv/bin/mypy .
	@.venv/bin/lint-imports
	@# no database is needed to compare models with migrations; Django warns when it cannot also ask one
	@DEMO=1 $(VENV) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(VENV) scripts/check_locks.py

bench: setup ## measure against the limits of this machine, one JSON object a line (ARGS=summary for one)
	@$(VENV) -m tests.bench $(ARGS)

fuzz: setup ## take in broken messages, and see that none is lost or counted twice (ARGS=100000 for so many)
	@$(VENV) -m tests.fuzz $(ARGS)

screens: setup chromium ## take pictures of what each of the demo's people sees first, into docs/screens
	@$(VENV) -m tests.screens

lock: ## resolve the dependencies anew within pyproject.toml and package.json (ARGS=--upgrade for newer versions)
	@sh scripts/lock.sh $(ARGS)

audit: setup ## ask whether a hole is known in anything that the lock files pin; needs the network
	@$(VENV) scripts/audit.py

clean-data: setup ## delete everything the demo and the tests keep (.data, and what root's servers keep in /var/lib)
	@$(VENV) -m portal.embedded.clean

chromium: setup
	@$(VENV) scripts/ensure_chromium.py

rabbitmq: setup
	@$(VENV) scripts/ensure_rabbitmq.py

python:
	@test -n "$(PYTHON)" || { echo "There is no Python 3.11 to 3.13 on this machine, so nothing can be set up. \
	Install one, or say where it is: make $(GIVEN) PYTHON=/path/to/python3" >&2; exit 1; }
	@command -v "$(firstword $(PYTHON))" >/dev/null || { echo "PYTHON=$(PYTHON) is no program on this machine, so nothing can be \
	set up. Say where a Python 3.11 to 3.13 is: make $(GIVEN) PYTHON=/path/to/python3" >&2; exit 1; }
