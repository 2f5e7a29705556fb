# measure.sh - what the measuring scripts share; they read it with a dot. A measurement is "SECONDS MIB …".

machine() { echo "$(nproc) processors, $(awk '/MemTotal/ {printf "%d GiB", $2 / 1048576}' /proc/meminfo)"; }

# The fastest of three runs of a command that prints a measurement.
best() {
    for _ in 1 2 3; do "$@"; done | sort -n | head -n 1
}

head_line() { printf '%-36s %10s %8s %8s\n' '' 'cpu s' 'MiB' 'ratio'; }

# line NAME MEASUREMENT [BASE]: one line of the table; the ratio is its seconds by those of BASE.
line() {
    echo "$2 ${3:-}" | awk -v name="$1" '{ printf "%-36s %10s %8s %8s\n", name, $1, $2, (NF > 2 ? sprintf("%.2f", $1 / $3) : "") }'
}
