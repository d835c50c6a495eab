# The menu. Two commands do everything on a bare machine: `make study` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.DEFAULT_GOAL := help
.PHONY: study test lab explore run book serve clean lint lock bench help

study: $(READY) ## environment, synthetic country, intake, notebooks, book (HTML, PDF, Word)
	@$(BIN)/cast build

test: $(READY) browser ## every test: units, doctests, numbers against R, the whole way, the book in a browser
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m pytest -n auto --dist loadfile

lab: $(READY) ## JupyterLab, open where to start
	@$(BIN)/cast lab

explore: $(READY) ## the page of choices in a browser, without code
	@$(BIN)/cast explore

run: $(READY) ## run the notebooks that are out of date
	@$(BIN)/cast run

book: $(READY) ## make the book from the executed notebooks
	@$(BIN)/cast book

serve: $(READY) ## the book at 127.0.0.1:8000, for this machine only
	@test -f build/book/html/index.html || { echo "ยังไม่มีหนังสือ ใช้คำสั่ง make study ก่อน"; exit 2; }
	@echo "เปิด 127.0.0.1:8000 ในเบราว์เซอร์ (หยุดด้วย Ctrl+C)"
	@$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory build/book/html >/dev/null 2>&1

bench: $(READY) ## speeds, as ratios in one run
	@for benchmark in benchmarks/*.py; do $(BIN)/python $$benchmark || exit; done

lint: $(READY) ## put the code into the house's form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## pin every dependency again after a change in pyproject.toml (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
		--no-annotate --group dev pyproject.toml -o requirements.lock
	@$(PYTHON) scripts/environment.py

clean: ## delete everything generated (the environment stays)
	@rm -rf build

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# Debian's python3 has venv but not ensurepip, so the environment is made without pip and filled from outside.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "ต้องใช้ Python 3.11 ขึ้นไป (มี: $$($(PYTHON) --version))"; exit 2; }
	@echo "กำลังติดตั้งสภาพแวดล้อมใน $(VENV) (ครั้งแรกใช้เวลาประมาณ 2 นาที)"
	@$(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes -r requirements.lock
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/jupyter kernelspec install --sys-prefix --name cast src/castlib/run/kernelspec 2>/dev/null
	@touch $@

.PHONY: browser
browser:
	@command -v chromium >/dev/null && command -v pdftotext >/dev/null && command -v soffice >/dev/null \
		|| { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -qqy --no-install-recommends \
			chromium poppler-utils libreoffice-writer-nogui; }
