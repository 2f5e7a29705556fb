#!/bin/sh
# A disk that fails under the whole program (tests/fault/preload.c): an import, a note on an issue, a checkpoint, an erasure,
# a backup and a report, each with another call that fails. The program says so and ends with 4, or was done before; then, on a disk
# that works, verify agrees, what was acknowledged is there, and the same command goes through. Then a disk that nobody can
# write: everything can be read.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export XDG_CONFIG_HOME="$dir/config"
program=$ROOT/build/taizhang
every=41 # of the calls that may fail, one of so many
[ -z "${TZ_TEST_LONG:-}" ] || every=1

fails() { echo "FAILED: $*"; exit 1; }
# shellcheck disable=SC2086
${CC:-gcc} -shared -fPIC -O1 -o preload.so "$ROOT/tests/fault/preload.c" -ldl 2>built || { head -n 20 built; fails 'the library does not compile'; }

"$program" restore "$ROOT/tests/fixtures/county-v1.zip" base >/dev/null
"$program" -C base --as wang config accept --why "the packs of today" >/dev/null
"$program" -C base --as wang rebuild >/dev/null
"$program" -C base --as wang checkpoint >/dev/null 2>&1
cat >new.csv <<'END'
沁县民政局死亡人员名单(截至2020年3月31日)
姓名,性别,公民身份号码,死亡时间,行政村,数据来源
测试甲,男,140430195001010017,2020-02-01,定昌镇北寺上村,火化
测试乙,女,140430194802020026,2020-03-01,定昌镇北寺上村,火化
END

do_import() { "$program" -C county --as wang import new.csv --from 民政局; }
do_note() { "$program" -C county --as wang issue note 1 --note "说明 $n"; }
do_checkpoint() { "$program" -C county --as wang checkpoint; }
do_erase() { "$program" -C county --as wang erase issue 1 --order 令1; }
do_backup() { "$program" -C county --as wang backup backup.zip; }
do_report() { "$program" -C county report -o backup.xlsx; }

# What an acknowledged command leaves.
left_import() { "$program" -C county import new.csv --from 民政局 --json | grep -q '"state": *"known"'; }
left_note() { "$program" -C county issue show 1 --json | grep -q "说明 $n"; }
left_checkpoint() { "$program" -C county checkpoint -o x.json >/dev/null; }
left_erase() { "$program" -C county erase list | grep -q 令1; }
left_report() { [ -s backup.xlsx ]; }
left_backup() { rm -rf back && "$program" restore backup.zip back >/dev/null; }

tried=0 failed=0
for what in import note checkpoint erase backup report; do
    for kind in sync full short gone; do
        [ $what != report ] || [ $kind = full ] || continue # it writes nothing but its file
        n=1
        while :; do
            rm -rf county backup.* log
            cp -r base county
            status=0
            TZ_FAULT=$kind:$n TZ_FAULT_UNDER=$dir/ TZ_FAULT_LOG=$dir/log LD_PRELOAD=$dir/preload.so "do_$what" >out 2>&1 || status=$?
            tried=$((tried + 1))
            case $status in
            0) ;;
            4) failed=$((failed + 1)) ;;
            *) cat out; fails "$what, $kind at call $n ($(cat log 2>/dev/null)): exit status $status" ;;
            esac
            "$program" -C county verify >verified || { cat verified out; fails "$what, $kind at call $n ($(cat log)): does not verify"; }
            [ $kind = gone ] || [ -z "$(find . -maxdepth 1 -name 'backup*.tmp-*')" ] || fails "$what, $kind at call $n ($(cat log)): half a file is left"
            [ $status -ne 0 ] || "left_$what" || { cat out; fails "$what, $kind at call $n: acknowledged and not there"; }
            if [ $status -ne 0 ]; then
                rm -f backup.*
                "do_$what" >out 2>&1 || { cat out; fails "$what, $kind at call $n: does not go through afterwards"; }
                "$program" -C county verify >verified || { cat verified; fails "$what, $kind at call $n: afterwards"; }
            fi
            [ -e log ] || break # no such call any more
            n=$((n + every))
        done
    done
done
[ $failed -gt 10 ] || fails "only $failed of $tried failed"
echo "ok: $tried runs on a failing disk, $failed of them failed and said so"

# Read-only.
rm -rf county
cp -r base county
read_only() { TZ_FAULT=ro TZ_FAULT_UNDER=$dir/county LD_PRELOAD=$dir/preload.so "$program" -C county "$@"; }
for command in 'verify' 'issue list' 'issue show 1' 'findings' 'prove 1 -o proof.json' 'backup read-only.zip'; do
    # shellcheck disable=SC2086
    read_only $command >out 2>&1 || { cat out; fails "read-only: $command"; }
done
status=0
read_only --as wang issue note 1 --note x >out 2>&1 || status=$?
[ $status = 4 ] || { cat out; fails "a write to a read-only disk ends with $status"; }
"$program" -C county verify >/dev/null || fails 'read-only: verify'
