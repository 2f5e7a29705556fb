#!/bin/sh
# The journal beside what it can't be faster than, all in one run (bench/journal.c): appends beside plain inserts of the
# same rows, verify beside SM3 alone, and whether a large ledger costs more than a small one. ISSUES="small large" says how
# many issues, of ten entries each; LONG=1 takes 10,000 and a million.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/measure.sh"
(cd "$root" && make -s benches)
bench=$root/build/bench/journal
default='10000 100000'
[ -z "${LONG:-}" ] || default='10000 1000000'

echo "$(nproc) processors; seconds of the processor (of the clock)"
for size in 1000 100 10; do
    "$bench" append "$dir/append" 10000 $size | tee "$dir/said"
    result "journal: 10000 appends in transactions of $size" - 'plain inserts of the same rows' "$(sed -n 's/^ *ratio \([0-9.]*\) .*/\1/p' "$dir/said")" -
    rm -rf "$dir"/append*
done
for issues in ${ISSUES:-$default}; do
    echo "$issues issues"
    "$bench" make "$dir/$issues" "$issues"
    "$bench" verify "$dir/$issues" | tee "$dir/said"
    result "verify --quick of a ledger of $issues issues" - 'SM3 alone' "$(sed -n 's/^ *ratio \([0-9.]*\) .*/\1/p' "$dir/said")" -
    "$bench" ledger "$dir/$issues" | tee "$dir/$issues.ms" | sed 's/^\([a-z]*\) \(.*\)/  \1 \2 ms/'
    last=$issues
    : "${first:=$issues}"
done
echo "large to small"
paste -d ' ' "$dir/$first.ms" "$dir/$last.ms" | awk '{ printf "  ratio %.2f  %s\n", $4 / $2, $1 }'
paste -d ' ' "$dir/$first.ms" "$dir/$last.ms" >"$dir/both.ms"
while read -r what small _ large; do
    result "journal: $what, $first to $last issues" "$small to $large ms" - - "$(growth "$first" "$small" "$last" "$large")"
done <"$dir/both.ms"
