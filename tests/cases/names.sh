#!/bin/sh
# What a header offers, another file takes: a function or table of src/ that no other object file refers to is either
# static or dead. Read from the object files, so that what a macro or a generated file calls counts as well.
set -eu
objects=$ROOT/build/obj/debug
unused=$(find "$objects/src" "$objects/tests" "$objects/tools" -name '*.o' -exec nm -A -g {} + 2>/dev/null | awk '
    $NF ~ /^__/ { next }
    $(NF - 1) == "U" { is_used[$NF] = 1; next }
    $(NF - 1) ~ /^[TDBRC]$/ && $1 ~ /\/src\// { split($1, part, ":"); file[$NF] = part[1] }
    END { for (name in file) if (!(name in is_used)) print name, substr(file[name], index(file[name], "/src/") + 1) }' |
    sort | grep -v '^main \|^tz_seal_memory ' || true) # the worker of a sanitized build has no limit of memory to set
[ -z "$unused" ] || { echo "no other file uses these; make them static, or remove them:"; echo "$unused"; exit 1; }
