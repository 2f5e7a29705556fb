#!/bin/sh
# A city keeps a county's checkpoints. The county that goes on is taken; the county that rewrites itself, with the
# same key and a history that agrees with itself, is refused, and what it signed stays on record.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export XDG_CONFIG_HOME="$dir/config"
program=$ROOT/build/taizhang

fails() { echo "FAILED: $*"; exit 1; }
ends_with() { # STATUS COMMAND…
    wanted=$1 status=0
    shift
    "$@" >out 2>&1 || status=$?
    [ "$status" = "$wanted" ] || { cat out; fails "exit status $status, not $wanted: $*"; }
}
county() { "$program" -C "$1" issue new --title "$2" >/dev/null; }
checkpoint() { # COUNTY FILE [OPTION…]
    of=$1 file=$2
    shift 2
    "$program" -C "$of" checkpoint >/dev/null 2>fingerprint
    "$program" -C "$of" checkpoint -o "$file" "$@" >/dev/null
}

"$program" new county --county 140430 --pack population >/dev/null
"$program" new city --county 140400 --name 长治市 --pack population >/dev/null
county county first
checkpoint county one.json
key=$(sed 's/.*\([0-9a-f]\{64\}\).*/\1/' fingerprint)

ends_with 3 "$program" -C city witness take one.json        # not known yet
ends_with 2 "$program" -C city witness add 沁县 one.json     # no fingerprint
ends_with 1 "$program" -C city witness add 沁县 one.json --key 0000000000000000
ends_with 0 "$program" -C city witness add 沁县 one.json --key "$(echo "$key" | cut -c 1-16)"
ends_with 0 "$program" -C city witness take one.json        # kept already
cp -r county rewritten

i=0
while [ $i -lt 5 ]; do county county "more $i"; i=$((i + 1)); done
checkpoint county two.json
ends_with 0 "$program" -C city witness take two.json
ends_with 3 "$program" -C city witness take one.json        # older
county county again
checkpoint county three.json
ends_with 0 "$program" -C city witness take three.json

# A file without the proof that is needed, and with it.
i=0
while [ $i -lt 13 ]; do county county "much later $i"; "$program" -C county checkpoint >/dev/null 2>&1; i=$((i + 1)); done
checkpoint county late.json
ends_with 3 "$program" -C city witness take late.json
grep -q -e '--since' out || fails "no advice: $(cat out)"
since=$(sed -n 's/.*--since \([0-9]*\).*/\1/p' out)
checkpoint county late.json --since "$since"
ends_with 0 "$program" -C city witness take late.json
"$program" -C city witness show 沁县 >kept.note
ends_with 0 "$program" -C county checkpoint --check kept.note

# The county as it was on the first day lives another life: longer, signed, and at peace with itself.
i=0
while [ $i -lt 26 ]; do county rewritten "other $i"; i=$((i + 1)); done
ends_with 0 "$program" -C rewritten verify
ends_with 1 "$program" -C rewritten checkpoint --check kept.note
size=$(sed -n 2p kept.note)
checkpoint rewritten forked.json --since "$size"
ends_with 1 "$program" -C city witness take forked.json
grep -q '分叉' out || fails "does not say that it forks: $(cat out)"
"$program" -C city witness list --json | grep -q '"state": *"refused"' || fails 'the refusal is not on record'
"$program" -C city witness show 沁县 >still.note
cmp -s kept.note still.note || fails 'the kept note was changed'
ends_with 0 "$program" -C city verify

# Paper: the line on the notice does what the note does; a letter misread is not taken for it.
"$program" -C county checkpoint --paper page.txt >/dev/null
"$program" -C county checkpoint --paper page.svg >/dev/null
grep '^taizhang/140430/' page.txt >line
[ "$(wc -l <line)" = 1 ] || fails 'the notice has not one line'
grep -q '█▄' page.txt || fails 'the notice has no QR code'
grep -q '</svg>' page.svg || fails 'the page is no picture'
ends_with 0 "$program" -C county checkpoint --check line
ends_with 1 "$program" -C rewritten checkpoint --check line
sed 's/[0-9] /7 /; s/= /= A/' line >misread
ends_with 1 "$program" -C county checkpoint --check misread

# The true one goes on and is taken, the refusal stays; another key needs its fingerprint.
county county last
checkpoint county last.json
ends_with 0 "$program" -C city witness take last.json
"$program" -C city witness list --json | grep -q '"state": *"refused"' || fails 'the refusal was forgotten'
county county 'a new key'
"$program" -C county checkpoint --key other.pem >/dev/null 2>fingerprint
"$program" -C county checkpoint -o other.json >/dev/null
ends_with 1 "$program" -C city witness take other.json
ends_with 0 "$program" -C city witness add 沁县 other.json --key "$(sed 's/.*\([0-9a-f]\{64\}\).*/\1/' fingerprint)"
county county 'the same key by its URI'
ends_with 0 "$program" -C county checkpoint --key "file:$dir/other.pem"
"$program" -C county checkpoint -o other.json >/dev/null
ends_with 0 "$program" -C city witness take other.json
ends_with 3 "$program" -C county checkpoint --key pkcs11:token=none
ends_with 0 "$program" -C city verify
ends_with 0 "$program" -C county verify
