#!/bin/sh
# seed.sh CORPORA FOLDER - seeds for the targets from the public files: their bytes as they are, at most 60 KB each.
set -u
for pair in csv:csv csv:encoding yaml:yaml book:xlsx book:csv/csv-spectrum; do
    target=${pair%%:*}
    mkdir -p "$2/$target"
    find "$1/${pair#*:}" -type f -size -60k | while read -r file; do
        cp "$file" "$2/$target/$(echo "${file#"$1"/}" | tr '/ ' '--')"
    done
done
