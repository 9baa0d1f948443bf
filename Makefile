# The same commands at the desk and in CI; `make` alone lists them.
PORT_BASE ?= 8000
HOME_DIR ?= .concord
COUNTRY ?= *
PYTHON ?= python3
TESTS ?= tests
ROWS ?= 50000
FACTS ?= 500000
ENTRIES ?= 1000000
RATE ?= 200
SECONDS ?= 15
ROUNDS ?= 3
V := .venv/bin
# An instance is a dozen processes of the same modules: translated by the first, read by the rest.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run load status token operate reset test proof bench bench-atlas check docs vendor lock migration

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS="	" read -r n t; do printf '  make %-11s %s\n' "$$n" "$$t"; done

# Installed anew only when the lock changes; compiled at once, since every process of an instance imports the same packages.
$(V)/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Concord needs Python 3.11 or newer; name one with PYTHON=...")'
	@echo "Installing what requirements.lock names into .venv" >&2
	@test -x $(V)/python || $(PYTHON) -m venv .venv
	@$(V)/python -m pip install --quiet --disable-pip-version-check uv
	@$(V)/uv pip install --quiet --python $(V)/python --compile-bytecode --require-hashes -r requirements.lock
	@touch $@

run: $(V)/.installed ## start everything here: PORT_BASE=8000 HOME_DIR=.concord, EMPTY=1 without the starting data; Ctrl-C stops it
	@exec $(V)/python -m deploy.local run --port-base "$(PORT_BASE)" --home "$(HOME_DIR)" $(if $(EMPTY),--empty)

load: $(V)/.installed ## load the starting data into the running instance
	@exec $(V)/python -m deploy.local load --port-base "$(PORT_BASE)" --home "$(HOME_DIR)"

status: $(V)/.installed ## how each process of the running instance is
	@exec $(V)/python -m deploy.local status --home "$(HOME_DIR)"

token: $(V)/.installed ## a bearer token: ROLE=auditor COUNTRY=NL
	@$(if $(ROLE),,$(error name a role, e.g. make token ROLE=auditor COUNTRY=NL))exec $(V)/python -m deploy.local token "$(ROLE)" "$(COUNTRY)" --port-base "$(PORT_BASE)" --home "$(HOME_DIR)"

operate: $(V)/.installed ## a service's own command on the instance: SERVICE=reporting DO="rebuild --check"
	@exec $(V)/python -m deploy.local operate --home "$(HOME_DIR)" $(SERVICE) $(DO)

reset: $(V)/.installed ## wipe the instance, after asking
	@exec $(V)/python -m deploy.local reset --home "$(HOME_DIR)"

test: $(V)/.installed ## every test, on a real broker and database; TESTS=tests/partners for some
	@exec $(V)/python -m pytest $(TESTS)

proof: $(V)/.installed ## the same tests at full size
	@CONCORD_PROOF=1 exec $(V)/python -m pytest $(TESTS)

# The peers of the races: their versions agree with the lock of the rest.
$(V)/.peers: $(V)/.installed benchmarks/requirements.lock
	@$(V)/uv pip install --quiet --python $(V)/python --require-hashes -r benchmarks/requirements.lock
	@touch $@

bench: $(V)/.peers ## the races against peers, on real Kafka and PostgreSQL: ROWS=50000 FACTS=500000 RATE=200 SECONDS=15 ROUNDS=3 OUT=file
	@$(V)/python -m benchmarks relay --rows $(ROWS) --rounds $(ROUNDS) $(if $(OUT),--out "$(OUT)")
	@$(V)/python -m benchmarks projection --records $(FACTS) --rounds $(ROUNDS) $(if $(OUT),--out "$(OUT)")
	@$(V)/python -m benchmarks path --rate $(RATE) --seconds $(SECONDS) --rounds $(ROUNDS) $(if $(OUT),--out "$(OUT)")

bench-atlas: $(V)/.installed ## search and whom to ask in a directory of a million: ENTRIES=1000000 ROUNDS=3 OUT=file
	@$(V)/python -m benchmarks atlas --entries $(ENTRIES) --rounds $(ROUNDS) $(if $(OUT),--out "$(OUT)")

check: $(V)/.installed ## style, types, import rules, generated files, lock
	$(V)/ruff check .
	$(V)/ruff format --check .
	$(V)/mypy shared services deploy benchmarks
	$(V)/lint-imports
	$(V)/python -m deploy.docs --check
	$(V)/python -m deploy.local.locked

docs: $(V)/.installed ## write the generated documents and schemas
	$(V)/python -m deploy.docs

vendor: $(V)/.installed ## fetch the pages' files of others again, with npm, and compare them with what is listed
	$(V)/python -m deploy.vendored

lock: $(V)/.installed ## write the locks anew; UPGRADE=1 takes newer versions
	$(V)/python -m deploy.local.locked --write $(if $(UPGRADE),--upgrade)

migration: $(V)/.installed ## a new migration: SERVICE=contacts NAME="add seat language"
	@$(if $(and $(SERVICE),$(NAME)),,$(error name both, e.g. make migration SERVICE=contacts NAME="add seat language"))exec $(V)/python -m deploy.local migrate "$(SERVICE)" "$(NAME)"
