#!/bin/bash
#
# `sluice judge` is a filter from stdin to stdout: what carries lines to
# programs (GNU parallel here, Hadoop Streaming, Spark's pipe()) can judge an
# archive in pieces, and gets the very bytes that one process would give.
#
#     tests/e2e/parallel.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

rows=3000

begin "$@"
if ! command -v parallel >/dev/null; then
    skip "judging in pieces" "GNU parallel is not installed"
    finish
    exit
fi
jq -c -s 'range(50) as $n | .[] | .id = "\($n)-\(.id)"' \
    "$here/../../src/site/sample_queue.ndjson" | head -n "$rows" >archive.ndjson
"$program" judge <archive.ndjson >one.out 2>one.err
check "one process judges all" same "$(wc -l <one.out)" "$rows"

# Pieces of a stream, cut at line ends wherever 64 kB are full.
parallel --will-cite --pipe --keep-order --block 64k "$program" judge \
    <archive.ndjson >piped.out 2>piped.err
check "a stream in pieces gives the same bytes" cmp one.out piped.out

split -l 271 archive.ndjson part.
parallel --will-cite --keep-order "$program" judge ::: part.* \
    >files.out 2>files.err
check "so do files" cmp one.out files.out
finish
