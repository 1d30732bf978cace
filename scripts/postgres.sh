#!/usr/bin/env bash
# A private PostgreSQL cluster for tests and measurements; touches nothing of the system's own.
#   scripts/postgres.sh start DIR [--durable]   creates and starts it in DIR, prints its postgres:// URL
#   scripts/postgres.sh stop DIR                stops it and deletes DIR
# Without --durable the cluster trades safety for speed (fsync off): right for tests, wrong for benchmarks and crash tests.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

usage() { die "usage: postgres.sh start DIR [--durable] | postgres.sh stop DIR"; }
[ $# -ge 2 ] || usage
action="$1"
folder="$2"
shift 2

binaries="$(postgres_binaries || true)"
[ -n "$binaries" ] || die "no PostgreSQL 14 or later is installed; run scripts/setup.sh test"

# PostgreSQL refuses to run as root: then it runs as the package's own user.
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
    owner=postgres
    id postgres >/dev/null 2>&1 || owner=nobody
    as_owner=(setpriv "--reuid=$(id -u "$owner")" "--regid=$(id -g "$owner")" --clear-groups)
fi

stop() {
    [ -e "$folder/.otklik-postgres" ] || die "$folder holds no cluster of this script"
    # In / because the owner may be unable to read the current directory.
    (cd / && "${as_owner[@]}" "$binaries/pg_ctl" -D "$folder/data" -m immediate -w stop) >/dev/null 2>&1 || true
    rm -rf "$folder"
}

start() {
    local fast=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
    [ "${1:-}" != --durable ] || fast=()
    mkdir -p "$folder"
    folder="$(cd "$folder" && pwd)"
    [ -z "$(ls -A "$folder")" ] || die "$folder is not empty"
    [ ${#folder} -le 80 ] || die "$folder is too long for a Unix socket inside it"
    touch "$folder/.otklik-postgres"
    trap 'say "postgres.sh: starting failed"; cat "$folder/log" >&2 2>/dev/null || true; stop' EXIT

    local password
    password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    (umask 077 && echo "$password" >"$folder/password")
    : >"$folder/log"
    [ ${#as_owner[@]} -eq 0 ] || chown -R "$owner:" "$folder"
    # The password travels only over loopback; "password" spares each of a test's many connections the SCRAM rounds.
    (cd / && "${as_owner[@]}" "$binaries/initdb" -D "$folder/data" -U otklik --pwfile "$folder/password" \
        --auth=password --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions) >>"$folder/log" 2>&1

    local port attempt
    for attempt in 1 2 3 4 5; do
        port="$(free_port)"
        # pg_ctl waits for the server; a lost race for the port is the only failure worth another try.
        if (cd / && "${as_owner[@]}" "$binaries/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -o "-c listen_addresses=127.0.0.1 \
            -c port=$port -c unix_socket_directories=$folder -c max_connections=200 -c shared_buffers=128MB ${fast[*]}" start) \
            </dev/null >/dev/null 2>&1 3>&- 4>&-; then
            break
        fi
        [ "$attempt" -lt 5 ] && grep -q 'could not bind\|could not create any TCP' "$folder/log" || exit 1
    done
    wait_until 30 "$binaries/pg_isready" -q -h 127.0.0.1 -p "$port" || exit 1
    trap - EXIT
    echo "postgres://otklik:$password@127.0.0.1:$port/postgres"
}

case "$action" in
    start) start "$@" ;;
    stop) stop ;;
    *) usage ;;
esac
