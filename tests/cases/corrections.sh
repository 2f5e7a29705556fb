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

# Of an archive every sheet is there, whatever its path is, with the dates of its own workbook's epoch.
mkdir -p in/x in/x/_rels in/x/xl/_rels in/x/xl/worksheets
cp a.csv "in/定昌镇/一份名字长过三十一个字符的人口底册/截至二〇一九年十二月三十一日的.csv" 2>/dev/null ||
    { mkdir -p "in/定昌镇/一份名字长过三十一个字符的人口底册" && sed 's/张三/赵六/' a.csv >"in/定昌镇/一份名字长过三十一个字符的人口底册/截至二〇一九年十二月三十一日的.csv"; }
(cd in/x
 echo '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>' >'[Content_Types].xml'
 rels='<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
 types=http://schemas.openxmlformats.org/officeDocument/2006/relationships
 echo "$rels<Relationship Id=\"r1\" Type=\"$types/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>" >_rels/.rels
 echo "$rels<Relationship Id=\"r1\" Type=\"$types/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"$types/styles\" Target=\"styles.xml\"/></Relationships>" >xl/_rels/workbook.xml.rels
 main='xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
 echo "<workbook $main xmlns:r=\"$types\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>" >xl/workbook.xml
 echo "<styleSheet $main><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>" >xl/styles.xml
 echo "<worksheet $main><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"><v>42247</v></c></row></sheetData></worksheet>" >xl/worksheets/sheet1.xml
 zip -q -r ../dates.xlsx . )
rm -r in/x
(cd in && zip -q -r ../all.zip .)
t import all.zip --errors all.xlsx --json >out || fails "an archive: $(cat out)"
rm -rf book && mkdir book && (cd book && unzip -q ../all.xlsx)
[ "$(ls book/xl/worksheets/*.xml | wc -l)" = 2 ] || fails "sheets of the archive: $(ls book/xl/worksheets)"
grep -q 赵六 book/xl/sharedStrings.xml || fails "the archive's rows are left out"
grep -q 2019-09-01 book/xl/sharedStrings.xml || fails "a date of 1904: $(cat book/xl/sharedStrings.xml)"
echo ok
