# shellcheck shell=bash
# Small helpers the scripts of this folder share. Sourced, never run.

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$(basename "$0"): $*"
    exit 1
}

# The first free loopback TCP port of a random walk below the ephemeral range, so that no outgoing connection takes it
# between this look and the server's own bind.
free_port() {
    local port
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    die "no free port found on 127.0.0.1 between 20000 and 31999"
}

# wait_until SECONDS COMMAND...: true as soon as COMMAND is.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

# The newest installed PostgreSQL server binaries of version 14 or later (Debian's and PGDG's layout, then PATH).
postgres_binaries() {
    local folder version
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        version="$(basename "$(dirname "$folder")")"
        if [ "${version%%.*}" -ge 14 ] 2>/dev/null && [ -x "$folder/initdb" ]; then
            echo "$folder"
            return
        fi
    done
    folder="$(command -v initdb)" && dirname "$(readlink -f "$folder")"
}
