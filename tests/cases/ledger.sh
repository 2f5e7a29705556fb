#!/bin/sh
# The ledger from the command line: exit statuses, what a refused list says, a dry run that writes nothing, clues that
# pass between two counties by their counts, a calendar that is wrong.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export XDG_CONFIG_HOME="$dir/config"

fails() { echo "FAILED: $*"; exit 1; }
ends_with() { # STATUS COMMAND…
    wanted=$1 status=0
    shift
    "$@" >out 2>&1 || status=$?
    [ "$status" = "$wanted" ] || { cat out; fails "exit status $status, not $wanted: $*"; }
}
says() { grep -q -e "$1" out || { cat out; fails "it does not say: $1"; }; }
tz() { "$TAIZHANG" -C county "$@"; }

"$TAIZHANG" new county --county 140430 --pack rectification >/dev/null

# A list: what can't be read is told with its cell, the rest is taken; on trial nothing is.
printf '问题,责任单位,整改时限\n账目不清,教育局,6月底前\n未公示,教育局,尽快\n' >list.csv
ends_with 3 tz issue import list.csv --dry-run
[ "$(tz issue list --csv | wc -l)" -eq 1 ] || fails 'the trial wrote something'
ends_with 3 tz issue import list.csv
says '尽快\|时限读不懂'
[ "$(tz issue list --csv | wc -l)" -eq 2 ] || fails 'the good row was not taken'
ends_with 3 tz issue import list.csv --json --dry-run
printf '姓名,金额\n张三,1\n' >other.csv
ends_with 3 tz issue import other.csv
says '没有找到问题清单的表头'
ends_with 2 tz issue import list.csv --ledger none
ends_with 2 tz issue frobnicate 1
says 'look-back'
ends_with 1 tz issue close 1
says '尚未申请销号'
ends_with 1 tz issue draw --kind look-back
ends_with 2 tz issue draw --kind raffle
ends_with 3 tz issue assign 1 --handler nobody
ends_with 0 tz issue set 1 --field measure=清理
ends_with 2 tz issue set 1 --field colour=red
says 'measure'

# Clues: counts pass, signed, and nothing else does.
"$TAIZHANG" new clues --county 140430 --pack clues >/dev/null
[ "$(stat -c %a clues)" = 700 ] || fails 'the clue county is open to others'
"$TAIZHANG" -C clues issue new --title '某某受贿' >/dev/null
ends_with 0 "$TAIZHANG" -C clues issue set 1 --field type=优亲厚友
ends_with 0 "$TAIZHANG" -C clues clues count -o counts.txt --key key.pem
key=$(grep -o '04[0-9a-f]\{128\}' out)
! grep -q 某某 counts.txt || fails 'a clue left its county'
ends_with 2 tz clues take counts.txt
ends_with 0 tz clues take counts.txt --signer "$key"
says '优亲厚友'
sed 's/\t1$/\t9/' counts.txt >bent.txt
ends_with 1 tz clues take bent.txt
ends_with 1 tz clues count -o counts.txt --key key.pem
ends_with 3 "$TAIZHANG" new both --county 140430 --pack clues --pack population

# A calendar with a mistake is told by its line, and is not used.
printf '2027-01-04\t2027-01-04\twork\t调休\t某通知\n' >>county/calendar.tsv
ends_with 3 tz calendar
says 'calendar.tsv.*122'

ends_with 0 "$TAIZHANG" help issue
says 'look-back'
