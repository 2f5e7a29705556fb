#!/bin/sh
# The pages of docs/tutorial, followed step by step: a block whose fence names a file is that file, the `sh` blocks
# are run in their order (`sh no`: its answer is no, exit status 1), and what they must have led to is checked here.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
PATH=$(dirname "$TAIZHANG"):$PATH
export PATH

fails() { echo "FAILED: $*"; exit 1; }

# follow PAGE: does what it says in a new folder, and stays there.
follow() {
    mkdir "$dir/$1"
    cd "$dir/$1"
    awk '
        /^```/ && inside { inside = 0; if (file != "") close(file); next }
        /^```/ { inside = 1; file = ""
                 if ($1 == "```sh") file = sprintf("step-%02d.%s", ++step, $2 == "no" ? "no" : "yes")
                 else if (NF == 2) { file = $2; folder = file; if (sub("/[^/]*$", "", folder)) system("mkdir -p " folder) }
                 next }
        inside && file != "" { print > file }
    ' "$ROOT/docs/tutorial/$1.md"
    for step in step-*; do
        [ -e "$step" ] || fails "$1 has no step"
        status=0
        sh -ex "$step" || status=$?
        case $step,$status in
        *.yes,0 | *.no,1) ;;
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
