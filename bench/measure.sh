# measure.sh - what the measuring scripts share; they read it with a dot. A measurement is "SECONDS MIB …".

machine() { echo "$(nproc) processors, $(awk '/MemTotal/ {printf "%d GiB", $2 / 1048576}' /proc/meminfo)"; }

# The fastest of three runs of a command that prints a measurement.
best() {
    for _ in 1 2 3; do "$@"; done | sort -n | head -n 1
}

head_line() { printf '%-36s %10s %8s %8s\n' '' 'cpu s' 'MiB' 'ratio'; }

# result WORK THIS PEER RATIO GROWTH: a line of the table that `./run bench` ends with and keeps. What was not measured is -.
result() { printf '= %s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5"; }

# ratio THIS PEER: of two numbers of seconds; what is not a number gives -.
ratio() { awk -v a="${1%% *}" -v b="${2%% *}" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'; }

# growth SIZE SECONDS SIZE SECONDS: the exponent between a small and a large run.
growth() {
    awk -v n="$1" -v s="${2%% *}" -v m="$3" -v t="${4%% *}" 'BEGIN { if (s > 0 && t > 0 && m > n) printf "n^%.2f", log(t / s) / log(m / n); else printf "-" }'
}

# line NAME MEASUREMENT [BASE]: one line of the table; the ratio is its seconds by those of BASE.
line() {
    echo "$2 ${3:-}" | awk -v name="$1" '{ printf "%-36s %10s %8s %8s\n", name, $1, $2, (NF > 2 ? sprintf("%.2f", $1 / $3) : "") }'
}
