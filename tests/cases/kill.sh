#!/bin/sh
# kill -9 at random moments, a hundred times (LONG: two thousand): nothing that was acknowledged is lost, verify agrees
# each time, and a run that was killed ends later as one that never was.
#
#   1. `run`: several counties with one secret are copies of one; each is killed a few times, then run to its end.
#      Findings, issues, row accounts and the bytes of the evidence must be those of the county that was never killed.
#   2. A small county that lives on through all kills of issue writes, imports, checkpoints, erasures and backups.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export XDG_CONFIG_HOME="$dir/config"
program=$ROOT/build/taizhang
counties=4 kills=6 writes=165
[ -z "${TZ_TEST_LONG:-}" ] || { counties=30 kills=10 writes=2600; }
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "SEED=$seed"

fails() { echo "FAILED: $*"; exit 1; }
chance() { # below N, a number of the sequence that the seed fixes, in $drawn
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    drawn=$((seed / 65536 % $1))
}
killed=0
pace=100 # percent of the time that was measured: a machine gets faster and slower, so it follows what was hit
kill_within() { # MS COMMAND…: kills it at a random moment of so many; its exit status in $status, 137 when killed
    most=$(($1 * pace / 100 + 1))
    shift
    "$@" >out 2>&1 &
    pid=$!
    chance "$most"
    sleep "$((drawn / 1000)).$(printf %03d $((drawn % 1000)))"
    if kill -9 $pid 2>/dev/null; then
        killed=$((killed + 1)) pace=$((pace < 97 ? pace + 4 : 100))
    else
        pace=$((pace > 20 ? pace * 9 / 10 : pace))
    fi
    status=0
    wait $pid 2>/dev/null || status=$?
}
now_ms() { echo $(($(date +%s%N) / 1000000)); }

# ---- 1. Runs ----

cp -r "$ROOT/tests/fixtures/sent" files
"$program" new base --county 140430 --pack population --pack student-aid >/dev/null

state() { # COUNTY: all that must be the same
    "$program" -C "$1" findings --json
    "$program" -C "$1" issue list --json | grep -v '"at":'
    "$program" -C "$1" import files --json
    (cd "$1/evidence" && sha256sum -- *)
}

cp -r base never
start=$(now_ms)
"$program" -C never run files -o report.html >/dev/null
whole=$(($(now_ms) - start))
state never >never.state

county=1
while [ $county -le $counties ]; do
    cp -r base "c$county"
    kill=1
    while [ $kill -le $kills ]; do
        # Each run goes on where the last was killed, so the later ones are shorter.
        kill_within $((whole / kill + 1)) "$program" -C "c$county" run files -o report.html
        kill=$((kill + 1))
    done
    "$program" -C "c$county" verify >verified || fails "county $county does not verify after its kills: $(cat verified)"
    "$program" -C "c$county" run files -o report.html >/dev/null || fails "county $county: the last run"
    state "c$county" >"c$county.state"
    cmp -s never.state "c$county.state" || { diff never.state "c$county.state" | head -20; fails "county $county differs"; }
    "$program" -C "c$county" verify >verified || fails "county $county does not verify: $(cat verified)"
    county=$((county + 1))
done
[ $killed -ge $((counties * kills / 3)) ] || fails "only $killed runs were still running when killed"
runs=$killed

# ---- 2. Writes ----

"$program" restore "$ROOT/tests/fixtures/county-v1.zip" county >/dev/null
"$program" -C county --as wang config accept --why "the packs of today" >/dev/null
"$program" -C county --as wang rebuild >/dev/null
"$program" -C county --as wang checkpoint >/dev/null 2>&1
tz() { "$program" -C county --as wang "$@"; }

batch() { # FILE NUMBER
    printf '沁县民政局死亡人员名单(截至2020年3月31日)\n姓名,性别,公民身份号码,死亡时间,行政村,数据来源\n' >"$1"
    printf '测试%d,男,140430195001010017,2020-02-01,定昌镇北寺上村,火化\n' "$2" >>"$1"
}

# How long each takes when nobody kills it.
measure() { start=$(now_ms); tz "$@" >/dev/null 2>&1; took=$((($(now_ms) - start) * 2 + 2)); }
measure issue note 1 --note '说明 0' && of_note=$took
measure issue new --title '新问题 0' && of_new=$took
batch file-0.csv 0 && measure import file-0.csv --from 民政局 && of_import=$took
measure checkpoint && of_checkpoint=$took
measure backup backup-0.zip && of_backup=$took
measure erase issue 2 --order 令0 && of_erase=$took

: >notes && : >titles && : >imported && : >backups && : >orders
killed=0 n=1
while [ $n -le $writes ]; do
    chance 10
    case $drawn in
    0 | 1 | 2)
        kill_within "$of_note" "$program" -C county --as wang issue note 1 --note "说明 $n。"
        [ $status -ne 0 ] || echo "说明 $n。" >>notes
        ;;
    3 | 4)
        kill_within "$of_new" "$program" -C county --as wang issue new --title "新问题 $n。"
        [ $status -ne 0 ] || echo "新问题 $n。" >>titles
        ;;
    5 | 6)
        batch "file-$n.csv" $n
        kill_within "$of_import" "$program" -C county --as wang import "file-$n.csv" --from 民政局
        [ $status -ne 0 ] || echo "file-$n.csv" >>imported
        ;;
    7) kill_within "$of_checkpoint" "$program" -C county --as wang checkpoint ;;
    8)
        kill_within "$of_backup" "$program" -C county --as wang backup "backup-$n.zip"
        [ $status -ne 0 ] || echo "backup-$n.zip" >>backups
        ;;
    9)
        tz issue new --title "待删除 $n。" >/dev/null
        issue=$(tz issue list --json | sed -n 's/.*"issue": *\([0-9]*\).*/\1/p' | sort -n | tail -n 1)
        kill_within "$of_erase" "$program" -C county --as wang erase issue "$issue" --order "令 $n。"
        [ $status -ne 0 ] || echo "令 $n。" >>orders
        ;;
    esac
    case $status in 0 | 137) ;; *) cat out; fails "kill $n ends with $status" ;; esac
    "$program" -C county verify >verified || fails "write $n does not verify: $(cat verified)"
    n=$((n + 1))
done

all_in() { # FILE OF LINES, FILE: each line is there
    while read -r line; do grep -qF "$line" "$2" || fails "acknowledged and lost: $line"; done <"$1"
}
tz issue show 1 --json >now && all_in notes now
tz issue list --json >now && all_in titles now
tz erase list --json >now && all_in orders now
while read -r file; do
    tz import "$file" --from 民政局 --json | grep -q '"state": *"known"' || fails "acknowledged and lost: $file"
done <imported
while read -r file; do
    rm -rf back
    "$program" restore "$file" back >/dev/null || fails "an acknowledged backup does not come back: $file"
done <backups
tz backup backup-0.zip >/dev/null 2>&1 || true
"$program" -C county verify >verified || fails "the county does not verify: $(cat verified)"
[ $killed -ge $((writes / 3)) ] || fails "only $killed of $writes writes were still running when killed"
echo "ok: $runs kills of runs, $killed of writes; acknowledged: $(cat notes titles orders imported backups | wc -l)"
