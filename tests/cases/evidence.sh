#!/bin/sh
# What a clerk does with a file before and after it is in: preview, mapping.yaml, memory of it, warnings,
# wrong totals, a diff of two batches, deliveries, the form.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
"$TAIZHANG" new county --county 140430 >/dev/null

fails() { echo "FAILED: $*"; exit 1; }
t() { "$TAIZHANG" -C county "$@"; }
has() { grep -q "$1" "$2" || fails "no '$1' in: $(cat "$2")"; }

# A number that may be somebody else's is asked about; nothing is taken.
cat >a.csv <<'END'
低保特困对象名册(截至2020年6月30日)
姓名,家属身份证号,户主身份证号,救助类别,享受起始年月,备注
张三,,14043019700101001X,农村低保,2019年3月,
李四,,14043019650505015X,农村低保,2019年4月,甲
END
t import a.csv >out && fails "taken without an answer" || [ $? = 3 ] || fails "status of a question"
has '拿不准' out
[ "$(t batch list --csv | wc -l)" = 1 ] || fails "a batch was made"
t import a.csv --dry-run -o mapping.yaml >out || fails "preview: $(cat out)"
has '待问' out
has '^register: low_income' mapping.yaml
has '"户主身份证号": id  # ?' mapping.yaml
sed -i 's/"家属身份证号": .*/"家属身份证号": ~/' mapping.yaml
t import a.csv --mapping mapping.yaml --json >out || fails "with its mapping: $(cat out)"
has '"accepted": 2' out

# The same header from the same unit is known the next time; what moved is said before and after.
cat >b.csv <<'END'
低保特困对象名册(截至2020年7月31日)
姓名,家属身份证号,户主身份证号,救助类别,享受起始年月
张三,,14043019700101001X,农村低保,2019年5月
王五,,14043020080303013X,农村低保,2019年4月
END
t import b.csv --dry-run --lang zh >out || fails "second preview: $(cat out)"
has '该单位上次已确认' out
t import b.csv >out || fails "second month: $(cat out)"
t batch diff 1 2 >out
grep -q 'added' out && grep -q 'removed' out || fails "diff: $(cat out)"
t batch diff 2 2 | grep -q '相同' || fails "a batch differs from itself"
t rebuild >/dev/null || fails rebuild

# A folder that holds a link to itself and a pipe ends.
mkdir folder && cp b.csv folder/ && ln -s . folder/again && mkfifo folder/pipe
t import folder --json >out || fails "a folder with a link: $(cat out)"
[ "$(grep -c '"file"' out)" = 1 ] || fails "a file more than once: $(cat out)"
rm -f county/evidence/low_income-*.parquet
t rebuild >out 2>&1 || fails "typed again with its mapping: $(cat out)"

# A total that is not the sum: said with its cell and both sums; the rows are taken.
cat >c.csv <<'END'
沁县财政局惠民补贴发放明细
单位:元
补贴项目,发放月份,受益人姓名,身份证号,发放金额,发放结果
农村低保,2019年12月,张三,14043019700101001X,300,成功
农村低保,2019年12月,李四,14043019650505015X,280,成功
合计,,,,600,
END
t import c.csv --errors marked.xlsx --json >out || fails "wrong total: $(cat out)"
has '"wrong_totals": 1' out
has '"cell": "E6"' out
has '600.*580\|表中 600,明细相加 580' out
[ -s marked.xlsx ] || fails "no workbook"
sed 's/,600,/,580,/' c.csv >d.csv
t import d.csv --json >out
has '"wrong_totals": 0' out

# An amount far from all others is marked with its cell, and taken.
{ printf '惠民补贴发放明细\n受益人姓名,身份证号,补贴项目,发放月份,发放金额,发放结果\n'; for i in 1 2 3 4 5 6 7 8 9 10 11; do printf '张%s,,农村低保,2019-12,30%s,成功\n' "$i" "$i"; done; printf '李四,,农村低保,2019-12,900000,成功\n'; } >far.csv
t import far.csv --from 财政局 --dry-run --json >out || fails "far: $(cat out)"
has '"cell": "E14"' out
has '的 100 倍' out
has '"quarantined": 0' out

# Months as columns become rows of their own, at their own cells.
cat >e.csv <<'END'
惠民补贴发放明细(2019年),,,,,
受益人姓名,身份证号,补贴项目,10月金额,11月金额,发放结果
张三,14043019700101001X,农村低保,300,310,成功
李四,14043019650505015X,农村低保,,280,成功
END
t import e.csv --from 财政局 --json >out || fails "months: $(cat out)"
has '"part": "2019-10"' out
has '"part": "2019-11"' out
[ "$(grep -c '"register": "subsidies"' out)" = 2 ] || fails "parts: $(cat out)"

# Less rows, an empty column: warned of before a row is in.
{ printf '低保特困对象名册(截至2020年8月31日)\n姓名,身份证号,救助类别,享受起始年月\n'; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do printf '赵%s,,农村低保,2019年4月\n' "$i"; done; } >f.csv
t import f.csv --dry-run >out
has '行数由 2 变为 15' out
has '身份证号' out

# Who owes what.
t deliveries --csv >out
has '惠民补贴\|subsidies' out
has '已报' out
has '未报' out
t --lang en deliveries --csv 2>/dev/null >out || t deliveries --lang en --csv >out
grep -q 'delivered' out && ! grep -q '已报' out || fails "one language: $(cat out)"

# The form is its register's, and its sample row is no row.
t template subsidies -o form.xlsx >/dev/null
"$TAIZHANG" -C county peek form.xlsx --json >out
has '"register": "subsidies"' out
[ "$(grep -c '"register": null' out)" = 2 ] || fails "other sheets of the form: $(cat out)"
t import form.xlsx --from 财政局 --as-of 2020-01-31 --dry-run --json >out || fails "an empty form: $(cat out)"
has '"accepted": 0' out
has '"quarantined": 0' out
t verify >/dev/null || fails "verify: $(t verify)"
echo ok
