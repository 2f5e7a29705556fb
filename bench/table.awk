# table.awk - docs/benchmarks.md from bench/kept.tsv: script, date, machine, work, this, peer, ratio, growth; tabs between them.
BEGIN {
    FS = "\t"
    print "# Measurements\n"
    print "Made by `./run bench --keep` from the lines of `bench/kept.tsv`; `bench/README.md` says what each script does, and"
    print "`./run bench NAME` measures one again. Seconds are of the processor where nothing else is said. The ratio is this by its"
    print "peer in the same run: below 1, this takes less. Growth is the exponent between the smallest and the largest run of the line:"
    print "n^1.00 costs twice as much for twice as much. What was not measured is -.\n"
    print "| script | work | this | peer | ratio | growth | measured |"
    print "|---|---|---|---|---|---|---|"
}
{
    for (i = 4; i <= 8; i++)
        if ($i == "")
            $i = "-"
    if (!($3 in number)) {
        number[$3] = ++machines
        machine[machines] = $3
    }
    printf "| `%s` | %s | %s | %s | %s | %s | %s, machine %d |\n", $1, $4, $5, $6, $7, $8, $2, number[$3]
}
END {
    print "\nThe machines:\n"
    for (i = 1; i <= machines; i++)
        printf "%d. %s\n", i, machine[i]
}
