#!/bin/sh
# The linkage of files as a person would use it: plan, link, explain, add a batch; and what it refuses.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
run() { "$TAIZHANG" "$@"; }
fails() { # fails STATUS COMMAND…
    wanted=$1
    shift
    status=0
    "$@" >out 2>err || status=$?
    [ "$status" = "$wanted" ] || { echo "status $status, not $wanted: $*"; cat err; exit 1; }
    [ -s err ] || { echo "nothing was said: $*"; exit 1; }
}

# Four hundred people, every other with a second row: a slip in the name, the phone or the date.
awk 'BEGIN {
    print "id,姓名,出生,电话,who"
    split("王 李 张 刘 陈 杨 赵 郭 韩 武", s, " "); split("伟 芳 秀 英 建 国 华 小 红 明 军 丽 强 平 文 玉 兰 海 志 勇", g, " ")
    for (i = 0; i < 400; i++) {
        name = s[i % 10 + 1] g[int(i / 10) % 20 + 1] g[i * 7 % 20 + 1]
        born = sprintf("%d-%02d-%02d", 1940 + i * 13 % 70, i * 5 % 12 + 1, i * 11 % 28 + 1); phone = sprintf("139%08d", i * 7919 % 100000000)
        printf "a%d,%s,%s,%s,%d\n", i, name, born, phone, i
        if (i % 2 == 0) {
            if (i % 3 == 0) born = substr(born, 1, 9) "0"; else phone = substr(phone, 1, 10) "5"
            printf "b%d,%s,%s,%s,%d\n", i, name, born, phone, i
        }
    }
}' >all.csv
head -n 451 all.csv >known.csv
{ head -n 1 all.csv; tail -n +452 all.csv; } >new.csv

run link --files all.csv --id id --truth who --plan >plan
grep -q '电话' plan
[ ! -e links.csv ]
run link --files known.csv --id id --truth who -o known-links.csv >said 2>notes
for file in known-links.csv known-links.review.csv known-links.model.yaml known-links.html; do [ -s "$file" ]; done
grep -q '<svg' known-links.html
model=known-links.model.yaml

# A batch added gives, byte for byte, what all rows together give.
run link --files all.csv --id id --truth who --model $model -o all-links.csv >said 2>notes
run link --files known.csv new.csv --id id --truth who --model $model --add known-links.csv -o added-links.csv >said-added 2>notes
cmp all-links.csv added-links.csv
cmp all-links.review.csv added-links.review.csv
[ "$(wc -l <all-links.csv)" -gt 195 ]

# A pair: its parts and the stored weight; a picture.
run link --files all.csv --id id --truth who --model $model --pair a10 --with b10 -o pair.svg >why
grep -q "权重 +$(awk -F, '$1 == "a10" && $2 == "b10" {print $3}' all-links.csv)" why
grep -q 'xmlns' pair.svg
grep -q '先验' why # what is shown adds up
awk 'NR > 2 { for (i = 1; i <= NF; i++) if ($i ~ /^[-+][0-9]+\.[0-9][0-9]$/) sum += $i }
    NR == 1 { match($0, /[-+][0-9.]+$/); total = substr($0, RSTART) + 0 }
    END { if (sum - total > 0.001 || total - sum > 0.001) { print sum, total; exit 1 } }' why
run link --files all.csv --id id --truth who --model $model --pair a10 --with b10 --json | grep -q '"verdict": "same"'

fails 2 run link --files all.csv -o x.csv
fails 2 run link --files all.csv --id id
fails 2 run link --files known.csv new.csv --id id --add known-links.csv -o x.csv
fails 3 run link --files all.csv --id nothing -o x.csv
fails 3 run link --files all.csv --id who -o x.csv
fails 3 run link --files all.csv --id id --model all.csv -o x.csv
fails 3 run link --files new.csv known.csv --id id --truth who --model $model --add known-links.csv -o x.csv
cp known-links.csv kept.csv
awk -F, -v OFS=, 'NR == 2 { $3 = "1e12" } 1' kept.csv >known-links.csv # a weight that no run writes
fails 3 run link --files known.csv new.csv --id id --truth who --model $model --add known-links.csv -o x.csv
mv kept.csv known-links.csv
printf 'model: 1\nblocking: [[出生]]\ncomparisons:\n  - {column: 出生, kind: soundex}\n' >odd.yaml
fails 3 run link --files all.csv --id id --model odd.yaml -o x.csv
grep -q 'odd.yaml' err
fails 3 run link --files all.csv --id id --model $model --memory 1 -o x.csv
[ ! -e x.csv ] && [ ! -e x.html ] && [ ! -e x.review.csv ]

# Addresses by a table of divisions: written in two ways they are one village; without the table they are not.
printf 'code\tname\tlevel\tparent\tedition\tsuccessor\n140430000000\t沁县\tcounty\t140400000000\t2019\t\n' >divisions.tsv
printf '140430100000\t定昌镇\ttownship\t140430000000\t2019\t\n140430100205\t北寺上村委会\tvillage\t140430100000\t2019\t\n' >>divisions.tsv
awk 'BEGIN { print "id,姓名,出生,家庭住址"
    split("王 李 张 刘 陈 杨 赵 郭 韩 武", s, " "); split("伟 芳 秀 英 建 国 华 小 红 明 军 丽 强 平 文 玉 兰 海 志 勇", g, " ")
    for (i = 0; i < 300; i++) {
        name = s[i % 10 + 1] g[int(i / 10) % 20 + 1] g[i * 7 % 20 + 1]; born = sprintf("%d-%02d-%02d", 1940 + i * 13 % 70, i * 5 % 12 + 1, i * 11 % 28 + 1)
        printf "a%d,%s,%s,沁县定昌镇北寺上村%d组%d号\nb%d,%s,%s,北寺上%d组%d号\n", i, name, born, i % 7, i, i, name, born, i % 7, i
    } }' >homes.csv
run link --files homes.csv --id id --divisions divisions.tsv -o homes.links.csv >said 2>notes
grep -q 'kind: address' homes.links.model.yaml
run link --files homes.csv --id id --divisions divisions.tsv --model homes.links.model.yaml --pair a1 --with b1 >why
grep -q '家庭住址相同' why
run link --files homes.csv --id id --model homes.links.model.yaml --pair a1 --with b1 >why
grep -q '家庭住址相同' why && exit 1
fails 3 run link --files homes.csv --id id --divisions homes.csv -o x.csv
[ ! -e x.csv ]
