#!/bin/sh
# tests/run.sh [FILTER] [--accept] - builds with sanitizers and runs every test; `./run test` calls it.
#
# A test is a program of tests/unit or tests/model, a script tests/cases/NAME.sh (exit status 77: skipped), a
# folder tests/cases/NAME with `cmd` and the `expected` output, the tests/ of a pack, or tidy.  As many run at
# once as there are processors.  A test prints one line with its time; its log stays in build/test-logs only if
# it failed.  The last line says: N passed, N failed.
set -u
ROOT=$(cd "$(dirname "$0")/.." && pwd)
cd "$ROOT" || exit 1
LOGS=$ROOT/build/test-logs
JOBS=${JOBS:-$(nproc)}
export ROOT LOGS TAIZHANG="$ROOT/build/debug/taizhang" TZ_TEST_LONG="${LONG:-}"
export LSAN_OPTIONS=suppressions=$ROOT/tests/leaks.txt:print_suppressions=0
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1

# ---- One test ----

# golden DIR: runs DIR/cmd in an empty folder and compares all it printed, and its exit status, with DIR/expected.
# Paths of this machine are printed as $CASE and $TMP.
golden() {
    work=$(mktemp -d)
    got=$work/got
    mkdir "$work/here"
    (cd "$work/here" && CASE=$ROOT/$1 LC_ALL=C.UTF-8 sh -e "$ROOT/$1/cmd" 2>&1 </dev/null; echo "exit status $?") |
        sed -e "s|$ROOT/$1|\$CASE|g" -e "s|$work/here|\$TMP|g" >"$got"
    status=0
    diff -u "$ROOT/$1/expected" "$got" || status=1
    if [ $status = 1 ] && [ -n "${ACCEPT:-}" ]; then
        cp "$got" "$ROOT/$1/expected"
        status=0
    fi
    rm -rf "$work"
    return $status
}

# one NAME COMMAND…: runs the test, prints its line, leaves its verdict as an empty file.
one() {
    name=$1
    shift
    log=$LOGS/$(echo "$name" | tr / -).log
    start=$(date +%s)
    if [ "$1" = golden ]; then
        golden "$2" >"$log" 2>&1
    else
        "$@" >"$log" 2>&1 </dev/null
    fi
    status=$?
    seconds=$(($(date +%s) - start))
    case $status in
    0)
        printf 'ok    %-32s %4d s\n' "$name" $seconds
        [ "$1" != golden ] || cat "$log" # what --accept took in
        rm -f "$log"
        : >"${log%.log}.passed"
        ;;
    77)
        printf 'skip  %-32s %4d s   %s\n' "$name" $seconds "$(tail -n 1 "$log")"
        rm -f "$log"
        : >"${log%.log}.skipped"
        ;;
    *)
        # One write, so that the lines of two tests don't mix.
        printf 'FAIL  %-32s %4d s   %s\n%s\n' "$name" $seconds "${log#"$ROOT"/}" "$(tail -n 20 "$log" | sed 's/^/        /')"
        ;;
    esac
}

if [ "${1:-}" = --one ]; then
    shift
    # shellcheck disable=SC2086
    one $1
    exit 0
fi

# ---- All of them ----

filter=
for argument in "$@"; do
    case $argument in
    --accept) export ACCEPT=1 ;;
    *) filter=$argument ;;
    esac
done

rm -rf "$LOGS"
mkdir -p "$LOGS"
make -s -j"$JOBS" MODE=debug all tests || { echo '0 passed, 1 failed'; exit 1; }
make -s -j"$JOBS" MODE=release all build/tests/model/county build/tools/tidy || { echo '0 passed, 1 failed'; exit 1; }

# A line a test: its name, then its command. The slow ones first, so that no processor waits at the end.
tests() {
    echo 'tests/model/county-whole build/tests/model/county whole' # sanitizers would make hours of it
    for script in tests/cases/*.sh; do [ ! -e "$script" ] || echo "${script%.sh} sh $script"; done
    for source in tests/model/*.c tests/unit/*.c; do
        [ ! -e "$source" ] || echo "${source%.c} build/debug/${source%.c}"
    done
    for folder in tests/fuzz/corpus/*/; do
        name=$(basename "$folder")
        echo "tests/fuzz/$name build/debug/tests/fuzz/$name $folder"
    done
    for pack in packs/*/tests; do
        [ ! -d "$pack" ] || echo "${pack%/tests} $TAIZHANG pack test ${pack%/tests}"
    done
    for cmd in tests/cases/*/cmd; do [ ! -e "$cmd" ] || echo "${cmd%/cmd} golden ${cmd%/cmd}"; done
    echo 'tidy build/tools/tidy'
}

tests | grep -e "$filter" >"$LOGS/list"
xargs -P "$JOBS" -d '\n' -n 1 sh "$0" --one <"$LOGS/list"

count() { find "$LOGS" -name "*.$1" | wc -l; }
total=$(wc -l <"$LOGS/list")
passed=$(count passed)
skipped=$(count skipped)
failed=$((total - passed - skipped))
rm -f "$LOGS"/*.passed "$LOGS"/*.skipped "$LOGS/list"
rmdir "$LOGS" 2>/dev/null
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
