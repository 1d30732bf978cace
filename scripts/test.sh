#!/usr/bin/env bash
# Every check of the project, in stages. A failed stage does not hide the ones after it, except those that need it.
#   scripts/test.sh            all stages
#   scripts/test.sh STAGE...   only these, in the order of this file; `scripts/test.sh list` names them
# Ends with how many tests passed and failed; a stage without tests of its own counts as one.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh

# The developer's own settings must not reach the servers under test.
for name in ${!OTKLIK_@}; do
    case "$name" in OTKLIK_CHROMIUM | OTKLIK_ALL_PAGES) ;; *) unset "$name" ;; esac
done
export CARGO_TERM_PROGRESS_WHEN=never NO_COLOR=1 FORCE_COLOR=0
log_folder="$(mktemp -d "${TMPDIR:-/tmp}/otklik-test.XXXXXX")"
trap 'rm -rf "$log_folder"' EXIT

wanted=("$@")
passed=0
failed=0
failed_stages=()
table=()
failures=()
failed_tests=""

# The web's and the widget's builds embed into the server; without them yet, empty folders let Rust compile.
setup() { scripts/setup.sh test && mkdir -p web/dist widget/dist; }
format() { cargo fmt --all --check -- -l; }
clippy() { cargo clippy --workspace --all-targets --quiet -- -D warnings; }
tidy() { cargo xtask tidy; }
# One build for everything below: the same profile and the same set of packages, so that no dependency is built twice.
build() { cargo build --workspace --all-targets --quiet; }
rust_tests() { cargo test --workspace --quiet; }
postgres() { scripts/with-postgres.sh cargo test --workspace --quiet --test http; }
generated() { cargo xtask gen --check; }
web() { (cd web && npm run --silent "$1"); }
widget() { (cd widget && npm run --silent "$1"); }
e2e_types() { (cd e2e && ../web/node_modules/.bin/biome check . && npm run --silent types); }
e2e() { (cd e2e && npm run --silent test); }
e2e_postgres() { (cd e2e && ../scripts/with-postgres.sh npm run --silent test); }
crash() { # crash MESSAGES: on SQLite, then on PostgreSQL with its durability on
    export OTKLIK_CRASH_MESSAGES="$1"
    (cd e2e && npm run --silent crash) && (cd e2e && ../scripts/with-postgres.sh --durable npm run --silent crash)
}

# Keeps what says why a stage failed, to be repeated at the end: the result must tell it without the whole output.
remember() { # remember NAME
    local told
    told="$(grep -E -A25 '^ +[0-9]+\) |^---- .* stdout ----|panicked at|FAIL |^error(\[|:)|✘' "$log_folder/$1" | tail -n 80)"
    [ -n "$told" ] || told="$(tail -n 40 "$log_folder/$1")"
    failures+=("$(printf -- '--- %s\n%s' "$1" "$told")")
    failed_tests+="$(grep -E '^ +[0-9]+\) |^ +✘|^test .* FAILED|^    [a-z_:0-9]+$|^ FAIL ' "$log_folder/$1" | sed "s/^ */$1: /" | cut -c1-160 | sort -u | head -n 10)"$'\n'
}

# Adds what a stage's output counts to the totals; a stage that counts nothing is one check.
count() { # count LOG STATUS
    local good bad
    read -r good bad < <(awk '
        /^test result: / { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) good += $(i-1); if ($i ~ /^failed/) bad += $(i-1) } }
        /^ *Tests +.*\([0-9]+\)/ { for (i = 2; i <= NF; i++) { if ($i == "passed") good += $(i-1); if ($i == "failed") bad += $(i-1) } }
        /^ +[0-9]+ passed( \(.*\))?$/ { good += $1 }
        /^ +[0-9]+ (failed|flaky|interrupted|did not run)$/ { bad += $1 }
        END { print good + 0, bad + 0 }' "$1")
    [ "$2" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    [ $((good + bad)) -gt 0 ] || good=1
    passed=$((passed + good))
    failed=$((failed + bad))
    counted="$good passed, $bad failed"
}

is_wanted() {
    [ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $1 "* ]]
}

stage() { # stage NAME HEADING [--after STAGE] COMMAND...
    local name="$1" heading="$2" started="$SECONDS" status=0 counted=""
    shift 2
    if [ "${wanted[*]}" = list ]; then
        printf '%-14s %s\n' "$name" "$heading"
        return
    fi
    if [ "$1" = --after ]; then
        local needed="$2"
        shift 2
        if [[ " ${failed_stages[*]} " == *" $needed "* ]] && is_wanted "$name"; then
            failed=$((failed + 1))
            failed_stages+=("$name")
            table+=("$(printf '%-14s not run: it needs %s' "$name" "$needed")")
            return
        fi
    fi
    is_wanted "$name" || return 0
    printf '\n=== %s\n' "$heading"
    "$@" </dev/null 2>&1 | tee "$log_folder/$name"
    status="${PIPESTATUS[0]}"
    count "$log_folder/$name" "$status"
    if [ "$status" -ne 0 ]; then
        failed_stages+=("$name")
        remember "$name"
    fi
    table+=("$(printf '%-14s %4d s   %s' "$name" $((SECONDS - started)) "$counted")")
}

stage setup "What this machine needs" setup
stage format "Rust is formatted" format
stage clippy "Clippy finds nothing" clippy
stage tidy "The tree keeps its rules" tidy
stage build "Everything compiles" build
stage rust "Unit, property and HTTP tests on SQLite" --after build rust_tests
stage postgres "HTTP tests on PostgreSQL" --after build postgres
stage generated "Generated files are current" --after build generated
stage web-lint "Web: lint and translations" --after setup web lint
stage web-types "Web: types" --after setup web types
stage web-test "Web: unit tests" --after setup web test
stage web-build "Web: build" --after setup web build
stage widget-lint "Widget: lint" --after setup widget lint
stage widget-types "Widget: types" --after setup widget types
stage widget-test "Widget: unit tests" --after setup widget test
stage widget-build "Widget: build, and its size" --after setup widget build
stage e2e-lint "Stories: lint and types" --after setup e2e_types
stage e2e-sqlite "Stories in the browser, on SQLite" --after web-build e2e
stage e2e-postgres "Stories in the browser, on PostgreSQL" --after web-build e2e_postgres
stage crash "Crash test, short form" --after build crash 40
# Only when named: too long for every day, or a part of another stage.
[ ${#wanted[@]} -eq 0 ] || stage crash-long "Crash test, long form" --after build crash 500

[ "${wanted[*]}" != list ] || exit 0
printf '\n=== %s\n' "Result after $((SECONDS / 60)) min $((SECONDS % 60)) s"
[ ${#failures[@]} -eq 0 ] || printf '%s\n' "${failures[@]}" ""
printf '%s\n' "${table[@]}"
[ -z "$failed_tests" ] || printf '\nFailed:\n%s' "$failed_tests"
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
