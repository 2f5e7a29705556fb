#!/bin/sh
# A report in its five forms: the same bytes twice; what other programs think of them, where they are installed.
# By the release program: the writers run under sanitizers in tests/unit/writers.c.
set -eu
program=$ROOT/build/taizhang
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$program" demo files --scale 0.05 >/dev/null
"$program" new county --county 140430 >/dev/null
"$program" -C county run files -o run.html >/dev/null

fail() { echo "$*"; exit 1; }

for form in html pdf docx xlsx md; do
    "$program" -C county report -o "a.$form" >/dev/null
    "$program" -C county report -o "b.$form" >/dev/null
    [ "$form" != html ] || sed -i 's/b\.xlsx/a.xlsx/g' b.html # the workbook beside it bears its name
    cmp "a.$form" "b.$form" || fail "$form differs"
done
[ -s a.xlsx ] || fail 'no workbook beside the page'

# A code on paper leads back to its figure, at the entry that it was printed at.
code=$(sed -n 's/^\[^[0-9]*\]:.*`population.residents`.*编码 `\([^`]*\)`.*/\1/p' a.md)
[ -n "$code" ] || fail 'no code in the Markdown'
"$program" -C county why "$code" >why.txt
grep -q '^figure: population.residents$' why.txt || fail 'the code leads elsewhere'
grep -q '^  digest: [0-9a-f]\{64\}$' why.txt || fail 'no digests'
first=$(printf %.1s "$code")
"$program" -C county why "Z${code#"$first"}" 2>/dev/null && fail 'a slip was not seen'

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
