#!/usr/bin/env bash
# Measures the release build and writes the tables of docs/benchmarks.md. Arguments go to the measuring program:
#   scripts/bench.sh [--conversations N | --full] [--database sqlite|postgres|both] [--help]
# With `make bench` they come as ARGS="--full".
set -euo pipefail
cd "$(dirname "$0")/.."
# In one build, so that both get the same SQLite.
cargo build --release --package server --package bench
exec target/release/bench "$@"
