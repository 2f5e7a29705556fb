#!/bin/sh
# Delimited text: reading all cells, and the import with all checks, beside DuckDB's read_csv with the same casts.
#
# ROWS=1000000 of 20 columns by default, made up. Seconds are of the processor, the best of three for reading.
set -eu
cd "$(dirname "$0")/.."
. bench/measure.sh
rows=${ROWS:-1000000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s benches
build/bench/sheets "$rows" "$dir/register.csv"

columns="{'a':'BIGINT','b':'VARCHAR','c':'VARCHAR','d':'VARCHAR','e':'DATE','f':'VARCHAR','g':'VARCHAR','h':'VARCHAR','i':'DATE','j':'DATE',\
'k':'DECIMAL(18,2)','l':'DECIMAL(18,2)','m':'BIGINT','n':'DECIMAL(10,1)','o':'BIGINT','p':'VARCHAR','q':'VARCHAR','r':'VARCHAR','s':'VARCHAR','t':'VARCHAR'}"
read_csv="read_csv('$dir/register.csv', header=true, columns=$columns)"

program=$PWD/build/taizhang
"$program" new "$dir/county" --county 140430 --pack population >/dev/null
mkdir -p "$dir/county/packs"
cp -r bench/register "$dir/county/packs/"
sed -i 's/^packs:/packs:\n  - register/' "$dir/county/county.yaml"
"$program" -C "$dir/county" config accept --why measuring >/dev/null
import="$program -C $dir/county import $dir/register.csv --register people_on_aid --as-of 2019-12-31"

machine
echo "$rows rows x 20 columns, $(du -m "$dir/register.csv" | cut -f 1) MiB of text"
head_line
line 'bytes, counting lines' "$(best build/bench/bare text "$dir/register.csv")"
line 'all cells, formats/book.h' "$(best build/bench/bare rows "$dir/register.csv")"
# shellcheck disable=SC2086
base=$(build/bench/duck "COPY (SELECT * FROM $read_csv) TO '$dir/duck.parquet'")
line 'DuckDB: read_csv into a table' "$(build/bench/duck "CREATE TABLE t AS SELECT * FROM $read_csv")" "$base"
line 'DuckDB: read_csv to Parquet' "$base" "$base"
line 'import --dry-run, all checks' "$(build/bench/bare run $import --dry-run)" "$base"
ours=$(build/bench/bare run $import)
line 'import, all checks, to Parquet' "$ours" "$base"
result "import of $rows rows by 20 of text, all checks of cells, to Parquet" "${ours%% *} s" "DuckDB read_csv ${base%% *} s" "$(ratio "$ours" "$base")" -
