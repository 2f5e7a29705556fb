#!/bin/sh
# All checks on the synthetic county, as `taizhang check` runs them, beside DuckDB running the same SQL by hand over the
# same Parquet files, SQLite with indexes, and a process for each check; growth; what a batch costs afterwards.
#   BASE=1          the county that is imported from sheets
#   SCALES="1 10"   times that; 1 is some 155,000 people; larger ones are multiplied from it as Parquet, not as sheets
#   LONG=1          100 too
#   SQLITE=10       the largest scale for SQLite
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/measure.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/checks-XXXXXX")
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
TAIZHANG=$root/build/taizhang
export TAIZHANG
make -s -C "$root" build/bench/checks
bench=$root/build/bench/checks
scales=${SCALES:-1 10}
[ -z "${LONG:-}" ] || scales="$scales 100"

machine
"$TAIZHANG" demo "$dir/files" --scale "${BASE:-1}" >/dev/null
"$TAIZHANG" new "$dir/county" --county 140430 >/dev/null
"$TAIZHANG" -C "$dir/county" import "$dir/files" >/dev/null
"$TAIZHANG" -C "$dir/county" link >/dev/null

printf '%-6s %-8s %6s %9s %9s %9s %7s\n' scale what checks rows CPU wall MiB
for scale in $scales; do
    at=$dir/county
    if [ "$scale" -gt 1 ]; then
        at=$dir/larger
        cp -r "$dir/county" "$at"
        chmod -R u+w "$at"
        "$bench" multiply "$at" "$scale"
    fi
    for what in ours hand; do "$bench" $what "$at" | sed "s/^/$scale      /" | tee "$dir/$what"; done
    ours=$(tail -n 1 "$dir/ours" | awk '{print $(NF - 2)}') hand=$(tail -n 1 "$dir/hand" | awk '{print $(NF - 2)}')
    : "${first_scale:=$scale}" "${first:=$ours}"
    result "all checks at scale $scale" "$ours s" "DuckDB by hand $hand s" "$(ratio "$ours" "$hand")" "$(growth "$first_scale" "$first" "$scale" "$ours")"
    [ "$scale" -gt "${SQLITE:-10}" ] || "$bench" sqlite "$at" 2>"$dir/not-run" | sed "s/^/$scale      /"
    [ ! -e "$dir/not-run" ] || [ "$scale" -gt "${SQLITE:-10}" ] || echo "       not in SQLite: $(grep -c 'not in' "$dir/not-run")"
    [ "$at" = "$dir/county" ] || { chmod -R u+w "$at" && rm -rf "$at"; }
done

# ---- A process for each check, at scale 1 ----
"$bench" names "$dir/county" >"$dir/names"
cat >"$dir/each" <<'END'
while read -r name; do "$TAIZHANG" -C "$1" pack explain "$name" >/dev/null; done
END
echo "CPU of a process for each check, scale 1: $("$bench" spend sh "$dir/each" "$dir/county" <"$dir/names")"

# ---- After a batch only what reads it is asked ----
first=$("$bench" spend "$TAIZHANG" -C "$dir/county" check)
same=$("$bench" spend "$TAIZHANG" -C "$dir/county" check)
batch=$("$TAIZHANG" -C "$dir/county" deliveries --json | tr -d '\n ' | tr '{' '\n' | grep '"register":"subsidies"' |
    sed -n 's/.*"batch":\([0-9]*\).*/\1/p' | head -n 1)
"$TAIZHANG" -C "$dir/county" withdraw "$batch" --why bench >/dev/null
one=$("$bench" spend sh -c '"$1" -C "$2" check --json >"$3"' sh "$TAIZHANG" "$dir/county" "$dir/asked")
echo "CPU of check with its linking, scale 1: all $first, the same again $same, after one batch of subsidies was withdrawn $one;"
echo "checks asked then: $(tr -d ' \n' <"$dir/asked" | tr '{' '\n' | grep -c '"asked":true') of $(wc -l <"$dir/names")"
