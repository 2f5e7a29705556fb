#!/bin/sh
# Erasure by order: the values of one person go from the ledger, the evidence and the files; verify agrees and says so;
# proofs still hold; a backup from before, restored, is made to forget again; a value that goes without an order is named.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export XDG_CONFIG_HOME="$dir/config"
program=$ROOT/build/taizhang
order='测试令〔2020〕1号'

fails() { echo "FAILED: $*"; exit 1; }
ends_with() { # STATUS COMMAND…
    wanted=$1 status=0
    shift
    "$@" >out 2>&1 || status=$?
    [ "$status" = "$wanted" ] || { cat out; fails "exit status $status, not $wanted: $*"; }
}
tz() { "$program" -C county --as wang "$@"; }

"$program" restore "$ROOT/tests/fixtures/county-v1.zip" county >/dev/null
tz config accept --why "the packs of today" >/dev/null
tz config accept --why 升级 >/dev/null # its packs are of their time
tz rebuild >/dev/null
tz checkpoint >before.note 2>/dev/null
tz prove 1 -o whole.json >/dev/null
name=$(sed -n 's/.*"value":"\\"\([^ ]*\) 应于.*/\1/p' whole.json | head -n 1)
person=$(sed -n 's/.*\\"subject\\":\\"\(P[0-9]*\)\\".*/\1/p' whole.json | head -n 1)
[ -n "$name" ] && [ -n "$person" ] || fails 'no name or person in the proof'
grep -q "$name" county/ledger.db || fails 'the name is not in the ledger'
receipt=$(grep -rl '^收据$' county/originals)
tz backup before.zip >/dev/null

# On trial nothing happens.
entries=$(tz verify --json | tr , '\n' | grep entries)
(cd county && find evidence originals -type f | sort) >files
ends_with 0 tz erase person "$person" --order "$order" --dry-run
grep -q "$order" out || fails 'the trial does not list what would go'
[ "$entries" = "$(tz verify --json | tr , '\n' | grep entries)" ] || fails 'the trial wrote something'
(cd county && find evidence originals -type f | sort) | cmp -s - files || fails 'the trial left files'

ends_with 2 tz erase person "$person"
ends_with 3 tz erase person P999999 --order "$order"
ends_with 0 tz erase person "$person" --order "$order"
grep -q 'original' out || fails 'no file went'
! grep -rq "$name" county || fails "the name is still in $(grep -rl "$name" county)"
[ ! -e "$receipt" ] || fails 'the receipt is still there'
ends_with 0 tz verify
grep -q '依令删除' out || fails "verify does not say so: $(cat out)"
ends_with 0 tz checkpoint --check before.note
ends_with 0 tz erase list
grep -q "$order" out || fails 'the order is not on record'

# What is left is proven still, and the county lives on.
tz checkpoint >/dev/null 2>&1
tz prove 1 -o after.json >/dev/null
ends_with 0 "$ROOT/build/taizhang-verify" after.json
! grep -q "$name" after.json || fails 'the proof tells the name'
"$ROOT/build/taizhang-verify" after.json | grep -q ' 0 kept closed' && fails 'the proof keeps nothing closed'
ends_with 0 tz issue note 1 --note '又一条说明'
ends_with 0 tz verify
ends_with 0 tz rebuild
ends_with 0 tz verify
tz backup after.zip >/dev/null
ends_with 0 "$program" restore after.zip restored
! grep -rq "$name" restored || fails 'the new backup holds the name'

# The old backup knows the name; the list makes it forget.
tz erase list --json >list.json
ends_with 0 "$program" restore before.zip old
grep -q "$name" old/ledger.db || fails 'the old backup does not hold the name'
ends_with 0 "$program" -C old --as wang erase again list.json
! grep -rq "$name" old || fails "again: the name is still in $(grep -rl "$name" old)"
ends_with 0 "$program" -C old verify
ends_with 0 "$program" -C old --as wang erase again list.json
