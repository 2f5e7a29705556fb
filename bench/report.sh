#!/bin/sh
# A report of some 200 pages with 2,000 figures: what writing it costs beside its queries, and the PDF beside what
# LibreOffice makes of the same DOCX and headless Chromium of the same page (where they are installed).
# CPU seconds, user and system, of all processes. FIGURES=2000 SCALE=0.3
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/measure.sh"
program=$root/build/taizhang
figures=${FIGURES:-2000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# cpu COMMAND…: CPU seconds of all processes of its session, as last seen (a browser's don't wait for each other),
# then those of the command's own process.
cpu() {
    : >"$dir/seen"
    setsid "$@" >/dev/null 2>&1 &
    pid=$!
    while kill -0 $pid 2>/dev/null; do
        cat /proc/[0-9]*/stat 2>/dev/null | sed 's/(.*)/x/' | awk -v s=$pid '$6 == s {print $1, $14 + $15}' >>"$dir/seen"
        sleep 0.05
    done
    awk -v hz="$(getconf CLK_TCK)" -v own=$pid '$2 > most[$1] {most[$1] = $2}
        END {for (p in most) sum += most[p]; printf "%.2f %.2f", sum / hz, most[own] / hz}' "$dir/seen"
}
say() { printf '%-44s %8s s\n' "$1" "$2"; }

"$program" demo files --scale "${SCALE:-0.3}" >/dev/null
"$program" new county --county 140430 --pack population >/dev/null
mkdir -p county/packs/bench
printf 'name: bench\ntitle: 测量 | bench\n' >county/packs/bench/pack.yaml
awk -v n="$figures" 'BEGIN { for (i = 0; i < n; i++)
    printf "-- figure: bench.f%d\n-- title: 第 %d 组人数 | Group %d\n-- definition: 人口底册中按行号分到第 %d 组的人,每人一行 | residents of group %d\n-- value: count(*)\n-- unit: 人\n-- of: residents\nSELECT r._row AS resident_row FROM residents r WHERE r._row %% %d = %d;\n\n", i, i, i, i, i, n, i }' >county/packs/bench/figures.sql
awk -v n="$figures" 'BEGIN { for (i = 0; i < n; i++) {
    if (i % 40 == 0) printf "## 第 %d 部分\n\n", i / 40 + 1
    printf "第 %d 组共有 {{bench.f%d}} 人,与台账核对一致。%s", i, i, i % 8 == 7 ? "\n\n" : "" } }' >county/packs/bench/report.md
sed -i 's|^  - population$|  - population\n  - bench|' county/county.yaml
"$program" -C county config accept --why measure >/dev/null
"$program" -C county run files/公安局* files/派出所* files/扶贫办_建档立卡* -o run.html >run.txt 2>&1 || [ $? = 3 ]

echo "$(nproc) processors, $figures figures"
# The queries run in a worker, writing in the process itself: what it takes more than for the list of figures alone.
all=$(cpu "$program" -C county figure)
own=${all#* }
say 'the queries alone (taizhang figure)' "${all% *}"
for form in pdf docx html md xlsx; do
    all=$(cpu "$program" -C county report -o "r.$form")
    writing=$(awk -v a="${all#* }" -v q="$own" 'BEGIN { printf "%.2f", (a > q ? a - q : 0) }')
    say "writing $form" "$writing"
    [ "$form" != pdf ] || pdf=$writing
done
command -v pdfinfo >/dev/null && say "pages of the PDF" "$(pdfinfo r.pdf | awk '/^Pages/ {print $2}')" | sed 's/ s$//'

beside() {
    say "$1" "$2"
    awk -v a="$2" -v b="$pdf" 'BEGIN { printf "%-44s %8.1f times our PDF\n", "", a / b }'
    result "PDF of a report of $figures figures, writing alone" "$pdf s" "${1%%:*} $2 s" "$(ratio "$pdf" "$2")" -
}
if command -v soffice >/dev/null; then
    HOME=$dir soffice --headless --convert-to txt:Text --outdir warm run.txt >/dev/null 2>&1 || true # its profile is made once
    beside 'LibreOffice: r.docx to PDF' "$(HOME=$dir cpu soffice --headless --convert-to pdf --outdir office r.docx | cut -d" " -f1)"
fi
if command -v chromium >/dev/null; then
    beside 'Chromium: r.html to PDF' "$(HOME=$dir cpu chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$dir/profile" \
        --print-to-pdf="$dir/chromium.pdf" "file://$dir/r.html" | cut -d" " -f1)"
fi
