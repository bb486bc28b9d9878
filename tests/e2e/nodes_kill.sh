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
# shellcheck source=tests/e2e/nodes.sh
. "$here/nodes.sh"

kills=${NODES_KILLS:-8}
nodes=3
space=sluice$$
cut_node=0
cut_s=20
cut_pid=
load_pids=()

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
    local i

    if ! space_make; then
        space=
        postgres_start . >/dev/null 2>&1
        return
    fi
    # shellcheck disable=SC2034
    postgres_inside=(ip netns exec "$space")
    postgres_start . "-c listen_addresses=0.0.0.0" >/dev/null 2>&1 || return
    echo "host all all 198.18.0.0/16 trust" >>"$postgres_home/pg_hba.conf"
    for ((i = 0; i < nodes; i++)); do
        node_host[i]=198.18.$i.2
    done
    postgres_restart
}

# What is done to them, and when, for who wonders why a check failed.
note()
{
    echo "$(date +%s%3N) $*" >>done.log
}

# Packets get lost, without a word to either side.
cut_and_mend()
{
    note "cut node $cut_node"
    ip -n "$space" route add blackhole "198.18.$cut_node.1"
    sleep "$cut_s"
    ip -n "$space" route del blackhole "198.18.$cut_node.1"
    note "mended"
}

taken_at()
{
    awk -v n="$1" 'int($1 / 100000) == n' sent | wc -l
}

takes_more_than()
{
    at_least "$(taken_at "$1")" "$(($2 + 1))"
}

# As systemd does: one that loses the server while it starts leaves with an
# error.
start_again()
{
    local i

    for ((i = 0; i < nodes; i++)); do
        kill -0 "${node_pid[i]}" 2>/dev/null || node_start "$i"
    done
}

kill_end()
{
    # The count is the last line; what the shell says of the killed is not.
    exec 2>/dev/null
    kill -9 "${load_pids[@]}"
    nodes_end
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
    note "kill node $i"
    kill -9 "${node_pid[i]}"
    wait "${node_pid[i]}" 2>/dev/null
    sleep "0.$((RANDOM % 10))"
    node_start "$i"
}

sent_are_told()
{
    sort -u sent >sent.sorted
    cut -d' ' -f 1 site.log | sort -u >told.sorted
    same "$(comm -23 sent.sorted told.sorted | wc -l)" 0
}

# From an event's coming to its being worked off, in seconds.
none_is_old()
{
    local oldest

    oldest=$(ask 'SELECT coalesce(max(done_ms - received_ms), 0) / 1000
        FROM event')
    echo "the oldest was $oldest s old"
    ask 'SELECT received_ms, done_ms, done_ms - received_ms, comment
        FROM event LEFT JOIN decision ON decision.id = event.decision
        ORDER BY 3 DESC LIMIT 50' >oldest
    [ "$oldest" -lt 30 ]
}

no_password()
{
    same "$(cat node*.err node*.out | grep -c geheim)" 0
}

begin "$@"
serving_begin
trap kill_end EXIT
if ! start_server; then
    skip "many nodes" "PostgreSQL is not installed"
    finish
    exit
fi
[ -n "$space" ] || skip "a link that is cut" "no network namespace can be made"
nodes_config
site_start
for ((i = 0; i < nodes; i++)); do
    node_port[i]=$(free_port)
    node_start "$i"
done
for ((i = 0; i < nodes; i++)); do
    check "node $i is ready" soon is_ready "$i"
    "$here/load.py" "http://127.0.0.1:${node_port[i]}/v1/hooks/blog" \
        "$secret" $((i * 100000 + 1)) 10 sent --stop stop >"load$i.err" 2>&1 &
    load_pids+=($!)
done
for ((k = 1; k <= kills; k++)); do
    kill_and_start
    if [ "$k" = $((kills / 2)) ]; then
        note "restart"
        postgres_restart immediate 2
    fi
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
