#!/bin/bash
#
# The benchmark of a long queue, with a shorter one and bounds that a busy
# machine can keep too: it still works, and nothing has become slow altogether.
#
#     tests/e2e/companion_speed.sh PROGRAM SCRATCH_DIR
#
# The last line is a count. For figures see "make bench-wordpress".
BENCH_READS_MAX=10 BENCH_CORE_MIN=5 BENCH_RATE_MIN=40 \
    exec "$(dirname "$(readlink -f "$0")")/../bench/wordpress.sh" \
    "$1" "$2" 2000 60
