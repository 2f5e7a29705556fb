#!/bin/sh
# The pages of docs/tutorial, followed step by step: a block whose fence names a file is that file, the `sh` blocks
# are run in their order (`sh no`: its answer is no, exit status 1; `sh build`: compiles what the page changed), and what
# they must have led to is checked here.
set -eu
dir=$(mktemp -d)
trap 'if [ -n "${server:-}" ]; then kill "$server"; wait "$server" || true; fi; rm -rf "$dir"' EXIT
PATH=$ROOT/build:$PATH # the release: a newcomer does not wait for sanitizers
export PATH

fails() { echo "FAILED: $*"; exit 1; }

# build: what has changed since the copy was made, the two tables, and not all that includes the two lists to which a line was added.
build() {
    touch src/cli/commands.c src/web/routes.c
    make -s -o src/cli/commands.h -o src/web/routes.inc build/taizhang >made 2>&1 || { cat made; return 1; }
}

# follow PAGE [FILE…]: does what it says in a new folder, or in a copy of these files of the sources, and stays there.
follow() {
    mkdir "$dir/$1"
    (cd "$ROOT" && page=$1 && shift && for file in "$@"; do cp -a --parents "$file" "$dir/$page"; done)
    cd "$dir/$1"
    awk '
        /^```/ && inside { inside = 0; if (file != "") close(file); next }
        /^```/ { inside = 1; file = ""
                 if ($1 == "```sh") file = sprintf("step-%02d.%s", ++step, $2 == "" ? "yes" : $2)
                 else if (NF == 2) { file = $2; folder = file; if (sub("/[^/]*$", "", folder)) system("mkdir -p " folder) }
                 next }
        inside && file != "" { print > file }
    ' "$ROOT/docs/tutorial/$1.md"
    for step in step-*; do
        [ -e "$step" ] || fails "$1 has no step"
        status=0
        case $step in *.build) build || status=$? ;; *) sh -ex "$step" || status=$? ;; esac
        case $step,$status in
        *.yes,0 | *.build,0 | *.no,1) ;;
        *) fails "$1, $step: exit status $status of: $(cat "$step")" ;;
        esac
    done
}

follow first-day
[ -s 报告.html ] || fails 'the first day has no report'
[ -s 待更正.xlsx ] || fails 'the first day has no workbook of errors'

follow ledger
[ "$(taizhang -C 沁县 issue list --csv | wc -l)" -eq 6 ] || fails 'not five issues'
taizhang -C 沁县 issue show 1 --json | grep -q '"published"' || fails 'issue 1 is not published'
taizhang -C 沁县 issue letters --issued --csv | grep -q 告诫函 || fails 'no warning letter'

follow accounts
[ "$(taizhang -C 沁县 user list --json | grep -c '"password_ms": [0-9]')" -eq 3 ] || fails 'not three passwords'
taizhang -C 沁县 verify >/dev/null || fails 'verify after passwords'

follow add-a-pack
taizhang -C county findings --check heating-after-death --csv >findings
[ "$(wc -l <findings)" -eq 3 ] || fails "not two findings: $(cat findings)"
[ "$(taizhang -C county issue list --csv | wc -l)" -eq 3 ] || fails 'not two issues'
grep -q '清洁取暖补贴' report.html || fails 'the report lacks its section'
taizhang -C county verify >/dev/null || fails 'verify'

# A mistake is told with file and line.
sed -i 's/type: money, req/type: mony, req/' heating/pack.yaml
line=$(grep -n 'type: mony' heating/pack.yaml | cut -d: -f1)
! taizhang pack test heating >out 2>&1 || fails 'a wrong type was taken'
grep -q "pack.yaml.*$line" out || fails "no file and line: $(cat out)"

# Two packs by the page's steps alone: one with a statistic, one that combines what others found.
follow reckon-and-combine
taizhang -C county findings --check coal-watch-both --json >findings
[ "$(grep -c '"state": "cleared"' findings)" -eq 1 ] || fails "the combination did not go with what it rested on: $(cat findings)"
taizhang -C county exception --csv | grep -q stands || fails 'there is no exception'
grep -q 'coal-far-out' rules.html || fails 'the catalogue lacks a rule'

# A column, a check and a figure in a pack that ships.
follow change-a-pack packs
[ "$(taizhang -C county findings --check aid-paid-early --csv | wc -l)" -eq 2 ] || fails 'not one payment that was early'
grep -q '写明发放日期的' report.html || fails 'the report lacks the new sentence'
taizhang -C county figure aid.dated --csv | grep -q ',2,' || fails 'the figure counts other rows'

# A command, a page and a text, in a copy of the sources with the objects of the release.
follow change-the-program Makefile ARCHITECTURE.md src web tools data packs tests/unit/access.txt build/npm build/tools build/taizhang \
    build/obj/release/src build/obj/release/flags build/obj/release/schema.inc build/obj/release/pages.inc build/obj/release/parts.inc \
    build/obj/release/assets.inc
build/taizhang -C county entries | grep -q '^存证日志 [0-9]* 条$' || fails 'the command counts nothing'
build/taizhang help entries | grep -q '只数,不核对' || fails 'the text is not there'
if command -v curl >/dev/null; then
    printf 'demo: true\n' >>county/county.yaml
    build/taizhang -C county config accept --why demo >/dev/null
    build/taizhang -C county user demo >/dev/null
    build/taizhang -C county serve --listen 127.0.0.1:0 >served 2>&1 &
    server=$!
    for _ in $(seq 300); do
        office=$(grep -oE 'http://[0-9.:]+' served || true)
        [ -z "$office" ] || break
        sleep 0.1
    done
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$office/entries")" = 303 ] || fails 'the page asks for no login'
    curl -s -c jar -o /dev/null -d 'user=leader&password=demo-taizhang' "$office/login"
    curl -s -b jar "$office/entries?lang=en" | tr '\n' ' ' | grep -q 'The journal has <b>[0-9]*</b> entries.*One for each change' || fails 'the page says something else'
    curl -s -b jar "$office/entries.json" | grep -q '"entries":' || fails 'the page has no data'
fi
