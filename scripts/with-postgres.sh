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
# Every test makes and drops a database; a busy disk makes that take seconds. What need not be durable lives in memory, where there is room.
parent="${TMPDIR:-/tmp}"
room="$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" || room=0
if [ ${#durable[@]} -eq 0 ] && [ -w /dev/shm ] && [ "${room:-0}" -gt 2000000 ]; then
    parent=/dev/shm
fi
folder="$(mktemp -d "$parent/otklik-pg.XXXXXX")"
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
