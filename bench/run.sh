#!/bin/sh
# The whole chain on the synthetic county, how time and memory grow with its size (SCALES="0.1 1"), and what a person waits for
# where nothing is new.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
. "$(dirname "$0")/measure.sh"
program=$(cd "$(dirname "$0")/.." && pwd)/build/taizhang

# measure FILE COMMAND…: seconds in hundredths and the peak of memory in MiB.
measure() {
    out=$1
    shift
    start=$(date +%s%N)
    "$@" >/dev/null &
    pid=$!
    peak=0
    while kill -0 $pid 2>/dev/null; do
        now=$(awk '/VmHWM/ {print $2}' /proc/$pid/status 2>/dev/null || true)
        [ "${now:-0}" -le "$peak" ] || peak=$now
        sleep 0.05
    done
    wait $pid
    end=$(date +%s%N)
    awk -v ns=$((end - start)) -v kib="$peak" 'BEGIN { printf "%.2f %d\n", ns / 1e9, kib / 1024 }' >"$out"
}

machine
printf '%-6s %9s  %-22s %-22s\n' scale rows 'first run (s, MiB)' 'again (s, MiB)'
for scale in ${SCALES:-0.1 0.3 1}; do
    "$program" demo "$dir/files" --scale "$scale" >/dev/null
    "$program" new "$dir/county" --county 140430 >/dev/null
    measure "$dir/first" "$program" -C "$dir/county" run "$dir/files" -o "$dir/report.html"
    measure "$dir/again" "$program" -C "$dir/county" run "$dir/files" -o "$dir/report.html"
    rm -rf "$dir/county/derived/kept"
    measure "$dir/page" "$program" -C "$dir/county" report -o "$dir/page.html"
    measure "$dir/copy" "$program" -C "$dir/county" report -o "$dir/page.html"
    measure "$dir/link" "$program" -C "$dir/county" link
    measure "$dir/check" "$program" -C "$dir/county" check
    measure "$dir/issue" "$program" -C "$dir/county" issue show 1
    rows=$("$program" -C "$dir/county" run "$dir/files" -o "$dir/report.html" | sed -n 's/.*共 \([0-9]*\) 行.*/\1/p')
    printf '%-6s %9s  %-22s %-22s\n' "$scale" "$rows" "$(cat "$dir/first")" "$(cat "$dir/again")"
    took=$(cat "$dir/first") again=$(cat "$dir/again") last=$rows
    : "${first:=$rows}" "${first_took:=$took}"
    rm -rf "$dir/files" "$dir/county"
done
result "the whole chain on sheets of $first to $last rows (clock)" "${first_took%% *} to ${took%% *} s" - - "$(growth "$first" "$first_took" "$last" "$took")"
result "the same files again, $last rows (clock)" "${again%% *} s" "the first run, ${took%% *} s" "$(ratio "$again" "$took")" -
page=$(cat "$dir/page") copy=$(cat "$dir/copy")
result "a report with its workbook, $last rows (clock)" "${page%% *} s" - - -
result 'the same report again (clock)' "${copy%% *} s" "the report, ${page%% *} s" "$(ratio "$copy" "$page")" -
link=$(cat "$dir/link") check=$(cat "$dir/check") issue=$(cat "$dir/issue")
result "link and check where nothing changed, $last rows (clock)" "${link%% *} and ${check%% *} s" - - -
result 'one issue, by the command (clock)' "${issue%% *} s" - - -
