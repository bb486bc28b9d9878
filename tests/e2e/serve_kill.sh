#!/bin/bash
#
# `sluice serve` is killed again and again while webhooks pour in: whatever
# was answered with 202 is judged once and told to the site once.
#
#     tests/e2e/serve_kill.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/serving.sh
. "$here/serving.sh"

kills=10

# Nothing is held for doubt, so that every verdict is told.
write_config()
{
    cat >sluice.conf <<CONF
store = sluice.db
listen = 127.0.0.1:$port
[serve]
rate_address = 0
rate_site = 0
[policy]
approve_below = 0.5
spam_at = 0.5
abuse_hold_at = 1
[site "blog"]
kind = wordpress
url = http://127.0.0.1:$site_port
user = bot
password = abcd
in_flight = 8
hook_secret = $secret
CONF
    chmod 600 sluice.conf
}

# Killed at different moments of its life, and of a commit's.
kill_and_start()
{
    sleep "0.$((3 + RANDOM % 6))$((RANDOM % 10))"
    kill -9 "$serve_pid"
    wait "$serve_pid" 2>/dev/null
    serve_start
}

sent_are_told()
{
    sort -u sent >sent.sorted
    cut -d' ' -f 1 site.log | sort -u >told.sorted
    same "$(comm -23 sent.sorted told.sorted | wc -l)" 0
}

told_once()
{
    same "$(cut -d' ' -f 1 site.log | sort | uniq -d | wc -l)" 0
}

judged_once()
{
    same "$(sql 'SELECT count(*) - count(DISTINCT comment) FROM decision')" 0
}

begin "$@"
serving_begin
write_config
site_start
serve_start
"$here/load.py" "http://127.0.0.1:$port/v1/hooks/blog" "$secret" 1 300 sent \
    --stop stop >load.err 2>&1 &
load_pid=$!
for ((i = 1; i <= kills; i++)); do
    kill_and_start
done
touch stop
wait "$load_pid"
check "all is worked off" soon all_done
check "the store is sound" same "$(sql 'PRAGMA integrity_check')" ok
check "many events were taken" at_least "$(wc -l <sent)" 300
check "each that was taken is told" sent_are_told
check "and told once" told_once
check "each is judged once" judged_once
serve_stop TERM
echo "$(wc -l <sent) taken, $(wc -l <site.log) told, $kills kills"
finish
