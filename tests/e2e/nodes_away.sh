#!/bin/bash
#
# When PostgreSQL is away: a node that finds none at its start waits for it,
# and says so; when the primary goes, what only reads goes on at a standby,
# and what would write is told to come later.
#
#     tests/e2e/nodes_away.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/serving.sh
. "$here/serving.sh"
# shellcheck source=tests/e2e/nodes.sh
. "$here/nodes.sh"

standby_port=5433

# answers STATUS PATTERN CURL_ARGUMENT...: head and body match the pattern.
answers()
{
    local status=$1 pattern=$2

    shift 2
    curl -s -D head -o body "$@"
    cat head body >answer
    has head "^HTTP/1.1 $status" && has answer "$pattern"
}

primary()
{
    postgres_as "$postgres_bin/pg_ctl" -D "$postgres_home" -w -s "$@"
}

# One more server, which follows the first.
standby_start()
{
    standby_home=$postgres_socket/standby
    postgres_as "$postgres_bin/pg_basebackup" -U sluice -R -X stream \
        -c fast -h "$postgres_socket" -D "$standby_home" &&
        postgres_as "$postgres_bin/pg_ctl" -D "$standby_home" -w -s \
            -l "$postgres_socket/standby.log" \
            -o "$postgres_settings -p $standby_port" start
}

away_end()
{
    [ -z "${standby_home-}" ] ||
        postgres_as "$postgres_bin/pg_ctl" -D "$standby_home" -s -m immediate \
            stop
    nodes_end
}

# It has what the first one has.
standby_follows()
{
    same "$(postgres_as "$postgres_bin/psql" -qtAX -U sluice \
        -h "$postgres_socket" -p "$standby_port" postgres \
        -c 'SELECT count(*) > 0 FROM session')" t
}

hooked()
{
    hook blog "$1" >hook.out && grep " $2 " hook.out
}

begin "$@"
serving_begin
trap away_end EXIT
if ! postgres_start . >/dev/null 2>&1; then
    skip "a server that is away" "PostgreSQL is not installed"
    finish
    exit
fi
nodes_config
site_start
node_port=("$port")
url=http://127.0.0.1:$port

# None is there at the start.
primary -m fast stop
node_start 0
check "it lives" soon answers 200 ok "$url/healthz"
check "it is not ready" answers 503 "the store can't be reached" "$url/readyz"
check "callers are told when to come again" \
    answers 503 '^Retry-After: 5' -d '{}' "$url/v1/hooks/blog"
check "one that waits can be told to end" kill -TERM "${node_pid[0]}"
wait "${node_pid[0]}"
check "and leaves with 0" same $? 0
node_start 0
check "it waits again" soon answers 503 "the store can't" "$url/readyz"
postgres_up
check "it is ready when the server is" soon is_ready 0
check "and takes events" soon hooked 1 202
check "a database that does not exist is not waited for" \
    sluice 3 serve --listen "127.0.0.1:$(free_port)" \
    --store "postgresql://sluice@/none?host=$postgres_socket"
kill -TERM "${node_pid[0]}"
wait "${node_pid[0]}"

# Two servers, of which the first goes.
check "there is a standby" standby_start
store="postgresql://sluice:geheim@/postgres?host=$postgres_socket"
store="$store,$postgres_socket&port=5432,$standby_port"
sed -i "1s|.*|store = ${store//&/\\&}|" sluice.conf
"$program" serve --listen "127.0.0.1:$port" >serve.out 2>>node0.err &
node_pid[0]=$!
check "a node with a standby is ready" soon is_ready 0
check "it takes events" soon hooked 2 202
check "a moderator signs in" page_sign_in
check "the standby follows" soon standby_follows
primary -m immediate stop
check "it is not ready without the primary" soon answers 503 "store" \
    "$url/readyz"
check "the page's lists go on" page GET verdicts ''
check "with what was judged" has page.out '"comment":"2"'
check "history goes on" sluice 0 history
check "and knows what was judged" has out 'spam'
check "report goes on" sluice 0 report
check "events are told to come again" hooked 3 503
began=$SECONDS
check "again" hooked 3 503
check "nobody waits for long" at_most $((SECONDS - began)) 5
check "a decision is told to come again" \
    answers 503 '^Retry-After: ' -b page.jar -X POST \
    -H 'Content-Type: application/json' -H 'Sec-Fetch-Site: same-origin' \
    -H "X-CSRF-Token: $(cat page.csrf)" \
    -d '{"id":"test-0001","action":"spam","decisions":[1]}' "$url/v1/page/actions"
postgres_up
check "it is ready when the primary is back" soon is_ready 0
check "events are taken" soon hooked 3 202
check "all is worked off" soon all_done
check "each once" told_once
finish
