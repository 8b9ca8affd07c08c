# make demo and make test each do all the set-up on a fresh Debian or Raspberry Pi OS, and are quick the second time.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q

SYSTEM_PACKAGES := python3-venv espeak-ng libespeak-ng1 libportaudio2 libasound2-plugins alsa-utils
TEST_PACKAGES   := pulseaudio pulseaudio-utils gpsd mosquitto
BUILD_PACKAGES  := gcc libc6-dev python3-dev libasound2-dev

# The tests start hundreds of short processes: none compiles the program again, whatever a container's environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test coverage bench lint docs setup test-setup lock clean

demo: setup
	$(BIN)/coach demo

# More workers than cores, because most wait for real clocks: tests/lanes.py gives each what keeps it out of the others' way.
SIDE_BY_SIDE := -n 7 --dist loadfile

test: test-setup
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

coverage: test-setup  # which lines and branches no test runs; ONLY=tests/core for what some of the tests leave out
	$(BIN)/python -m pytest --cov $(SIDE_BY_SIDE) $(ONLY)

bench: test-setup
	$(BIN)/python -m tests.bench $(ONLY)

lint: test-setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/ready-for-docs  # into site/; nothing is fetched
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

setup: $(VENV)/ready
test-setup: $(VENV)/ready-for-tests

$(VENV)/ready: requirements.lock pyproject.toml
	@.ci/debian-packages $(SYSTEM_PACKAGES)
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-for-tests: $(VENV)/ready requirements-test.lock requirements-simpleaudio.lock
	@.ci/debian-packages --optional $(TEST_PACKAGES)
	$(PIP) install --require-hashes -r requirements-test.lock
	@.ci/debian-packages --optional $(BUILD_PACKAGES)
	@$(PIP) install --no-deps --require-hashes -r requirements-simpleaudio.lock || echo "simpleaudio did not build here: its tests will be skipped, everything else runs"
	@touch $@

$(VENV)/ready-for-docs: $(VENV)/ready requirements-docs.lock
	$(PIP) install --require-hashes -r requirements-docs.lock
	@touch $@

lock: pyproject.toml  # needs uv; simpleaudio has a lock of its own, since it is built on the spot and that may fail
	printf "simpleaudio\n" | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q - -o requirements-simpleaudio.lock
	printf "hatchling\neditables\n" | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q pyproject.toml - -o requirements.lock
	printf "hatchling\neditables\n" | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q --extra test -c requirements.lock pyproject.toml - -o requirements-test.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q --extra voice -c requirements.lock pyproject.toml -o requirements-voice.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q --extra docs -c requirements.lock pyproject.toml -o requirements-docs.lock

clean:
	rm -rf $(VENV) site .coverage .coverage.*
