#!/bin/sh
# The report of the demo county holds the sentences that its packs are named for: every figure in them is that of
# the answer key, every paragraph says it as a person would, so that `report check` finds it again and agrees.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
release=$ROOT/build/taizhang

fail() { echo "$*"; exit 1; }

"$release" demo files --scale 0.05 >/dev/null
"$release" new county --county 140430 >/dev/null
"$release" -C county run files -o report.html >run.txt 2>&1 || { cat run.txt; fail 'the county does not run'; }
"$release" -C county report -o report.md >/dev/null

# "name value" of each figure of the answer key and of the program.
awk -F'"' '/^ "figures": /{on = 1} on && /"figure":/{name = $4} on && /"value":/{print name, $4}' files/answers.json | sort >key.txt
"$release" -C county figure --json >figures.json
awk -F'"' '/"figure":/{name = $4} /"value":/{print name, $4}' figures.json | sort >computed.txt
[ "$(wc -l <key.txt)" -ge 80 ] || fail "the answer key has only $(wc -l <key.txt) figures"
comm -23 key.txt computed.txt >wrong.txt
[ ! -s wrong.txt ] || { cat wrong.txt; fail 'figures that are not those of the answer key'; }

# What stands before the ledger are the packs' sections. Every number that master/said.yaml knows and a pack counts or
# measures stands in them, is found by its words and agrees with the rows.
sed '/^## .*问题台账/,$d' report.md >sections.md
"$release" -C county report check sections.md --json >check.json || [ $? = 1 ]
awk -F'"' '/"figure":/{name = $4} /"verdict":/{print name, $4}' check.json | sort -u >verdicts.txt
! grep -E ' (differs|contradicts)$' verdicts.txt || fail 'the report does not agree with itself'
awk -F'"' '/"figure":/{name = $4} /"kind": "(counted|measured|bound)"/{print name}' figures.json | sort >numbers.txt
sed -n 's/^  - {name: \([a-z0-9_.]*\),.*/\1/p' "$ROOT/packs/master/said.yaml" | sort >said.txt
comm -12 numbers.txt said.txt >wanted.txt
[ "$(wc -l <wanted.txt)" -ge 40 ] || fail "only $(wc -l <wanted.txt) figures of the sentences are computed"
sed -n 's/ agrees$//p' verdicts.txt >found.txt
comm -23 wanted.txt found.txt >missing.txt
[ ! -s missing.txt ] || { cat missing.txt; fail 'sentences that the report lacks'; }

# A claim prints as a word, linked to its exceptions, never as a number.
awk -F'"' '/"figure":/{name = $4} /"kind": "universal"/{print name}' figures.json | sort >claims.txt
comm -12 claims.txt said.txt >known.txt
while read -r claim; do
    grep -q "href=\"#figure-$claim\">[^<]*属实" report.html || fail "the report does not say whether $claim holds"
done <known.txt

# The same county's figures by township add up; two dates differ by rows; letters and publications are written.
"$release" -C county figure house.suspected --by township --csv >places.csv
sum=$(awk -F, 'NR > 1 {sum += $3} END {print sum}' places.csv)
[ "$sum" = "$(sed -n 's/^house.suspected //p' computed.txt)" ] || fail "townships add up to $sum"
"$release" -C county report diff 2018-12-31 2019-12-31 >diff.txt
grep -q '(house.suspected)\|(aid.persons)' diff.txt || fail 'no figure moved in a year'
"$release" -C county form rectify -o orders --format html --csv >written.csv
[ "$(find orders -name 'rectify-*.html' | wc -l)" = "$(($(wc -l <written.csv) - 1))" ] || fail 'not one order a unit'
grep -q 'taizhang:140430/issue/1<' orders/rectify-全部.html || fail 'no code opens the first issue'
"$release" -C county publish make aid-by-township -o counts.html --start 2020-01-01 >/dev/null
"$release" -C county publish make aid-list --period 2019-1 -o list.html 2>/dev/null && fail 'a list of pupils went online'
"$release" -C county publish make aid-list --period 2019-1 -o list.docx --start 2020-01-01 >/dev/null
"$release" -C county publish site site --date 2020-01-02 >/dev/null
[ -s site/publication-1.html ] && [ ! -e site/publication-2.html ] || fail 'the site shows what it must not, or lacks what it must'
"$release" -C county verify --quick >/dev/null || fail 'the journal does not hold what was published'
