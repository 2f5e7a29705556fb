#!/bin/sh
# What can't be taken is refused with exit status 3, one clear message, and nothing of it is in.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
"$TAIZHANG" new county --county 140430 >/dev/null
[ "$(stat -c %a county)" = 700 ] || { echo 'the county is open to others'; exit 1; }

fails() { echo "FAILED: $*"; exit 1; }

refused() { # NAME WORDS: `run` on files/NAME ends with 3 and says WORDS
    status=0
    "$TAIZHANG" -C county run "files/$1" -o r.html >out 2>err || status=$?
    [ "$status" -eq 3 ] || fails "$1: exit status $status, not 3: $(cat err)"
    grep -q "$2" err || fails "$1: no '$2' in: $(cat err)"
    [ "$(wc -l <err)" -le 2 ] || fails "$1: more than one message: $(cat err)"
    [ "$("$TAIZHANG" -C county import "files/$1" --json 2>/dev/null | grep -c '"batch"' || true)" -eq 0 ] || fails "$1: a batch was made"
    [ -z "$(ls county/evidence county/originals | grep -v : | grep -v '^[0-9a-f]\{64\}$' | tr -d '\n')" ] || fails "$1: a file was left"
}

mkdir files
printf '\211PNG\r\n\032\n0000' >files/picture.xlsx
: >files/empty.xlsx
printf 'PK\003\004truncated' >files/truncated.xlsx
printf '\200\000\001\002\377' >files/binary.csv
printf '甲,乙\n1,2\n' >files/nothing.csv
printf '\320\317\021\340\241\261\032\341old' >files/old.xls
refused picture.xlsx 图片
refused empty.xlsx 空
refused truncated.xlsx 损坏
refused binary.csv 不是表格文件
refused nothing.csv 名册
refused old.xls 损坏
refused missing.xlsx 没有这个文件
mkdir files/folder
refused folder 空

# A good file beside a bad one is in; the status says that one was refused.
printf '沁县人口底册(截至2019年12月31日)\n乡镇,村,户号,姓名,与户主关系,性别,身份证号码,人员状态\n定昌镇,合庄村,1,张三,户主,男,140430197001010018,正常\n' >files/good.csv
status=0
"$TAIZHANG" -C county run files -o r.html >out 2>err || status=$?
[ "$status" -eq 3 ] || fails "mixed folder: exit status $status"
grep -q '新表 1 张' out || fails "the good file is not in: $(cat out)"
"$TAIZHANG" -C county verify >/dev/null || fails "verify"

# Rules that nobody accepted: nothing is written under them until somebody does, with a reason.
printf '# quietly\n' >>county/county.yaml
status=0
"$TAIZHANG" -C county issue new --title x >out 2>err || status=$?
[ "$status" -eq 3 ] || fails "a county.yaml that was edited: exit status $status: $(cat err)"
grep -q 'config accept' err || fails "no advice: $(cat err)"
! "$TAIZHANG" -C county verify >out 2>&1 || fails 'verify does not name the edit'
"$TAIZHANG" -C county config accept --why 'a remark' >/dev/null
"$TAIZHANG" -C county issue new --title x >/dev/null || fails 'after it was accepted'

# Usage is 2, and says how.
status=0
"$TAIZHANG" -C county run >out 2>err || status=$?
[ "$status" -eq 2 ] || fails "usage: exit status $status"
status=0
"$TAIZHANG" -C nowhere run files >out 2>err || status=$?
[ "$status" -eq 3 ] || fails "no county: exit status $status"
grep -q 'taizhang new' err || fails "no advice: $(cat err)"
echo ok
