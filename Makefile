# Names for commands; no logic. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready
# of tests: one more than two cores, since some wait for a clock, a page or another process
WORKERS ?= 3
SYSTEM_PATH := $(PATH)
# nbgrader calls alembic by name, so the environment must be on the PATH, as if it were activated
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help lab test test-fast test-long mutants lint class class-open doctor release student-bundle execute clean
help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

lab: $(READY)  ## open the course in JupyterLab
	@mkdir -p build/exchange
	jupyter lab --LabApp.default_url=/lab/tree/lectures $(LAB_ARGS)

test: $(READY) lint  ## all tests, with a table of where the minutes went
	pytest -n $(WORKERS) --dist loadfile -m "not long"

test-fast: $(READY)  ## the quick tests, in some minutes
	pytest -n $(WORKERS) --dist loadfile -m "not slow and not long"

test-long: $(READY)  ## many-fold repeats of what `make test` does once
	pytest -n $(WORKERS) --dist loadfile -m long

mutants: $(READY)  ## what the checks make of wrong and right answers; ARGS="--secrets 20" for more secrets
	python -m tests.grading.variants $(ARGS)

lint: $(READY)  ## layout of code and notebooks
	ruff check
	course notebooks check

class: $(READY)  ## an instructor's evening, played on a made-up class
	course class

class-open: $(READY)  ## that class in formgrader, with its own gradebook
	course class --open

doctor: $(READY)  ## is everything installed?
	course doctor

release: $(READY)  ## generate assignments/ from solutions/
	course notebooks release

student-bundle: $(READY)  ## what students get, without solutions and grader: build/course-*-student.zip
	course bundle

execute: $(READY)  ## run all lectures and solutions; copies go to build/executed
	course notebooks execute

clean:  ## remove the environment and what can be made again; keep the class, and name what is kept
	@PATH="$(SYSTEM_PATH)" $(PYTHON) -B course/clean.py

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else "The course needs Python 3.11 or newer; this is %d.%d. Try make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --disable-pip-version-check --quiet -c constraints.txt -e ".[test]"
	@touch $@
