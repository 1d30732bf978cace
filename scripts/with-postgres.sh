#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL cluster that is gone afterwards, whatever happens to the command.
#   scripts/with-postgres.sh [--durable] COMMAND...
# The command finds the cluster's URL in OTKLIK_TEST_DATABASE_URL (a superuser: tests create their own databases).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"

durable=()
if [ "${1:-}" = --durable ]; then
    durable=(--durable)
    shift
fi
folder="$(mktemp -d "${TMPDIR:-/tmp}/otklik-pg.XXXXXX")"
chmod 711 "$folder"
cleanup() {
    trap - EXIT INT TERM HUP
    "$here/postgres.sh" stop "$folder" 2>/dev/null || rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

OTKLIK_TEST_DATABASE_URL="$("$here/postgres.sh" start "$folder" "${durable[@]}")"
export OTKLIK_TEST_DATABASE_URL
"$@"
