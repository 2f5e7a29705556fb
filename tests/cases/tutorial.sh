#!/bin/sh
# docs/tutorial/add-a-pack.md, followed step by step: a block whose fence names a file is that file, the `sh` blocks
# are run in their order, and what they must have led to is checked here.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
PATH=$(dirname "$TAIZHANG"):$PATH
export PATH

fails() { echo "FAILED: $*"; exit 1; }

awk '
    /^```/ && inside { inside = 0; close(file); file = ""; next }
    /^```/ { inside = 1; file = ""
             if ($1 == "```sh") file = sprintf("step-%02d", ++step)
             else if (NF == 2) { file = $2; folder = file; sub("/[^/]*$", "", folder); system("mkdir -p " folder) }
             next }
    inside && file != "" { print > file }
' "$ROOT/docs/tutorial/add-a-pack.md"

[ -e heating/pack.yaml ] && [ -e heating/tests/winter/expect.txt ] || fails 'the page no longer holds the files of the pack'
for step in step-*; do
    sh -e "$step" >"$step.out" 2>&1 || { cat "$step.out"; fails "$step: $(cat "$step")"; }
done
cat step-*.out

# The words of the page: two findings, two issues, a section of the report, an exact place for a mistake.
taizhang -C county findings --check heating-after-death --csv >findings
[ "$(wc -l <findings)" -eq 3 ] || fails "not two findings: $(cat findings)"
[ "$(taizhang -C county issue list --csv | wc -l)" -eq 3 ] || fails 'not two issues'
grep -q '清洁取暖补贴' report.html || fails 'the report lacks its section'
taizhang -C county verify >/dev/null || fails 'verify'
sed -i 's/type: money, req/type: mony, req/' heating/pack.yaml
line=$(grep -n 'type: mony' heating/pack.yaml | cut -d: -f1)
! taizhang pack test heating >out 2>&1 || fails 'a wrong type was taken'
grep -q "pack.yaml.*$line" out || fails "no file and line: $(cat out)"
