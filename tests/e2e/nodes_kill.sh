#!/bin/bash
#
# Three nodes of `sluice serve` share one PostgreSQL. Webhooks pour in at all
# of them while one after another is killed, the server is restarted and the
# network between it and a node is cut: whatever was answered with 202 is
# judged once and told to the site once, by whichever node is left.
#
#     tests/e2e/nodes_kill.sh PROGRAM SCRATCH_DIR
#
# NODES_KILLS sets how many are killed, one in about 2.5 seconds. The server
# has a network namespace of its own, with a link for each node; where none
# can be made, as only root can, no link is cut. The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/serving.sh
. "$here/serving.sh"
# shellcheck source=tests/support/postgres.sh
. "$here/../support/postgres.sh"

kills=${NODES_KILLS:-8}
nodes=3
space=sluice$$
cut_node=0
cut_s=20
cut_pid=
node_port=()
node_pid=()
load_pids=()

# Nothing is held for doubt, so that every verdict is told.
write_config()
{
    cat >sluice.conf <<CONF
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

# Each node reaches the server over a link that can be cut, from 198.18.N.1 to
# 198.18.N.2; without one, by its socket.
space_make()
{
    local i

    [ "$(id -u)" = 0 ] && ip netns add "$space" 2>/dev/null || return 1
    for ((i = 0; i < nodes; i++)); do
        ip link add "sl$$n$i" type veth peer name "n$i" netns "$space" &&
            ip addr add "198.18.$i.1/30" dev "sl$$n$i" &&
            ip link set "sl$$n$i" up &&
            ip -n "$space" addr add "198.18.$i.2/30" dev "n$i" &&
            ip -n "$space" link set "n$i" up || return 1
    done
}

# The links go with it.
space_end()
{
    ip netns del "$space"
}

start_server()
{
    if ! space_make; then
        space=
        postgres_start . >/dev/null 2>&1
        return
    fi
    # shellcheck disable=SC2034
    postgres_inside=(ip netns exec "$space")
    postgres_start . "-c listen_addresses=0.0.0.0" >/dev/null 2>&1 || return
    echo "host all all 198.18.0.0/16 trust" >>"$postgres_home/pg_hba.conf"
    postgres_restart
}

store_of()
{
    local host=$postgres_socket

    [ -z "$space" ] || host=198.18.$1.2
    echo "postgresql://sluice:geheim@/postgres?host=$host"
}

# Packets get lost, without a word to either side.
cut_and_mend()
{
    ip -n "$space" route add blackhole "198.18.$cut_node.1"
    sleep "$cut_s"
    ip -n "$space" route del blackhole "198.18.$cut_node.1"
}

taken_at()
{
    awk -v n="$1" 'int($1 / 100000) == n' sent | wc -l
}

takes_more_than()
{
    at_least "$(taken_at "$1")" "$(($2 + 1))"
}

is_ready()
{
    curl -sf "http://127.0.0.1:${node_port[$1]}/readyz"
}

node_start()
{
    SLUICE_STORE=$(store_of "$1") \
        "$program" serve --listen "127.0.0.1:${node_port[$1]}" \
        >"node$1.out" 2>>"node$1.err" &
    node_pid[$1]=$!
}

# As systemd does: one that finds no server when it starts leaves with an
# error.
start_again()
{
    local i

    for ((i = 0; i < nodes; i++)); do
        kill -0 "${node_pid[i]}" 2>/dev/null || node_start "$i"
    done
}

nodes_end()
{
    local pid

    # The count is the last line; what the shell says of the killed is not.
    exec 2>/dev/null
    for pid in "${node_pid[@]}" "${load_pids[@]}"; do
        kill -9 "$pid" 2>/dev/null
    done
    serving_end
    postgres_stop
    [ -z "$space" ] || space_end
}

kill_and_start()
{
    local i=$((RANDOM % nodes))

    # The one that is cut off is to live with it.
    [ "$i" != "$cut_node" ] || [ ! -d "/proc/${cut_pid:-none}" ] ||
        i=$(((i + 1) % nodes))
    sleep "$((1 + RANDOM % 3)).$((RANDOM % 10))"
    start_again
    kill -9 "${node_pid[i]}"
    wait "${node_pid[i]}" 2>/dev/null
    sleep "0.$((RANDOM % 10))"
    node_start "$i"
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
    same "$(ask 'SELECT count(*) - count(DISTINCT comment) FROM decision')" 0
}

# From an event's coming to its being worked off, in seconds.
none_is_old()
{
    local oldest

    oldest=$(ask 'SELECT coalesce(max(done_ms - received_ms), 0) / 1000
        FROM event')
    echo "the oldest was $oldest s old"
    [ "$oldest" -lt 30 ]
}

no_password()
{
    same "$(cat node*.err node*.out | grep -c geheim)" 0
}

begin "$@"
serving_begin
trap nodes_end EXIT
if ! start_server; then
    skip "many nodes" "PostgreSQL is not installed"
    finish
    exit
fi
[ -n "$space" ] || skip "a link that is cut" "no network namespace can be made"
write_config
site_start
for ((i = 0; i < nodes; i++)); do
    node_port[i]=$(free_port)
    node_start "$i"
done
for ((i = 0; i < nodes; i++)); do
    check "node $i is ready" soon is_ready "$i"
    "$here/load.py" "http://127.0.0.1:${node_port[i]}/v1/hooks/blog" \
        "$secret" $((i * 100000 + 1)) 20 sent --stop stop >"load$i.err" 2>&1 &
    load_pids+=($!)
done
for ((k = 1; k <= kills; k++)); do
    kill_and_start
    [ "$k" != $((kills / 2)) ] || postgres_restart immediate 2
    if [ "$k" = $((kills / 2 + 1)) ] && [ -n "$space" ]; then
        check "node $cut_node is ready" soon is_ready "$cut_node"
        cut_and_mend &
        cut_pid=$!
    fi
done
if [ -n "$cut_pid" ]; then
    wait "$cut_pid"
    taken=$(taken_at "$cut_node")
    check "who was cut off takes events again" \
        soon takes_more_than "$cut_node" "$taken"
fi
sleep 2
start_again
touch stop
wait "${load_pids[@]}"
load_pids=()
check "all is worked off" soon all_done
for ((i = 0; i < nodes; i++)); do
    check "node $i is ready again" soon is_ready "$i"
done
check "many events were taken" at_least "$(sort -u sent | wc -l)" 300
check "each that was taken is told" sent_are_told
check "and told once" told_once
check "each is judged once" judged_once
check "none waited for long" none_is_old
check "no password is in the logs" no_password
check "one that is told to end" kill -TERM "${node_pid[0]}"
wait "${node_pid[0]}"
check "leaves with 0" same $? 0
echo "$(wc -l <sent) taken, $(wc -l <site.log) told, $kills kills," \
    "one restart of the server; $(none_is_old)"
finish
