#!/bin/sh
# What a pack's author uses: new, lint, test, doc, explain; each rule of docs/format/lint.md is broken once.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fails() { echo "FAILED: $*"; exit 1; }
taizhang() { "$TAIZHANG" "$@"; }

# ---- A pack from nothing, and from a sheet: both pass lint and test ----
taizhang pack new first >/dev/null
printf '%s\n' '2019年补贴发放表,,,,' '姓名,身份证号,发放金额,备注,批次,发放日期' '张三,11010519491231002X,1200,甲,3,2019-05-01' \
    '李四,,300.5,,4,2019-05-01' >sample.csv
taizhang pack new from-sheet --from sample.csv >/dev/null
for pack in first from-sheet; do
    taizhang pack lint $pack >out || fails "lint of $pack: $(cat out)"
    taizhang pack test $pack >out || fails "test of $pack: $(cat out)"
done
taizhang pack test first --rows --csv | tr -d "\r" >out
[ "$(tail -n +2 out)" = "first,first:2,first-repeated
first,first:3,first-repeated
first,first:4," ] || fails "the rows of the fixture: $(cat out)"
grep -q 'name: id, title: "身份证号' from-sheet/pack.yaml || fails 'a known title is not recognised'
grep -q 'type: "date"' from-sheet/pack.yaml || fails 'a date is not recognised'
! taizhang pack new first >/dev/null 2>&1 || fails 'a folder that is there was written over'
! taizhang pack new 'Bad Name' >/dev/null 2>&1 || fails 'a bad name was taken'
printf 'x\n' >no-header.csv
! taizhang pack new third --from no-header.csv >/dev/null 2>&1 || fails 'a sheet without a header was taken'
[ ! -e third ] || fails 'a refused pack left files'

# ---- Every rule of the lint ----
cp -r first bad
sed -i -e 's/first/bad/g' bad/pack.yaml bad/figures.sql bad/report.md
sed -i -e '/source:/d' bad/pack.yaml
rm bad/checks/*
cat >bad/checks/bad-one.sql <<'END'
-- check: bad-one
-- title: 坏 | bad
-- level: yellow
-- subject: person
-- key: subject, day
-- needs: bad
-- basis: 依据
-- message: {name} 电话 13912345678
SELECT r.person AS subject, r.name, strftime(CAST(:as_of AS DATE), '%Y') AS year,
       string_agg(r.name) AS names, CAST('1' AS DECIMAL) AS d
FROM bad r, residents q, nowhere n
JOIN (SELECT person AS p, name AS unread FROM deaths) x ON x.p = n.person
WHERE r.amount > :nothing
GROUP BY ALL
QUALIFY row_number() OVER () = 1
END
status=0
printf '## x\n\n[y](javascript:alert(1))\n' >bad/report.md
taizhang pack lint bad --csv >out || status=$?
[ $status -eq 1 ] || fails "lint of a bad pack ends with $status"
for rule in unknown-table,bad/checks/bad-one.sql unknown-parameter missing-column unused-column,bad/checks/bad-one.sql,12 \
    cross-join,bad/checks/bad-one.sql,11 dialect,bad/checks/bad-one.sql,9 order,bad/checks/bad-one.sql,10 parameter,bad/pack.yaml \
    personal,bad/checks/bad-one.sql,8 section fixture; do
    grep -q "^$rule" out || fails "lint says nothing of $rule: $(cat out)"
done
for word in strftime QUALIFY 'GROUP BY ALL' decimal; do
    grep -q "^dialect.*$word" out || fails "lint lets $word pass"
done

# ---- The catalogue ----
taizhang pack doc student-aid -o rules.html 2>/dev/null
for text in aid-paid-twice '同一学期同一项目重复领取资助' '19号' 'student_aid:2' 'GROUP BY a.person'; do
    grep -q "$text" rules.html || fails "the catalogue lacks $text"
done
cp rules.html again.html
taizhang pack doc student-aid -o rules.html 2>/dev/null
cmp -s rules.html again.html || fails 'the catalogue differs from run to run'

# ---- A county's own part of a shipped pack, parameters by year, cost ----
taizhang new county --county 140430 --pack population --pack student-aid >/dev/null
mkdir -p county/packs/student-aid/checks
printf -- '-- check: aid-two-stages\n-- off: 本县高中已免学费\n' >county/packs/student-aid/checks/aid-two-stages.sql
cat >county/packs/student-aid/checks/aid-large.sql <<'END'
-- check: aid-large
-- title: 单笔资助偏大 | A large payment
-- level: yellow
-- subject: person
-- key: subject, term
-- needs: student_aid
-- basis: 县教育局通知 | the county's notice
-- message: {name} 于 {term} 学期领取 {amount} 元 | {name} was paid {amount} in {term}
SELECT a.person AS subject, a.term, min(a.name) AS name, max(a.amount) AS amount, list(a._row) AS aid_rows
FROM student_aid a GROUP BY a.person, a.term HAVING max(a.amount) > 100000;
END
sed -i 's/^parameters: {}/parameters:\n  student-aid.refund_days: {by_year: {2019: 60}, why: 县教育局 2019 年第 3 号通知}/' county/county.yaml
! taizhang -C county check >/dev/null 2>&1 || fails 'rules ran that nobody accepted'
taizhang -C county config accept --why '本县规则' >out
grep -q 'parameter/student-aid.refund_days' out || fails "the override has no entry: $(cat out)"
taizhang -C county pack list --csv >out
grep -q aid-large out || fails 'the added check is not there'
! grep -q aid-two-stages out || fails 'the check that was taken out is there'
sed -i 's/refund_days/refund_dayz/' county/county.yaml
! taizhang -C county config accept --why x >/dev/null 2>out || fails 'an override of nothing was taken'
grep -q 'county.yaml' out || fails "no file and line: $(cat out)"
sed -i 's/refund_dayz: {by_year: {2019: 60}/refund_days: {by_year: {2019: many}/' county/county.yaml
! taizhang -C county config accept --why x >/dev/null 2>out || fails 'a value of another type was taken'
sed -i '/refund_days/d; s/^parameters:$/parameters: {}/' county/county.yaml
taizhang -C county config accept --why '通知废止' >out
grep -q 'parameter/student-aid.refund_days' out || fails 'the end of an override has no entry'
mkdir files
cp "$ROOT/packs/student-aid/tests/rosters/student_aid.csv" 'files/教育局_学生资助发放花名册_截至2020年7月31日.csv'
taizhang -C county run files >/dev/null 2>&1 || true
taizhang -C county pack explain aid-large aid-invalid-id --json >out
grep -q '"cpu_ms"' out && grep -q '"looked_at"' out || fails "explain tells no cost: $(cat out)"
taizhang -C county verify >/dev/null || fails 'verify'
