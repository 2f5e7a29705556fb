#!/bin/sh
# Workbooks: reading all cells, beside what inflating and a bare pass of expat cost, SheetJS, and the native readers
# that are installed (readxl in R, Gnumeric's ssconvert, xlsx2csv). Ratios are against ours.
#
# ROWS=100000 of 20 columns by default, made up; BIG=1000000 for the run that measures memory. Seconds are of the
# processor, the best of three where a run is short. SheetJS comes from the npm registry into a temporary folder.
set -eu
cd "$(dirname "$0")/.."
. bench/measure.sh
rows=${ROWS:-100000}
big=${BIG:-1000000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s benches
file=$dir/register.xlsx
peer=
build/bench/sheets "$rows" "$file"

machine
echo "$rows rows x 20 columns, $(du -k "$file" | cut -f 1) KiB"
head_line
ours=$(best build/bench/bare rows "$file")
line 'formats/book.h, all cells' "$ours" "$ours"
line 'bare: libzip and expat, no handlers' "$(best build/bench/bare parts "$file")" "$ours"
if (cd "$dir" && npm install --silent --no-audit --no-fund xlsx@0.18.5 >/dev/null 2>&1); then
    peer=$(node bench/sheetjs.cjs "$dir" "$file")
    line 'SheetJS 0.18.5' "$peer" "$ours"
fi
if Rscript -e 'library(readxl)' >/dev/null 2>&1; then
    line 'readxl, all of R' "$(build/bench/bare run Rscript -e "invisible(readxl::read_xlsx('$file'))")" "$ours"
fi
! command -v ssconvert >/dev/null || line 'Gnumeric ssconvert' "$(build/bench/bare run ssconvert "$file" "$dir/out.csv")" "$ours"
! command -v xlsx2csv >/dev/null || line 'xlsx2csv' "$(build/bench/bare run xlsx2csv "$file" "$dir/out.csv")" "$ours"

build/bench/sheets "$big" "$file"
echo "$big rows x 20 columns, $(du -m "$file" | cut -f 1) MiB"
large=$(build/bench/bare rows "$file")
line 'formats/book.h, all cells' "$large"
result "all cells of a workbook of $rows rows by 20" "${ours%% *} s" "${peer:+SheetJS }${peer%% *}${peer:+ s}" "$(ratio "$ours" "$peer")" "$(growth "$rows" "$ours" "$big" "$large")"
