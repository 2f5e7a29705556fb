#!/bin/sh
# Several processes on one directory: writers wait for each other or say who holds it, readers read, a backup is taken while
# they write; nothing is lost, and the backup is one moment that verifies by itself. What is derived is made again below readers.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
program=$ROOT/build/taizhang
writers=6 notes=4

fails() { echo "FAILED: $*"; exit 1; }
"$program" restore "$ROOT/tests/fixtures/county-v1.zip" county >/dev/null
"$program" -C county --as wang config accept --why 'the packs of today' >/dev/null

write() { # WRITER: its notes; a busy county is tried again
    n=1
    while [ $n -le $notes ]; do
        status=0
        "$program" -C county --as wang issue note 1 --note "第 $1 人第 $n 条。" >"out-$1" 2>&1 || status=$?
        case $status in
        0) n=$((n + 1)) ;;
        4) grep -q '进程号' "out-$1" || return 1 ;; # it says who holds it
        *) return 1 ;;
        esac
    done
}
pids=
w=1
while [ $w -le $writers ]; do
    write $w &
    pids="$pids $!"
    w=$((w + 1))
done
"$program" -C county backup while.zip >/dev/null || fails 'no backup while others write'
"$program" -C county issue list >/dev/null || fails 'no reading while others write'
"$program" -C county verify >verified || fails "verify while others write: $(cat verified)"
for pid in $pids; do wait "$pid" || { cat out-*; fails 'a writer failed'; }; done

"$program" -C county issue show 1 --json >shown
[ "$(grep -o '第 [0-9] 人第 [0-9] 条。' shown | sort -u | wc -l)" = $((writers * notes)) ] || fails 'a note is lost'
"$program" -C county verify >verified || fails "$(cat verified)"
"$program" restore while.zip back >/dev/null || fails 'the backup does not come back'
"$program" -C back verify >verified || fails "the backup: $(cat verified)"
size=$(wc -c <while.zip)
for at in 100 $((size / 3)) $((size / 2)) $((size - 100)); do # a backup that was touched
    cp while.zip touched.zip
    printf 'touched' | dd of=touched.zip bs=1 seek=$at conv=notrunc 2>/dev/null
    ! "$program" restore touched.zip touched >out 2>&1 || fails "a backup that was touched at byte $at comes back"
    [ ! -e touched ] || fails 'it got its name'
done
[ "$(stat -c %a back)$(stat -c %a while.zip)" = 700600 ] || fails 'a backup is open to others'
mkdir back.tmp-0123456789ab # what a restoring left that was killed
rm -rf back
"$program" restore while.zip back >/dev/null || fails 'the backup does not come back again'
[ ! -e back.tmp-0123456789ab ] || fails 'what a killed restoring left is still there'

# ---- Reading while what is derived is made again ----

"$program" -C county rebuild >/dev/null
(for _ in 1 2 3 4 5 6; do "$program" -C county --as wang rebuild >/dev/null || echo failed; done >rebuilt 2>&1) & rebuilding=$!
n=1
while kill -0 $rebuilding 2>/dev/null || [ $n -le 3 ]; do
    "$program" -C county report -o "report-$n.md" >out 2>&1 || { cat out; fails 'a report while what is derived is made again'; }
    n=$((n + 1))
done
[ ! -s rebuilt ] || { cat rebuilt; fails 'it cannot be made again while others read'; }
