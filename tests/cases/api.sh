#!/bin/sh
# The examples of docs/api.md against a served county, a list followed to its end, and openapi.json's names against what
# the handlers ask for. Needs curl.
set -eu
command -v curl >/dev/null || { echo 'curl is not installed'; exit 77; }

# ---- Names ----

work=$(mktemp -d)
trap 'if [ -n "${server:-}" ]; then kill "$server"; wait "$server" || true; fi; rm -rf "$work"' EXIT
cd "$work"
export HOME="$work" LC_ALL=C.UTF-8

sed -n '/TAKES\[\]/,/^};/p' "$ROOT/src/web/api.c" | grep -oE '"(GET|POST)", "[^"]*", "[^"]*"' | cut -d'"' -f6 | tr ' ' '\n' | sort -u >told
cat "$ROOT"/src/web/*.c | grep -v '^    {"\(GET\|POST\)"' | grep -oE '"[a-z_]+"' | tr -d '"' | sort -u >words
comm -23 told words >lies
[ ! -s lies ] || { echo "openapi.json tells of parameters that nothing asks for: $(tr '\n' ' ' <lies)"; exit 1; }

# ---- A county, served ----

release=$ROOT/build/taizhang
"$release" demo files --scale 0.01 >/dev/null
"$release" new county --county 140430 --pack population --pack housing >/dev/null
printf 'demo: true\n' >>county/county.yaml
"$release" -C county config accept --why demo >/dev/null
"$release" -C county run files/住建局* files/扶贫办_建档立卡* files/派出所* >run.txt 2>&1 || [ $? = 3 ] || { cat run.txt; exit 1; }
"$release" -C county user demo >/dev/null
"$release" -C county serve --listen 127.0.0.1:0 >served 2>&1 &
server=$!
for _ in $(seq 300); do
    OFFICE=$(grep -oE 'http://[0-9.:]+' served || true)
    [ -z "$OFFICE" ] || break
    sleep 0.1
done
[ -n "$OFFICE" ] || { echo 'the server does not begin'; exit 1; }

# The token as a person makes it.
curl -s -c jar -o /dev/null -d 'user=inspector&password=demo-taizhang' "$OFFICE/login"
csrf=$(curl -s -b jar "$OFFICE/account" | grep -o 'name="csrf" value="[0-9a-f]*"' | head -n 1 | grep -oE '[0-9a-f]{64}')
TOKEN=$(curl -s -b jar -d "csrf=$csrf&name=test&scopes=read,write&days=3" "$OFFICE/account/tokens" | grep -oE '<pre>[0-9a-f]{64}' | cut -c 6-)
[ -n "$TOKEN" ] || { echo 'no token'; exit 1; }
TAG=$(curl -s -D - -o /dev/null -H "Authorization: Bearer $TOKEN" "$OFFICE/api/v1/registers" | grep -i '^ETag:' | tr -d '\r' | cut -d' ' -f2)
printf '姓名,身份证号\n' >sheet.csv
export OFFICE TOKEN TAG

# ---- The page's examples ----

grep '^curl ' "$ROOT/docs/api.md" >examples
[ "$(wc -l <examples)" -ge 7 ]
i=0
while read -r line; do
    i=$((i + 1))
    sh -c "$line" >"answer-$i" || { echo "fails: $line"; exit 1; }
done <examples
says() { # NUMBER TEXT
    grep -q "$2" "answer-$1" || { echo "example $1 does not say $2:"; sed -n "$1p" examples; head -c 600 "answer-$1"; exit 1; }
}
says 1 '"register": "residents"'
says 2 '"groups"'
says 3 'residents'
says 4 '^304$'
says 5 '"see": "/api/v1/jobs/[0-9]'
says 6 '"see": "/api/v1/tray'
says 7 '"status":404'

# ---- What openapi.json says that a list's lines have, they have ----

sed -n '/LISTS\[\]/,/^};/p' "$ROOT/src/web/api.c" | grep -oE '"/[^"]*", "[^"]*", "[^"]*"' | tr -d '",' >lists
[ "$(wc -l <lists)" -ge 6 ]
seen=0
while read -r path lines names; do
    curl -s -H "Authorization: Bearer $TOKEN" "$OFFICE/api/v1$path?limit=1" >page
    grep -q "^ \"$lines\": \[" page || { echo "$path has no $lines"; exit 1; }
    grep -q "^ \"$lines\": \[\]" page && continue
    seen=$((seen + 1))
    for name in $names; do
        grep -q "^   \"$name\": " page || { echo "a line of $path has no $name"; exit 1; }
    done
done <lists
[ $seen -ge 5 ] || { echo "only $seen lists had lines"; exit 1; }

# ---- A list to its end ----

next=/api/v1/findings?limit=3
pages=0
: >seen
while [ -n "$next" ] && [ $pages -lt 500 ]; do
    curl -s -H "Authorization: Bearer $TOKEN" "$OFFICE$next" >page
    grep -oE '^   "finding": [0-9]+' page >>seen || true
    next=$(grep -oE '^ "next": "[^"]*"' page | cut -d'"' -f4 || true)
    pages=$((pages + 1))
done
all=$("$release" -C county findings --csv | grep -c ,raised, || true)
[ $pages -gt 2 ] && [ "$(wc -l <seen)" = "$(sort -u seen | wc -l)" ] && [ "$(wc -l <seen)" -ge "$all" ] || {
    echo "$pages pages told of $(sort -u seen | wc -l) findings, there are $all"
    exit 1
}
