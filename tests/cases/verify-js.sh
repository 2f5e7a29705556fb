#!/bin/sh
# The verifier in JavaScript says of every proof what taizhang-verify says: vectors, whole and masked proofs,
# and proofs that were touched (tests/js/verify.js).
set -eu
command -v node >/dev/null || { echo 'there is no node'; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
program=$ROOT/build/taizhang
export XDG_CONFIG_HOME="$dir/config"

"$program" restore "$ROOT/tests/fixtures/county-v1.zip" "$dir/county" >/dev/null
"$program" -C "$dir/county" --as wang checkpoint >/dev/null 2>&1
"$program" -C "$dir/county" prove 1 -o "$dir/whole.json" >/dev/null
"$program" -C "$dir/county" prove 1 -o "$dir/masked.json" --masked >/dev/null
"$program" -C "$dir/county" checkpoint -o "$dir/kept.json" >/dev/null 2>&1
"$program" -C "$dir/county" --as wang config accept --why test >/dev/null
"$program" -C "$dir/county" --as wang issue note 1 --note x >/dev/null
"$program" -C "$dir/county" --as wang checkpoint >/dev/null 2>&1
"$program" -C "$dir/county" checkpoint -o "$dir/now.json" >/dev/null 2>&1
[ -z "${TZ_TEST_LONG:-}" ] || export TIMES=3000
node "$ROOT/tests/js/verify.js" "$ROOT/build/taizhang-verify" "$dir/whole.json" "$dir/masked.json" "$dir/kept.json" "$dir/now.json"

# The program itself, with the key that was published and with another.
key=$(node "$ROOT/web/verify.js" "$dir/whole.json" | sed -n 's/.*key  *\([0-9a-f]*\).*/\1/p')
node "$ROOT/web/verify.js" "$dir/whole.json" "$(echo "$key" | cut -c 1-16)" >/dev/null
status=0
node "$ROOT/web/verify.js" "$dir/whole.json" 0000000000000000 2>/dev/null || status=$?
[ "$status" = 1 ] || { echo "another key: $status"; exit 1; }
status=0
node "$ROOT/web/verify.js" "$ROOT/README.md" 2>/dev/null || status=$?
[ "$status" = 3 ] || { echo "no proof: $status"; exit 1; }
