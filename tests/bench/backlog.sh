#!/bin/bash
#
# The site is down while webhooks pour in: how much memory `sluice serve` needs
# with 100,000 verdicts that wait, and how soon the site has them when it is
# back. Fails when a verdict was lost, or told twice.
#
#     tests/bench/backlog.sh PROGRAM SITE SCRATCH_DIR
set -euo pipefail

program=$(realpath "$1")
site=$(realpath "$2")
here=$(dirname "$(readlink -f "$0")")
wanted=100000
most_mib=128
mkdir -p "$3"
cd "$3"
rm -f backlog.db*

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

# Nothing is held for doubt, so that every verdict is told.
cat >sluice.conf <<CONF
store = backlog.db
listen = 127.0.0.1:18085
[serve]
rate_address = 0
rate_site = 0
[policy]
approve_below = 0.5
spam_at = 0.5
abuse_hold_at = 1
[site "bench"]
kind = wordpress
url = http://127.0.0.1:18087
user = bot
password = abcd
in_flight = 16
hook_secret = 0123456789abcdef0123456789abcdef
CONF
chmod 600 sluice.conf
"$program" serve 2>serve.err >serve.out &
serve_pid=$!
until curl -sf http://127.0.0.1:18085/readyz >/dev/null; do sleep 0.1; done

metric()
{
    curl -s http://127.0.0.1:18085/metrics | awk -v name="$1" \
        'index($0, name) == 1 { print $2 }'
}

events()
{
    sqlite3 -readonly -cmd '.timeout 5000' backlog.db \
        'SELECT count(*) FROM event'
}

# Rounds of four seconds, each with ids of its own, until there are enough.
round=1
sent=0
while [ "$sent" -lt "$wanted" ]; do
    SLUICE_BENCH_START=$round wrk -t1 -c64 -d4 -s "$here/hooks.lua" \
        http://127.0.0.1:18085/ >backlog.wrk
    round=$((round + 1))
    until [ "$(metric sluice_intake_depth)" = 0 ]; do sleep 0.5; done
    sent=$(events)
done
judged()
{
    [ "$(metric 'sluice_inbox_depth{site="bench"}')" = 0 ]
}

until judged; do sleep 0.5; done
waiting=$(metric 'sluice_outbox_depth{site="bench"}')
mib=$(awk '/VmHWM/ { printf "%d", $2 / 1024 }' "/proc/$serve_pid/status")
echo "$sent events, $waiting verdicts wait for the site; peak memory $mib MiB"

"$site" 18087 &
began=$(date +%s%N)
until [ "$(metric 'sluice_outbox_depth{site="bench"}')" = 0 ]; do sleep 0.5; done
awk -v nr="$waiting" -v ns=$(($(date +%s%N) - began)) 'BEGIN {
    printf "the site is back: all told after %.0f s, %.0f/s\n", ns / 1e9,
        nr / (ns / 1e9) }'
count=$(curl -s http://127.0.0.1:18087/count)
echo "the site counts: $count"
kill -TERM "$serve_pid"
wait "$serve_pid"
[ "$count" = "{\"changed\":$sent,\"again\":0}" ]
[ "$mib" -lt "$most_mib" ]
