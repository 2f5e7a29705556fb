#!/bin/sh
# kill -9 at random moments of `run`: a later run ends as one that was never killed.
#
# Several counties with one secret are copies of one; each is killed a few times, then run to its
# end.  Findings, issues, row accounts and the bytes of the evidence must be those of the county
# that was never killed, and verify must agree.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
program=$ROOT/build/taizhang
counties=4 kills=5
[ -z "${TZ_TEST_LONG:-}" ] || { counties=25 kills=8; }
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "SEED=$seed"

fails() { echo "FAILED: $*"; exit 1; }
next() { # the next number of a sequence that the seed fixes, 0 .. 999
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    echo $((seed / 65536 % 1000))
}

"$program" demo files --seed 7 --scale 0.01 >/dev/null
"$program" new base --county 140430 >/dev/null

state() { # COUNTY: all that must be the same
    "$program" -C "$1" findings --json
    "$program" -C "$1" issue list --json | grep -v '"at":'
    "$program" -C "$1" import files --json
    (cd "$1/evidence" && sha256sum -- *)
}

cp -r base never
start=$(date +%s%N)
"$program" -C never run files -o report.html >/dev/null
whole=$((($(date +%s%N) - start) / 1000000))
state never >never.state

killed=0
county=1
while [ $county -le $counties ]; do
    cp -r base "c$county"
    kill=1
    while [ $kill -le $kills ]; do
        "$program" -C "c$county" run files -o report.html >/dev/null 2>&1 &
        pid=$!
        # Each run goes on where the last was killed, so the later ones are shorter.
        wait_ms=$((whole * $(next) / 1000 / kill))
        sleep "$((wait_ms / 1000)).$(printf %03d $((wait_ms % 1000)))"
        if kill -9 $pid 2>/dev/null; then killed=$((killed + 1)); fi
        wait $pid 2>/dev/null || true
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
echo "ok: $killed kills, $whole ms a run"
