# A machine with Python 3.11 and make is enough; everything else is fetched, checked against uv.lock, and kept in this folder.
PYTHON := $(shell command -v python3.11 || command -v python3)
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
READY := .venv/.ready
RUN := .venv/bin
export UV_SYSTEM_CERTS := 1

.PHONY: install demo test bench prove check check-deploy docs requirements

install: $(READY)

demo: $(READY)
	$(RUN)/hub demo $(ARGS)

test: $(READY)
	$(RUN)/python -m tests.lanes $(ARGS)

bench: $(READY)
	$(RUN)/python -m benchmarks.$(or $(WHAT),engine) --json $(ARGS)

prove: $(READY)
	nohup $(RUN)/python -m tests.prove.every $(ARGS) > prove.log 2>&1 & echo "running in the background: prove.log, then docs/proofs.md"

check: $(READY)
	$(RUN)/ruff check --output-format concise
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache

docs: $(READY)
	$(RUN)/python -m tests.reference
	NO_COLOR=1 $(RUN)/zensical build --strict --clean

# Read and checked, not run: images, clusters and units are for the machines they are for. Helm comes as a Go module, where there is none.
check-deploy: $(READY)
	command -v helm >/dev/null || [ -x .tools/helm ] || GOBIN=$(CURDIR)/.tools go install helm.sh/helm/v3/cmd/helm@v3.19.0
	$(if $(WRITE),(head -1 deploy/helm/rendered.yaml; PATH="$$PATH:.tools" helm template hub deploy/helm/hub --kube-version 1.34.0) > .tools/rendered && mv .tools/rendered deploy/helm/rendered.yaml)
	PATH="$$PATH:$(CURDIR)/.tools" $(RUN)/python -m pytest tests/deploy tests/watching/test_rules.py

requirements: $(READY)
	$(RUN)/python -m tests.requirements

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv

$(READY): pyproject.toml uv.lock $(filter .uv/bin/uv,$(UV))
	$(UV) sync --frozen --all-extras --all-groups --python $(PYTHON) --quiet --compile-bytecode
	$(RUN)/python -m compileall -q hub projections connectors
	touch $@
