#!/bin/sh
# The error workbook: sent back mended, it is the successor of the batch it came from.
set -eu
command -v zip >/dev/null && command -v unzip >/dev/null || { echo "zip or unzip is not here: left out"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
"$TAIZHANG" new county --county 140430 >/dev/null

fails() { echo "FAILED: $*"; exit 1; }
t() { "$TAIZHANG" -C county "$@"; }
residents() { t figure population.residents --csv | tail -1 | cut -d, -f3; }

cat >a.csv <<'END'
沁县定昌镇人口底册(截至2019年12月31日)
乡镇,村,户号,姓名,与户主关系,性别,身份证号码,人员状态
定昌镇,合庄村,1,张三,户主,男,140430197001010018,正常
定昌镇,合庄村,,李四,户主,男,140430196505050150,正常
END
t import a.csv --errors wrong.xlsx --json >out || fails "import: $(cat out)"
grep -q '"quarantined": 1' out || fails "no row is quarantined: $(cat out)"
[ "$(residents)" = 1 ] || fails "residents before: $(residents)"

# The clerk fills the red cell in; sed stands in for Excel.
mkdir book
(cd book && unzip -q ../wrong.xlsx && grep -q taizhang-corrects docProps/custom.xml &&
    sed 's#<c r="C4"[^/]*/>#<c r="C4" t="inlineStr"><is><t>7</t></is></c>#' xl/worksheets/sheet1.xml >mended &&
    mv mended xl/worksheets/sheet1.xml && zip -q -r ../mended.xlsx .)
t import mended.xlsx --json >out || fails "import of the mended workbook: $(cat out)"
grep -q '"corrects": 1' out || fails "not a correction: $(cat out)"
grep -q '"as_of": "2019-12-31"' out || fails "date not inherited: $(cat out)"
grep -q '"quarantined": 0' out || fails "still quarantined: $(cat out)"
t check >/dev/null
[ "$(residents)" = 2 ] || fails "residents after: $(residents)"
t verify >/dev/null || fails "verify: $(t verify)"
t import mended.xlsx --json | grep -q '"state": "known"' || fails "the same workbook again"
echo ok
