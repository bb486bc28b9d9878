# shellcheck shell=bash
#
# Nodes of `sluice serve` on one PostgreSQL, for an end-to-end script; sourced
# after serving.sh.
#
# shellcheck source=tests/e2e/serving.sh
[ -n "${site_port+x}" ] || . "$(dirname "${BASH_SOURCE[0]}")/serving.sh"
# shellcheck source=tests/support/postgres.sh
. "$here/../support/postgres.sh"

# Of each node, by its number; without a host it takes the server's socket.
node_port=()
node_pid=()
node_host=()

# nodes_store [HOST]: the server's URL.
nodes_store()
{
    echo "postgresql://sluice:geheim@/postgres?host=${1:-$postgres_socket}"
}

# Nothing is held for doubt, so that every verdict is told.
nodes_config()
{
    cat >sluice.conf <<CONF
store = $(nodes_store)
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

is_ready()
{
    curl -sf "http://127.0.0.1:${node_port[$1]}/readyz"
}

# node_start NUMBER: its words go to node<NUMBER>.err.
node_start()
{
    SLUICE_STORE=$(nodes_store "${node_host[$1]-}") \
        "$program" serve --listen "127.0.0.1:${node_port[$1]}" \
        >"node$1.out" 2>>"node$1.err" &
    node_pid[$1]=$!
}

nodes_end()
{
    local pid

    for pid in "${node_pid[@]}"; do
        kill -9 "$pid" 2>/dev/null
    done
    serving_end
    postgres_stop
}

ask()
{
    postgres_as "$postgres_bin/psql" -qtAX -U sluice -h "$postgres_socket" \
        postgres -c "$1"
}

all_done()
{
    same "$(ask "SELECT (SELECT count(*) FROM event WHERE state = 'waiting'),
        (SELECT count(*) FROM decision WHERE state = 'pending')")" '0|0'
}

told_once()
{
    same "$(cut -d' ' -f 1 site.log | sort | uniq -d | wc -l)" 0
}

judged_once()
{
    same "$(ask 'SELECT count(*) - count(DISTINCT comment) FROM decision')" 0
}
