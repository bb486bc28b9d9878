#!/bin/bash
#
# How fast `sluice serve` is, as a share of a bare libmicrohttpd that answers
# the same requests, by the same wrk, with a constant.
#
#     tests/bench/serve.sh PROGRAM BARE SCRATCH_DIR [SECONDS]
#
# All takes turns, several times; the medians count. "cpu" is processor time
# of the server alone for each request, which other programs disturb less.
set -euo pipefail

program=$(realpath "$1")
bare=$(realpath "$2")
seconds=${4:-5}
here=$(dirname "$(readlink -f "$0")")
rounds=3
connections=64
mkdir -p "$3"
cd "$3"
rm -f bench.db* ./*.rate

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

cat >sluice.conf <<CONF
store = bench.db
listen = 127.0.0.1:18085
[serve]
rate_address = 0
rate_site = 0
[site "bench"]
hook_secret = 0123456789abcdef0123456789abcdef
token = 0123456789abcdef0123
key = k3y0fthe8log
CONF
chmod 600 sluice.conf
"$bare" 18086 2 &
bare_pid=$!
"$program" serve 2>serve.err &
serve_pid=$!
until curl -sf http://127.0.0.1:18085/readyz >/dev/null; do sleep 0.1; done

# Ticks of processor time of a process, its threads included.
ticks()
{
    awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# load NAME PID PORT SCRIPT: "rate p99_ms cpu_us" to NAME.rate.
load()
{
    local before after

    SLUICE_BENCH_START=$(date +%s%N | cut -c 6-14)
    export SLUICE_BENCH_START
    before=$(ticks "$2")
    wrk -t1 -c"$connections" -d"$seconds" --latency -s "$here/$4" \
        "http://127.0.0.1:$3/v1/judge" >"$1.wrk"
    after=$(ticks "$2")
    awk -v ticks=$((after - before)) '
        function ms(t) {
            return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t * 1000
        }
        $1 == "99%" { p99 = ms($2) }
        / requests in / { nr = $1 }
        /Non-2xx/ { bad = $NF }
        /^Requests\/sec/ { rate = $2 }
        END { print rate, p99, ticks * 10000 / nr, bad + 0 }' \
        "$1.wrk" >>"$1.rate"
}

# Nothing may be left to do, or its share would be another's.
settle()
{
    until [ "$(curl -s http://127.0.0.1:18085/metrics |
        grep -Ec '^sluice_(inbox_depth.*|intake_depth) 0$')" = 2 ]; do
        sleep 0.5
    done
}

median()
{
    cut -d' ' -f "$2" "$1.rate" | sort -n | sed -n "$((rounds / 2 + 1))p"
}

for ((i = 0; i < rounds; i++)); do
    load bare_hook "$bare_pid" 18086 hooks.lua
    load hook "$serve_pid" 18085 hooks.lua
    settle
    load bare_judge "$bare_pid" 18086 judge.lua
    load judge "$serve_pid" 18085 judge.lua
    load bare_check "$bare_pid" 18086 akismet.lua
    load check "$serve_pid" 18085 akismet.lua
    settle
done

for what in bare_hook hook bare_judge judge bare_check check; do
    printf '%-11s %7.0f/s  p99 %6.1f ms  cpu %5.1f us  %s refused\n' \
        "$what" "$(median "$what" 1)" "$(median "$what" 2)" \
        "$(median "$what" 3)" "$(median "$what" 4)"
done
awk -v a="$(median hook 1)" -v b="$(median bare_hook 1)" \
    -v c="$(median judge 1)" -v d="$(median bare_judge 1)" \
    -v e="$(median check 1)" -v f="$(median bare_check 1)" 'BEGIN {
    printf "durable intake: %.0f %% of bare; verdicts at once: %.0f %%; " \
        "comment-check: %.0f %%\n", 100 * a / b, 100 * c / d, 100 * e / f }'

# Half that load: wrk has no rate, so fewer connections and pauses between.
half()
{
    SLUICE_BENCH_START=$(date +%s%N | cut -c 6-14)
    export SLUICE_BENCH_START
    SLUICE_BENCH_RATE=$(awk -v r="$(median "$1" 1)" 'BEGIN { print r / 2 }')
    export SLUICE_BENCH_RATE SLUICE_BENCH_CONNECTIONS=$connections
    wrk -t1 -c"$connections" -d"$seconds" --latency -s "$here/$2" \
        http://127.0.0.1:18085/ >half.wrk
    awk -v what="$1" '/^Requests\/sec/ { rate = $2 } $1 == "99%" { p99 = $2 }
        END { printf "%s at half load: %.0f/s, p99 %s\n", what, rate, p99 }' \
        half.wrk
}
half hook hooks.lua
settle
half check akismet.lua
kill "$bare_pid"
kill -TERM "$serve_pid"
wait "$serve_pid"
