#!/bin/sh
# docs/benchmarks.md is what bench/kept.tsv makes, each line has its eight parts and a script that prints such lines, and
# the helpers reckon rightly.
set -eu
cd "$ROOT"

awk -f bench/table.awk bench/kept.tsv | diff docs/benchmarks.md - || { echo 'docs/benchmarks.md is not made from bench/kept.tsv'; exit 1; }
awk -F '\t' 'NF != 8 || $2 !~ /^[0-9-]+$/ || $3 == "" || $5 == "" { print "not a line of eight parts: " $0; wrong = 1 } END { exit wrong }' bench/kept.tsv
for script in bench/*.sh; do
    grep -q '^ *result "' "$script" || [ "$script" = bench/measure.sh ] || { echo "$script prints no line for the table"; exit 1; }
done
for script in $(cut -f 1 bench/kept.tsv | sort -u); do
    [ -e "bench/$script.sh" ] || { echo "there is no bench/$script.sh"; exit 1; }
done

. bench/measure.sh
[ "$(growth 10 '1.0 4' 1000 '100.0 8')" = n^1.00 ] && [ "$(growth 10 0 1000 1)" = - ] || { echo 'growth reckons wrongly'; exit 1; }
[ "$(ratio '3.0 7' 1.5)" = 2.00 ] && [ "$(ratio 1 '')" = - ] || { echo 'ratio reckons wrongly'; exit 1; }
[ "$(result work 1 peer 2 -)" = "$(printf '= work\t1\tpeer\t2\t-')" ] || { echo 'a line is written otherwise'; exit 1; }
