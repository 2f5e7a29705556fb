#!/bin/sh
# seed.sh CORPORA FOLDER - seeds for the targets from the public files: their bytes as they are, at most 60 KB each.
set -u
for pair in csv:csv csv:encoding html:encoding yaml:yaml book:xlsx book:csv/csv-spectrum; do
    target=${pair%%:*}
    mkdir -p "$2/$target"
    find "$1/${pair#*:}" -type f -size -60k | while read -r file; do
        cp "$file" "$2/$target/$(echo "${file#"$1"/}" | tr '/ ' '--')"
    done
done

# The XML of small workbooks, where something unpacks them.
command -v unzip >/dev/null || exit 0
mkdir -p "$2/xlsx"
find "$1/xlsx" -name '*.xlsx' -size -20k | while read -r file; do
    for part in worksheets/sheet1.xml sharedStrings.xml styles.xml; do
        unzip -p "$file" "xl/$part" 2>/dev/null | head -c 30000
        printf '\n====\n'
    done >"$2/xlsx/$(echo "${file#"$1"/}" | tr '/ ' '--')"
done
