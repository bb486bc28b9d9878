#!/bin/bash
#
# A node of `sluice serve` is stopped in the middle of telling the site, for
# longer than its lease; another takes over and tells the rest. When the first
# one goes on, it must not tell what the other has told. Then `sluice run`
# beside a node: it waits for its turn, and nothing is done twice.
#
#     tests/e2e/nodes_pause.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/serving.sh
. "$here/serving.sh"
# shellcheck source=tests/e2e/nodes.sh
. "$here/nodes.sh"

comments=60

# One is being told, and there is much to go.
tells()
{
    at_least "$(wc -l <site.log)" 5
}

all_told()
{
    same "$(sort -u site.log | wc -l)" "$1"
}

# As if a node had it for so many seconds.
lend_turn()
{
    ask "INSERT INTO lease (site, holder, fence, until_ms) VALUES ('$1', 'x',
        1, extract(epoch FROM clock_timestamp()) * 1000 + $2 * 1000)"
}

is_given_back()
{
    same "$(ask "SELECT until_ms, fence > 1 FROM lease WHERE site = '$1'")" \
        '0|t'
}

begin "$@"
serving_begin
trap nodes_end EXIT
if ! postgres_start . >/dev/null 2>&1; then
    skip "a node that pauses" "PostgreSQL is not installed"
    finish
    exit
fi
nodes_config
site_start
node_port=("$port" "$(free_port)")
node_start 0
check "a node is ready" soon is_ready 0

# The site takes its time, so that there are requests on their way.
touch site.log.slow
mapfile -t ids < <(seq "$comments")
hook blog "${ids[@]}" >hook.out
check "all are taken" same "$(grep -c ' 202 ' hook.out)" "$comments"
check "the site is being told" soon tells
kill -STOP "${node_pid[0]}"
rm site.log.slow
check "not all is told" at_most "$(sort -u site.log | wc -l)" $((comments - 8))
node_start 1
check "another takes over and tells the rest" soon all_told "$comments"
check "and is done" soon all_done
kill -CONT "${node_pid[0]}"
sleep 2
check "no comment is told twice" told_once
check "each is judged once" judged_once
hook blog 1001 1002 >hook.out
check "who was away is one of them again" soon all_told $((comments + 2))

cp "$here/../../src/site/sample_queue.ndjson" queue.ndjson
cat >>sluice.conf <<'CONF'
[site "queue"]
kind = filequeue
url = queue.ndjson
CONF
run=(run --no-table --site-name queue)
lend_turn queue 3
began=$SECONDS
check "a run beside nodes works" sluice 0 "${run[@]}"
check "when it is its turn" at_least $((SECONDS - began)) 2
check "and gives it back" is_given_back queue
check "after all was judged" has out 'judged 72'
finish
