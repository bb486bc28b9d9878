#!/bin/bash
#
# Let libFuzzer loose on every target for some seconds, two at a time.
#
#     tests/fuzz/run.sh DIR_OF_TARGETS SECONDS
#
# Begins with the inputs in corpus/TARGET, and goes on with what it found in
# earlier runs, which it keeps beside the targets. What breaks a target is
# left there too, and named. The last line counts the targets.
set -u

[ $# -eq 2 ] || {
    echo "usage: run.sh DIR_OF_TARGETS SECONDS" >&2
    exit 2
}
here=$(dirname "$(readlink -f "$0")")
dir=$(realpath "$1") || exit 2
seconds=$2
passed=0
failed=0

# fuzz NAME: its words go to NAME.log.
fuzz()
{
    mkdir -p "$dir/$1.found"
    "$dir/$1" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
        -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$dir/$1-" \
        "$dir/$1.found" "$here/corpus/$1" >"$dir/$1.log" 2>&1
}

# end NAME CODE
end()
{
    local runs

    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/$1.log")
    if [ "$2" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
        passed=$((passed + 1))
        echo "fuzz: $1: $runs inputs in $seconds s"
        return
    fi
    failed=$((failed + 1))
    echo "FAILED: fuzz: $1, see $dir/$1.log"
    grep -aE -m 3 'ERROR|SUMMARY|ssertion|runtime error|Test unit' \
        "$dir/$1.log" | sed 's/^/    /'
}

pending=()
for source in "$here"/*.c; do
    name=$(basename "$source" .c)
    fuzz "$name" &
    pending+=("$!:$name")
    if [ "${#pending[@]}" -ge 2 ]; then
        wait "${pending[0]%%:*}"
        end "${pending[0]#*:}" $?
        pending=("${pending[@]:1}")
    fi
done
for one in "${pending[@]}"; do
    wait "${one%%:*}"
    end "${one#*:}" $?
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
