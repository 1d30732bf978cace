# Every command of the project. The two that matter: `make run` to try it, `make test` to check it.

MAKEFLAGS += --no-print-directory
OTKLIK := target/release/otklik

.PHONY: help run demo build test e2e crash simulate bench screens gen fmt setup clean-data

help:
	@echo "make run         build and start the server on http://127.0.0.1:8080 (data in ./data)"
	@echo "make demo        the same with a living company in it (data in ./data/demo)"
	@echo "make test        every check there is; what continuous integration runs"
	@echo "make e2e         only the stories in the browser, on SQLite"
	@echo "make crash       the long crash test on both databases"
	@echo "make simulate    10,000 conversations and 50 operators on two nodes"
	@echo "make bench       measure, on a release build"
	@echo "make screens     screenshots of every page into ./screens"
	@echo "make gen         write openapi.json and the web's types anew"
	@echo "make fmt         format Rust and TypeScript"
	@echo "make clean-data  delete ./data"

run: build
	@exec $(OTKLIK) serve

demo: build
	@test -e data/demo || OTKLIK_DATA_DIR=data/demo $(OTKLIK) demo
	@OTKLIK_DATA_DIR=data/demo exec $(OTKLIK) serve

# The release profile: what you try is what you would run, and it answers several times faster than a debug build.
# Link-time optimisation is off in it, so a first build takes about five minutes on two cores and a rebuild half a minute.
build: web/dist/index.html widget/dist/widget.js
	@cargo build --release --package server

# Built anew only when a source of it changed.
web/dist/index.html: $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print) | setup
	@cd web && npm run --silent build

widget/dist/widget.js: $(shell find widget -path widget/node_modules -prune -o -path widget/dist -prune -o -type f -print) | setup
	@cd widget && npm run --silent build

setup:
	@scripts/setup.sh run

test:
	@scripts/test.sh

e2e:
	@scripts/test.sh setup build web-build widget-build e2e-sqlite

crash:
	@scripts/test.sh setup build crash-long

simulate:
	OTKLIK_SIMULATED_CONVERSATIONS=10000 scripts/with-postgres.sh cargo test --workspace --test http -- simulation::

bench: web/dist/index.html widget/dist/widget.js
	@scripts/bench.sh $(ARGS)

screens: build
	@scripts/setup.sh test
	@cd e2e && OTKLIK_BINARY=../$(OTKLIK) npm run --silent screens

gen:
	@scripts/setup.sh run
	@mkdir -p web/dist widget/dist
	@cargo xtask gen

fmt:
	@cargo fmt --all
	@cd web && npm run --silent format
	@cd widget && npm run --silent format

clean-data:
	@rm -rf data
