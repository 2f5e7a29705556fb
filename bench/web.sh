#!/bin/sh
# The office's pages at 64 connections beside libmicrohttpd alone, which sends the same bytes (bench/web.c), and beside
# Fossil, which lists as many tickets: all in one run, so that its ratios hold on any machine. ISSUES=1000000 is how large
# the ledger is, RATE=8 for how many seconds a rate is taken, LOAD=300 how long memory is watched (HOUR=1: an hour).
# Needs wrk, curl and fossil (Debian). The county is made once and kept in build/bench.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/measure.sh"
for tool in wrk curl fossil; do
    command -v $tool >/dev/null || { echo "web.sh: $tool is not installed; nothing was measured"; exit 0; }
done
dir=$(mktemp -d)
pids=
trap 'for pid in $pids; do kill $pid 2>/dev/null || true; done; rm -rf "$dir"' EXIT
(cd "$root" && make -s all benches)
export HOME="$dir" USER=bench
issues=${ISSUES:-1000000} seconds=${RATE:-8} load=${LOAD:-300}
[ -z "${HOUR:-}" ] || load=3600
password=nine-Stones-in-a-River
ours=18430 bare=18431 theirs=18432

# ---- A county and a repository, each with as many ----

county=$root/build/bench/web-$issues
if [ ! -e "$county.made" ]; then
    rm -rf "$county"
    "$root/build/bench/journal" make "$county" "$issues" 1
    touch "$county.made"
fi
cp -r "$county" "$dir/county" # the kept one stays as it was made
"$root/build/bench/journal" login "$dir/county" second $password
repository=$dir/tickets.fossil
fossil new "$repository" >/dev/null
fossil sql -R "$repository" >/dev/null <<END
WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < $issues)
INSERT INTO ticket(tkt_id, tkt_uuid, tkt_mtime, tkt_ctime, type, status, subsystem, priority, severity, title, comment)
SELECT i, lower(hex(randomblob(20))), julianday('2020-01-01') + i / 100000.0, julianday('2020-01-01'), 'Incident', 'Open', '教育局',
       'Immediate', 'Important', '某某' || i || ' 于 2019-1 学期由两所学校重复领取国家助学金,多领 750.00 元',
       '已电话联系学校和家长,约定下周一前把多领的部分退回财政专户' FROM n;
INSERT INTO reportfmt(rn, owner, title, mtime, cols, sqlcode) VALUES(50, 'bench', 'newest', julianday('now'), '',
  'SELECT substr(tkt_uuid,1,10) AS ''#'', datetime(tkt_mtime) AS ''mtime'', type, status, subsystem, title FROM ticket
   WHERE status=''Open'' ORDER BY tkt_id DESC LIMIT 50');
END
fossil user capabilities nobody rjo -R "$repository" >/dev/null
ticket=$(fossil sql -R "$repository" "SELECT tkt_uuid FROM ticket WHERE tkt_id = $issues / 2" | tr -d "'")

# ---- Servers ----

wait_for() { # PORT
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        curl -s -o "$dir/ignored" "http://127.0.0.1:$1/" && return
        sleep 0.3
    done
    echo "nothing answers on port $1"
    exit 1
}
"$root/build/taizhang" -C "$dir/county" serve --listen 127.0.0.1:$ours >"$dir/log" 2>&1 &
server=$!
pids=$server
fossil server --port $theirs "$repository" >/dev/null 2>&1 &
pids="$pids $!"
wait_for $ours
wait_for $theirs
curl -s -o "$dir/ignored" -c "$dir/jar" -d "user=second&password=$password" "http://127.0.0.1:$ours/login"
token=$(awk '$6 == "tz" { print $7 }' "$dir/jar")
[ -n "$token" ] || { echo 'nobody could log in'; exit 1; }

# ---- Rates ----

# What the watched process has used; Fossil is a process a request, so nothing is said of it.
ticks() { if [ "$watched" = none ]; then echo 0; else awk '{ print $14 + $15 }' "/proc/$watched/stat"; fi; }

# measure NAME ADDRESS [wrk's options]: a line; its rate stays in $rate.
measure() {
    name=$1 address=$2
    shift 2
    before=$(ticks)
    wrk -t1 -c64 -d"${seconds}s" --latency -H "Cookie: tz=$token" "$@" "$address" >"$dir/wrk"
    after=$(ticks)
    rate=$(awk '/Requests\/sec/ { print $2 }' "$dir/wrk")
    awk -v name="$name" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
        function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
        $1 == "50%" { p50 = ms($2) } $1 == "99%" { p99 = ms($2) } /Requests\/sec/ { rate = $2 } /requests in/ { cpu = ticks == 0 ? "" : sprintf("%7.1f us of the processor", ticks / hz * 1e6 / $1) }
        /Non-2xx/ { bad = "  BAD " $0 }
        END { printf "  %-44s %9.0f /s   p50 %7.2f ms   p99 %8.2f ms   p99/p50 %5.1f %s%s\n", name, rate, p50, p99, p99 / p50, cpu, bad }' "$dir/wrk"
}
rates() { awk -v a="$1" -v b="$2" -v what="$3" 'BEGIN { printf "  ratio %.2f  %s\n", a / b, what }'; }

page() { # NAME PATH FOSSIL-PATH
    curl -s -i -b "$dir/jar" "http://127.0.0.1:$ours$2" >"$dir/answer"
    "$root/build/bench/web" bare $bare "$dir/answer" &
    alone=$!
    pids="$pids $alone"
    wait_for $bare
    echo "$1: $(wc -c <"$dir/answer") bytes"
    watched=$alone
    measure 'libmicrohttpd alone, the same bytes' "http://127.0.0.1:$bare/"
    of_bare=$rate
    watched=$server
    measure taizhang "http://127.0.0.1:$ours$2"
    of_ours=$rate
    kill $alone
    printf 'local n = 0\nrequest = function() n = n + 1; return wrk.format(nil, wrk.path .. "?n=" .. n) end\n' >"$dir/new.lua"
    measure 'taizhang, every address for the first time' "http://127.0.0.1:$ours$2" -s "$dir/new.lua"
    of_new=$rate
    watched=none
    measure Fossil "http://127.0.0.1:$theirs$3"
    rates "$of_ours" "$of_bare" 'to libmicrohttpd alone'
    rates "$of_ours" "$rate" 'to Fossil'
    rates "$of_new" "$rate" 'to Fossil, every address for the first time'
    # Rates turned over: the time of a page by its peer's.
    result "$1 of $issues, 64 connections" "$of_ours /s" "libmicrohttpd alone $of_bare /s" "$(ratio "$of_bare" "$of_ours")" -
    result "$1 of $issues, 64 connections" "$of_ours /s" "Fossil $rate /s" "$(ratio "$rate" "$of_ours")" -
}

rss() { awk '/VmRSS/ { printf "%.1f", $2 / 1024 }' /proc/$server/status; }

echo "$(nproc) processors, shared by the clients; $issues issues and as many tickets; load of the machine $(cut -d ' ' -f 1 /proc/loadavg)"
page 'the ledger, 50 rows' /issues '/rptview?rn=50'
page 'an issue' "/issues/$((issues / 2))" "/tktview/$ticket"

# ---- Slow clients, memory ----

watched=$server
measure 'before slow clients' "http://127.0.0.1:$ours/issues"
of_quiet=$rate
"$root/build/bench/web" slow $ours 500 &
slow=$!
pids="$pids $slow"
sleep 2
measure 'beside 500 slow clients' "http://127.0.0.1:$ours/issues"
rates "$rate" "$of_quiet" 'beside 500 slow clients to without'
kill $slow

tenth=$((load / 10)) memory=$(rss)
for part in 1 2 3 4 5 6 7 8 9 10; do
    wrk -t1 -c64 -d"${tenth}s" -H "Cookie: tz=$token" "http://127.0.0.1:$ours/issues" >"$dir/wrk"
    wrk -t1 -c8 -d1s -H "Cookie: tz=$token" -s "$dir/new.lua" "http://127.0.0.1:$ours/issues/$part" >"$dir/wrk"
    memory="$memory $(rss)"
done
echo "  memory in MiB before, and after each tenth of $load s of load (64 of it are kept pages): $memory"
