#!/bin/sh
# How the cost of linking files grows with the records, at blocks of one size: 40 records share a birth date whatever there
# are.  SIZES="10000 100000 1000000"; LONG=1 adds ten million.
set -eu
cd "$(dirname "$0")/.."
. bench/measure.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s build/bench/link_people build/bench/link_measure
cat >"$dir/model.yaml" <<'END'
model: 1
threshold: 0.5
review: 0.5
blocking: [[dob], [surname, postcode]]
comparisons:
  - {column: given_name, kind: text, frequencies: true}
  - {column: surname, kind: text, frequencies: true}
  - {column: dob, kind: date}
  - {column: postcode, kind: code, frequencies: true}
  - {column: address, kind: text}
  - {column: phone, kind: phone}
END
printf '%10s %12s %9s %9s %7s %14s %16s\n' records pairs 'CPU s' 'wall s' MiB 'us a record' 'bytes a record'
for size in ${SIZES:-10000 30000 100000 300000 1000000} ${LONG:+10000000}; do
    build/bench/link_people "$size" 33 1 | cut -d, -f8 --complement >"$dir/input.csv"
    build/bench/link_measure "$dir/took" build/taizhang link --files "$dir/input.csv" --id id --memory 16384 \
        --model "$dir/model.yaml" -o "$dir/links.csv" >"$dir/said" 2>/dev/null
    last=$size took=$(cat "$dir/took")
    : "${first:=$last}" "${first_took:=$took}"
    tail -n 1 "$dir/said" | cat - "$dir/took" | tr '\n' ' ' | awk -v size="$size" \
        '{ printf "%10d %12d %9.2f %9.2f %7d %14.2f %16.0f\n", size, $2, $(NF-2), $(NF-1), $NF, $(NF-2) * 1e6 / size, $NF * 1048576 / size }'
done
result "linkage of $first to $last records, blocks of one size" "${first_took%% *} to ${took%% *} s" - - "$(growth "$first" "$first_took" "$last" "$took")"
