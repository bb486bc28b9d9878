#!/bin/bash
# guard.sh BUILD: how many instructions does a comment cost?
#
# valgrind counts those of the sample queue, judged over and over, and those
# of as many comments fewer; the difference is free of the start. What the
# machine's own libraries take is left out, for it varies with the machine:
# only functions of the program count. The figure must not be more than 5 %
# above tests/bench/instructions, which is changed only with a reason.
set -euo pipefail

build=$1
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
sample=$here/../../src/site/sample_queue.ndjson
committed=$(<"$here/instructions")
rounds=8

command -v valgrind >/dev/null || {
    echo "bench-guard: valgrind is not installed; skipped"
    exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Instructions of the program's own functions for $1 rounds of the sample.
count()
{
    for ((i = 0; i < $1; i++)); do
        cat "$sample"
    done >"$work/in"
    valgrind --quiet --tool=callgrind --callgrind-out-file="$work/out" \
        "$build/sluice" judge "$work/in" >/dev/null
    callgrind_annotate --threshold=100 "$work/out" |
        awk '/\/sluice\]$/ { gsub(",", "", $1); sum += $1 }
            END { printf "%.0f\n", sum }'
}

comments=$(wc -l <"$sample")
each=$((($(count $((rounds + 1))) - $(count 1)) / (rounds * comments)))
echo "bench-guard: $each instructions a comment, $committed committed"
if ((each * 100 > committed * 105)); then
    echo "bench-guard: more than 5 % above; see 'make bench' for the stage," \
        "or commit the new figure and say why"
    exit 1
fi
if ((each * 100 < committed * 95)); then
    echo "bench-guard: well below; commit the new figure, to keep it"
fi
