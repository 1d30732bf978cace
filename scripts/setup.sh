#!/usr/bin/env bash
# Installs what this machine still needs, and nothing else. Safe to run any number of times; takes a second when all is there.
#   scripts/setup.sh run    what `make run` needs: a C compiler, Rust, Node and the packages of the web and the widget
#   scripts/setup.sh test   also PostgreSQL, Postfix, Dovecot, Chromium and libfaketime for `make test`
# Installed servers are neither started nor enabled: the tests start their own private ones.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

phase="${1:-run}"
case "$phase" in run | test) ;; *) die "say 'run' or 'test', not '$phase'" ;; esac

missing=()
needs() { # needs PACKAGE COMMAND...: PACKAGE is installed when COMMAND fails
    local package="$1"
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

needs gcc command -v cc
needs libc6-dev test -e /usr/include/stdio.h
needs make command -v make
if [ "$phase" = test ]; then
    needs openssl command -v openssl
    needs postgresql test -n "$(postgres_binaries)"
    needs postfix test -x /usr/sbin/postfix
    needs dovecot-imapd test -x /usr/lib/dovecot/imap
    needs faketime command -v faketime
    if ! [ -x "${OTKLIK_CHROMIUM:-/usr/bin/chromium}" ]; then
        missing+=(chromium fonts-liberation fonts-noto-color-emoji)
    fi
fi

install_packages() {
    local as_root=() policy=/usr/sbin/policy-rc.d wrote_policy=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "please install as root: apt-get install ${missing[*]}"
        if ! sudo -n true 2>/dev/null && ! [ -t 0 ]; then
            die "sudo wants a password here; please install by hand: sudo apt-get install ${missing[*]}"
        fi
        as_root=(sudo)
    fi
    command -v apt-get >/dev/null || die "this system has no apt-get; please install by hand what Debian calls: ${missing[*]}"
    say "Installing ${missing[*]}"

    # Debian asks this file before it starts a service a package brings; 101 means "do not".
    if ! [ -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
        wrote_policy=yes
    fi
    local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get
        -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold -o Acquire::Retries=3)
    local failed=""
    case " ${missing[*]} " in *" postfix "*)
        echo "postfix postfix/main_mailer_type select No configuration" | "${as_root[@]}" debconf-set-selections || true
        ;;
    esac
    "${install[@]}" install -y -q --no-install-recommends "${missing[@]}" </dev/null >&2 || {
        say "Refreshing the package lists"
        "${install[@]}" update -q </dev/null >&2 || true
        "${install[@]}" install -y -q --no-install-recommends "${missing[@]}" </dev/null >&2 || failed=yes
    }
    [ -z "$wrote_policy" ] || "${as_root[@]}" rm -f "$policy"
    [ -z "$failed" ] || die "apt-get could not install: ${missing[*]}"

    # Not started now; this keeps them from starting at the next boot either.
    if [ -d /run/systemd/system ]; then
        local package
        for package in "${missing[@]}"; do
            case "$package" in
                postgresql | postfix) "${as_root[@]}" systemctl disable -q "$package.service" >&2 || true ;;
                dovecot-imapd) "${as_root[@]}" systemctl disable -q dovecot.service dovecot.socket >&2 || true ;;
            esac
        done
    fi
}

[ ${#missing[@]} -eq 0 ] || install_packages

command -v cargo >/dev/null || die "Rust is missing. Install it from https://rustup.rs, open a new shell and try again."
node_version="$(node --version 2>/dev/null || true)"
node_version="${node_version#v}"
[ -n "$node_version" ] || die "Node.js is missing: version 20.19 or later is needed, see https://nodejs.org/en/download"
if [ "$(printf '20.19.0\n%s\n' "$node_version" | sort -V | head -n 1)" != 20.19.0 ]; then
    die "Node.js $node_version is too old: version 20.19 or later is needed, see https://nodejs.org/en/download"
fi

# npm ci FOLDER, but only when its lock file is not the one already installed.
install_node_packages() {
    local folder="$1" stamp="$1/node_modules/.installed-lock" lock
    [ -f "$folder/package-lock.json" ] || return 0
    lock="$(sha256sum <"$folder/package-lock.json")"
    if [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ]; then
        say "Installing the packages of $folder"
        (cd "$folder" && npm ci --no-audit --no-fund </dev/null >&2)
        echo "$lock" >"$stamp"
    fi
}

install_node_packages web
install_node_packages widget
[ "$phase" = run ] || install_node_packages e2e
