#!/bin/sh
# fuzz.sh NAME SECONDS - runs the targets whose name is NAME (empty: all) under libFuzzer for SECONDS each.
#
# An input that takes over a second, or 256 MiB beside the sanitizers', is a finding as a crash is. A finding is
# shown, kept in build/fuzz/findings, and belongs into tests/fuzz/corpus/NAME once it is mended.
set -u
cd "$(dirname "$0")/../.." || exit 1
out=build/fuzz
mkdir -p "$out/findings"
[ -z "${CORPORA:-}" ] || sh tests/fuzz/seed.sh "$CORPORA" "$out/seeds"

found=0
for folder in tests/fuzz/corpus/*/; do
    name=$(basename "$folder")
    [ -z "$1" ] || [ "$1" = "$name" ] || continue
    mkdir -p "$out/learned/$name" "$out/seeds/$name"
    start=$(date +%s)
    if "$out/tests/fuzz/$name" -max_total_time="$2" -max_len=65536 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$out/findings/$name-" "$out/learned/$name" "$folder" "$out/seeds/$name" >"$out/$name.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$out/$name.log")
        echo "ok    fuzz/$name   $(($(date +%s) - start)) s, $runs runs, $(find "$out/learned/$name" -type f | wc -l) inputs learned"
    else
        found=$((found + 1))
        echo "FOUND fuzz/$name   $out/$name.log"
        grep -E 'ERROR|SUMMARY|runtime error|Test unit written' "$out/$name.log" | sed 's/^/        /'
    fi
done
[ $found = 0 ]
