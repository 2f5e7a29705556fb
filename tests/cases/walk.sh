#!/bin/sh
# ARCHITECTURE.md's walks: each function stands in the file that is named beside it, and the row is walked with the program,
# from the file to the printed figure and the closed issue.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export XDG_CONFIG_HOME="$dir/config"

fails() { echo "FAILED: $*"; exit 1; }

# ---- The names ----

sed -n '/^## Walk: one row/,/^## Where to find/p' "$ROOT/ARCHITECTURE.md" >walks
awk -F'`' '/^\| `[a-z_]+` \| `src\//{print $2, $4}' walks >named
[ "$(wc -l <named)" -ge 60 ] && [ "$(wc -l <named)" = "$(grep -c '^| `' walks)" ] || fails 'the tables of the walks are not read as they are written'
while read -r name file; do
    grep -qE "^[a-z].*[ *]$name\(" "$ROOT/$file" || fails "$file has no function $name"
done <named
grep -oE '`(web|src)/[a-z_/]+\.[a-z]+`' walks | tr -d '`' | sort -u | while read -r file; do
    [ -e "$ROOT/$file" ] || fails "the walk names $file, which is not there"
done

# ---- The row ----

release=$ROOT/build/taizhang
tz() { "$release" -C county "$@"; }
by() { "$release" -C county --as "$@" >out 2>&1 || { cat out; fails "$*"; }; }

"$release" new county --county 140430 --pack population --pack student-aid >/dev/null
for user in 'zhang 张静 教育局 clerk' 'li 李强 县委巡察办 inspector'; do
    # shellcheck disable=SC2086
    set -- $user
    tz user add "$1" --name "$2" --unit "$3" --roles "$4" >/dev/null
done
mkdir sheets refunds
cat >sheets/教育局_受助学生花名册_2018年秋季学期.csv <<'END'
2018年秋季学期受助学生花名册,,,,,,,,
学期,就读学校,学段,学生姓名,性别,身份证号,是否住宿生,资助项目,资助金额
2018年秋季学期,定昌镇中心校,小学,李思远,男,140430200703010051,是,寄宿生补助,500
2018年秋季学期,沁县实验学校,小学,李思远,男,140430200703010051,是,寄宿生补助,500
END
cat >refunds/教育局_资助资金退款登记_截至2019年3月1日.csv <<'END'
学生姓名,身份证号,原资助学期,资助项目,退款金额,退款日期,缴款凭证号
李思远,140430200703010051,2018年秋季学期,寄宿生补助,500,2019-02-20,JK2003
END

# In, whose, found.
tz run sheets -o report.html >out || { cat out; fails 'the sheet is not taken'; }
[ -n "$(find county/evidence -name 'student_aid-*.parquet')" ] || fails 'no Parquet file of the batch'
[ -e county/derived/people-1.parquet ] || fails 'no links'
tz findings --check aid-paid-twice --csv | grep -q ',P1,raised,' || fails "no finding: $(tz findings)"
tz issue list --csv | grep -q '教育局.*finding 1' || fails "no issue: $(tz issue list)"

# Printed, and back to the cell.
code=$(tz why aid.amount | sed -n 's/^code: //p')
grep -q 'aid\.amount' report.html || fails 'the report does not print the figure'
tz why "$code" >why || fails "the code $code leads nowhere"
grep -q '^value: 0\.1' why || fails "the figure is another: $(head why)"
grep -q '^row_count: 2' why && grep -q 'file: 教育局_受助学生花名册' why && grep -q '^  row: 3' why || fails "no way back to the row: $(cat why)"

# Closed: the refund comes, and a second person signs.
tz run refunds -o report.html >out || { cat out; fails 'the refund is not taken'; }
tz why F1 >why
grep -q '^state: cleared' why && grep -q 'remedied' why || fails "the refund remedies nothing: $(cat why)"
echo receipt >receipt.pdf
by li issue assign 1 --to 教育局 --handler zhang
by zhang issue start 1
by zhang issue attach 1 --file receipt.pdf --kind receipt
by zhang issue submit 1 --note 已追回
! tz --as zhang issue close 1 >out 2>&1 || fails 'who made it good closed it'
by li issue check 1
by li issue close 1
tz issue show 1 --json | grep -q '"state": "closed"' || fails 'the issue is not closed'
tz verify >/dev/null || fails 'verify'
