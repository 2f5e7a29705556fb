#!/bin/sh
# What a header offers, another file takes: a function or table of src/ that no other object file refers to is either
# static or dead. Read from the object files, so that what a macro or a generated file calls counts as well; those of sources
# that are gone may lie there still and are left out.
set -eu
cd "$ROOT"
unused=$(find src tests tools -name '*.c' | sed 's|^|build/obj/debug/|; s|c$|o|' | while read -r object; do
    [ ! -e "$object" ] || echo "$object"
done | xargs nm -A -g | awk '
    $NF ~ /^__/ { next }
    $(NF - 1) == "U" { is_used[$NF] = 1; next }
    $(NF - 1) ~ /^[TDBRC]$/ && $1 ~ /debug\/src\// { split($1, part, ":"); file[$NF] = part[1] }
    END { for (name in file) if (!(name in is_used)) print name, substr(file[name], index(file[name], "src/")) }' |
    sort | grep -v '^main \|^tz_seal_memory ' || true) # the worker of a sanitized build has no limit of memory to set
[ -z "$unused" ] || { echo "no other file uses these; make them static, or remove them:"; echo "$unused"; exit 1; }
