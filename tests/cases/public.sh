#!/bin/sh
# Two processes: the office's, and one that serves the public from a folder and reaches nothing else. A complaint goes in at one, is
# an issue at the other, and its state comes back; county.yaml shuts both.
set -eu
command -v node >/dev/null || { echo 'there is no node'; exit 77; }
dir=$(mktemp -d)
office= public=
stop() {
    [ -z "$office" ] || kill "$office" 2>/dev/null || true
    [ -z "$public" ] || kill "$public" 2>/dev/null || true
    wait
    rm -rf "$dir"
}
trap stop EXIT
program=$ROOT/build/taizhang
export XDG_CONFIG_HOME="$dir/config"

# The address that a server says it serves on, once it does.
address_in() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        sed -n 's|.*\(http://[0-9.:]*\).*|\1|p' "$1" | grep . && return 0
        sleep 0.3
    done
    echo "it does not serve:" >&2
    cat "$1" >&2
    return 1
}

"$program" restore "$ROOT/tests/fixtures/county-v1.zip" "$dir/county" >/dev/null
"$program" -C "$dir/county" --as wang config accept --why test >/dev/null
"$program" -C "$dir/county" --as wang checkpoint --key "$dir/key.pem" >/dev/null 2>&1
"$program" -C "$dir/county" publish site "$dir/county/public" >/dev/null

"$program" serve --public "$dir/county/public" --listen 127.0.0.1:0 2>"$dir/public.log" & public=$!
status=0
at=$(address_in "$dir/public.log") || status=$?
if [ "$status" != 0 ]; then
    grep -q Landlock "$dir/public.log" && { echo 'the kernel has no Landlock'; exit 77; }
    exit 1
fi
receipt=$(node "$ROOT/tests/js/public.js" complain "$at")
[ "$(find "$dir/county/public/inbox" -type f | wc -l)" = 1 ]
if grep -rq "$receipt" "$dir/county"; then echo "the receipt is kept"; exit 1; fi

"$program" -C "$dir/county" --as wang serve --listen 127.0.0.1:0 2>"$dir/office.log" & office=$!
address_in "$dir/office.log" >/dev/null
node "$ROOT/tests/js/public.js" follow "$at" "$receipt"
[ "$(find "$dir/county/public/inbox" -type f | wc -l)" = 0 ]
"$program" -C "$dir/county" issue list --json | grep -q '群众反映'
if grep -q '孟村长' "$dir/county/ledger.db" "$dir/county/ledger.db-wal" "$dir/county/public/site/"* 2>/dev/null; then
    echo 'what was written stands where it must not'
    exit 1
fi
kill "$office"
wait "$office" || true

echo 'public: off' >> "$dir/county/county.yaml"
"$program" -C "$dir/county" --as wang config accept --why 'nothing is public' >/dev/null
"$program" -C "$dir/county" --as wang serve --listen 127.0.0.1:0 2>"$dir/office.log" & office=$!
node "$ROOT/tests/js/public.js" shut "$(address_in "$dir/office.log")"
"$program" -C "$dir/county" verify --quick >/dev/null
