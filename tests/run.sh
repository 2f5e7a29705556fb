#!/bin/sh
# tests/run.sh [FILTER] [--accept] - builds with sanitizers and runs every test; `./run test` calls it.
#
# Programs under tests/unit and tests/model, scripts under tests/cases; two at a time.  Logs stay in
# build/test-logs for those that fail.  Ends with one line: N passed, N failed.
set -u
filter=
for argument in "$@"; do
    case "$argument" in
    --accept) ACCEPT=1; export ACCEPT ;;
    *) filter=$argument ;;
    esac
done
JOBS=$(nproc 2>/dev/null || echo 2)
ROOT=$PWD
LOGS=$ROOT/build/test-logs
export ROOT TAIZHANG="$ROOT/build/debug/taizhang" TZ_TEST_LONG="${LONG:-}"
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1
rm -rf "$LOGS"
mkdir -p "$LOGS"

make -s -j"$JOBS" MODE=debug all tests || { echo "0 passed, 1 failed"; exit 1; }
make -s -j"$JOBS" MODE=release all build/tools/tidy || { echo "0 passed, 1 failed"; exit 1; }

one() { # NAME COMMAND…: one test, its line, its verdict as a file
    name=$1; shift
    log=$LOGS/$(echo "$name" | tr / _).log
    start=$(date +%s)
    if "$@" >"$log" 2>&1; then
        printf 'ok    %-28s %4d s\n' "$name" $(($(date +%s) - start))
        rm -f "$log"
        : >"$LOGS/passed.$(echo "$name" | tr / _)"
    else
        printf 'FAIL  %-28s %4d s   %s\n' "$name" $(($(date +%s) - start)) "$log"
        tail -20 "$log" | sed 's/^/        /'
    fi
}

list=$LOGS/list
{
    for script in tests/cases/*.sh; do [ -e "$script" ] && echo "$script sh $script"; done
    for source in tests/model/*.c tests/unit/*.c; do
        [ -e "$source" ] && echo "${source%.c} build/debug/${source%.c}"
    done
    echo "tidy build/tools/tidy"
} | grep -e "$filter" >"$list"

running=0
while read -r name command; do
    # shellcheck disable=SC2086
    one "$name" $command </dev/null &
    running=$((running + 1))
    if [ $running -ge "$JOBS" ]; then wait; running=0; fi
done <"$list"
wait

total=$(wc -l <"$list")
passed=$(find "$LOGS" -name 'passed.*' | wc -l)
rm -f "$LOGS"/passed.* "$list"
echo "$passed passed, $((total - passed)) failed"
[ "$passed" -eq "$total" ]
