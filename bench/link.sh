#!/bin/sh
# The linkage of files beside the same plan in SQL on DuckDB (link_peer.c): processor, clock, memory and accuracy from one
# run on synthetic people (RECORDS=1000000 DAMAGE=33 FORMS="levenshtein damerau"; without FORMS only ours). The peer learns m
# from every pair, as Splink does; ours from those of some records, two million pairs.
set -eu
cd "$(dirname "$0")/.."
. bench/measure.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
records=${RECORDS:-1000000}
make -s build/bench/link_people build/bench/link_measure build/bench/link_peer
cat >"$dir/model.yaml" <<'END'
model: 1
threshold: 0.5
review: 0.5
blocking: [[given_name, surname], [dob], [surname, postcode]]
comparisons:
  - {column: given_name, kind: text, frequencies: true}
  - {column: surname, kind: text, frequencies: true}
  - {column: dob, kind: date}
  - {column: postcode, kind: code, frequencies: true}
  - {column: address, kind: text}
  - {column: phone, kind: phone}
END

# accuracy LINKS: precision, recall and F1 of the pairs of LINKS.
accuracy() {
    awk -F, 'NR == FNR { if (FNR > 1) { who[$1] = $NF; count[$NF]++ }; next }
        FNR > 1 { links++; right += who[$1] == who[$2] }
        END { for (w in count) pairs += count[w] * (count[w] - 1) / 2
              p = right / links; r = right / pairs; printf "%.4f %.4f %.4f", p, r, 2 * p * r / (p + r) }' "$dir/people.csv" "$1"
}

build/bench/link_people "$records" "${DAMAGE:-33}" "${SEED:-1}" >"$dir/people.csv"
cut -d, -f8 --complement "$dir/people.csv" >"$dir/input.csv"
echo "$(nproc) processors, $records records"
build/bench/link_measure "$dir/ours" build/taizhang link --files "$dir/input.csv" --id id --model "$dir/model.yaml" -o "$dir/links.csv" >"$dir/said" 2>/dev/null
echo "ours: $(tail -n 1 "$dir/said" | awk '{print $2}') pairs compared"
printf '%-12s %9s %9s %7s   %s\n' '' 'CPU s' 'wall s' MiB 'precision recall F1'
printf '%-12s %9s %9s %7s   %s\n' ours $(cat "$dir/ours") "$(accuracy "$dir/links.csv")"
for form in ${FORMS-levenshtein damerau}; do
    build/bench/link_measure "$dir/peer" build/bench/link_peer "$dir/people.csv" "$dir/peer.csv" "$form" 2>"$dir/steps"
    printf '%-12s %9s %9s %7s   %s\n' "$form" $(cat "$dir/peer") "$(accuracy "$dir/peer.csv")"
    sed 's/^/    /' "$dir/steps"
    paste -d' ' "$dir/ours" "$dir/peer" | awk -v form="$form" '{ printf "ours against %s: %.1fx less CPU, %.1fx less wall, %.2f of its memory\n", form, $4 / $1, $5 / $2, $3 / $6 }'
    result "linkage of $records records" "$(cut -d' ' -f1 "$dir/ours") s" "the same plan in SQL on DuckDB, $form, $(cut -d' ' -f1 "$dir/peer") s" \
        "$(ratio "$(cat "$dir/ours")" "$(cat "$dir/peer")")" -
done
