#!/bin/sh
# A report in its five forms: the same bytes twice; what other programs think of them, where they are installed.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
release=$ROOT/build/taizhang

fail() { echo "$*"; exit 1; }

# Two of the packs and their departments' files; a sheet of another pack is refused (exit status 3).
"$release" demo files --scale 0.05 >/dev/null
"$release" new county --county 140430 --pack population --pack housing >/dev/null
"$release" -C county run files/住建局* files/扶贫办_建档立卡* files/派出所* -o run.html >run.txt 2>&1 || [ $? = 3 ]

# The program with sanitizers and the release write the same.
for form in html pdf docx xlsx md; do
    "$TAIZHANG" -C county report -o "a.$form" >/dev/null
    "$release" -C county report -o "b.$form" >/dev/null
    [ "$form" != html ] || sed -i 's/b\.xlsx/a.xlsx/g' b.html # the workbook beside it bears its name
    cmp "a.$form" "b.$form" || fail "$form differs"
done
[ -s a.xlsx ] || fail 'no workbook beside the page'

# A code on paper leads back to its figure, at the entry that it was printed at.
code=$(sed -n 's/^\[^[0-9]*\]:.*`population.residents`.*编码 `\([^`]*\)`.*/\1/p' a.md)
[ -n "$code" ] || fail 'no code in the Markdown'
"$release" -C county why "$code" >why.txt
grep -q '^figure: population.residents$' why.txt || fail 'the code leads elsewhere'
grep -q '^  digest: [0-9a-f]\{64\}$' why.txt || fail 'no digests'
first=$(printf %.1s "$code")
"$release" -C county why "Z${code#"$first"}" 2>/dev/null && fail 'a slip was not seen'

# What other programs think of it.
if command -v qpdf >/dev/null; then
    qpdf --check a.pdf >qpdf.txt 2>&1 || { cat qpdf.txt; fail 'qpdf finds fault'; }
    ! grep -qi warning qpdf.txt || { cat qpdf.txt; fail 'qpdf warns'; }
fi
if command -v pdftotext >/dev/null; then
    pdftotext a.pdf text.txt
    grep -q '农村住房安全' text.txt || fail 'the text of the PDF cannot be extracted'
    grep -q "$code" text.txt || fail 'the PDF has no codes'
fi
if command -v xmllint >/dev/null && command -v unzip >/dev/null; then
    mkdir docx && (cd docx && unzip -q ../a.docx && find . -name '*.xml' -exec xmllint --noout {} +) || fail 'a part is not well-formed'
fi
if [ -n "${LONG:-}" ] && command -v soffice >/dev/null; then
    HOME=$work soffice --headless --convert-to pdf --outdir office a.docx >office.txt 2>&1
    [ -s office/a.pdf ] || { cat office.txt; fail 'LibreOffice does not convert the DOCX'; }
fi
