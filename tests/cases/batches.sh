#!/bin/sh
# Batches over time: the same file again, a corrected file, a withdrawn batch, a slice, a term.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir files
"$TAIZHANG" new county --county 140430 >/dev/null

fails() { echo "FAILED: $*"; exit 1; }
t() { "$TAIZHANG" -C county "$@"; }
open_findings() { t findings --json | tr -d ' \n' | grep -o '"check":"[^"]*","level":"[^"]*"[^}]*"state":"\(raised\|persisting\)"' | grep -o '"check":"[^"]*"' | sort | uniq -c | sed 's/ *\([0-9]*\) "check":"\(.*\)"/\2=\1/' | tr '\n' ' '; }

residents() { # FILE TOWN ROWS…
    file=$1 town=$2; shift 2
    { printf '沁县%s人口底册(截至%s)\n乡镇,村,户号,姓名,与户主关系,性别,身份证号码,人员状态\n' "$town" "$date"; printf '%s\n' "$@"; } >"$file"
}
aid() { # FILE TERM ROWS…
    file=$1 term=$2; shift 2
    { printf '沁县教育局 %s受助学生花名册\n单位:元\n学期,学校,学段,学生姓名,身份证号码,资助项目,金额\n' "$term"; printf '%s\n' "$@"; } >"$file"
}

date=2019年12月31日
residents files/a.csv 定昌镇 '定昌镇,合庄村,1,张三,户主,男,140430197001010018,正常' '定昌镇,合庄村,1,张小明,之子,男,140430200803030139,正常'
residents files/b.csv 郭村镇 '郭村镇,端村,2,王五,户主,男,140430196505050150,正常'
aid files/s1.csv 2019年春季学期 '2019年春季学期,育才小学,小学,张小明,140430200803030139,寄宿生生活补助,500' '2019年春季学期,东风小学,小学,张小明,140430200803030139,寄宿生生活补助,500'
t run files -o r1.html >out
grep -q '退回 0 份' out || fails "first run: $(cat out)"
case " $(open_findings)" in *" aid-paid-twice=1 "*) ;; *) fails "no finding: $(open_findings)" ;; esac

# The same files again change nothing and say so; the report is the same byte for byte.
t run files -o r2.html >out
grep -q '没有新内容' out || fails "second run: $(cat out)"
cmp -s r1.html r2.html || fails "two reports differ"

# Last term stays when this one comes.
aid files/s2.csv 2019年秋季学期 '2019年秋季学期,育才小学,小学,张小明,140430200803030139,寄宿生生活补助,500'
t run files -o r.html >out
[ "$(t figure aid.persons_2019_spring --csv | tail -1 | cut -d, -f3)" = 1 ] || fails "the term before is gone: $(t figure aid.persons_2019_spring --csv)"

# A township's file replaces its own slice alone.
date=2020年6月30日
residents files/a2.csv 定昌镇 '定昌镇,合庄村,1,张三,户主,男,140430197001010018,正常' '定昌镇,合庄村,1,张小明,之子,男,140430200803030139,正常' '定昌镇,合庄村,1,张小红,之女,女,140430201003030144,正常'
t run files/a2.csv -o r.html >out
[ "$(t figure population.residents --csv | tail -1 | cut -d, -f3)" = 4 ] || fails "slice: $(t figure population.residents --csv)"

# A corrected file clears with its reason; the corrected batch withdrawn brings the finding back.
aid files/s1b.csv '2019年春季学期(更正)' '2019年春季学期,育才小学,小学,张小明,140430200803030139,寄宿生生活补助,500'
t import files/s1b.csv --json >imported
t check >/dev/null
case " $(open_findings)" in *" aid-paid-twice="*) fails "not cleared: $(open_findings)" ;; esac
t findings --check aid-paid-twice --json | grep -q '"cleared_why": "vanished"\|"cleared_why": "corrected"' || fails "reason: $(t findings --check aid-paid-twice --json)"
batch=$(grep -o '"batch": [0-9]*' imported | head -1 | grep -o '[0-9]*')
t withdraw "$batch" --why 试撤 >/dev/null
t check >/dev/null
case " $(open_findings)" in *" aid-paid-twice=1 "*) ;; *) fails "not back after withdrawal: $(open_findings)" ;; esac

# rebuild drops derived/ and gives the same answers; verify agrees with all of it.
t findings --json >before
t rebuild >/dev/null
t findings --json >after
cmp -s before after || fails "rebuild changed the findings"
t verify >/dev/null || fails "verify: $(t verify)"

# A past date is looked at without changing anything.
t check --as-of 2019-12-31 >/dev/null
t findings --json >after
cmp -s before after || fails "a past run changed state"
echo ok
