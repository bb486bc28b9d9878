#!/bin/bash
#
# What many nodes do: one `sluice serve` on a file, then one, two and three on
# one PostgreSQL, under the same load of wrk.
#
#     tests/bench/scale.sh PROGRAM SCRATCH_DIR [SECONDS]
#
# All takes turns, ROUNDS times; the medians count. The server writes to the
# disk as it should. On one machine nodes, server and wrk share the
# processors, so more nodes can't do more; they must not do less.
set -euo pipefail

program=$(realpath "$1")
seconds=${3:-5}
here=$(dirname "$(readlink -f "$0")")
rounds=${ROUNDS:-3}
connections=${CONNECTIONS:-64}
node_max=3
first_port=18085
mkdir -p "$2"
cd "$2"
rm -rf ./*
# shellcheck source=tests/support/postgres.sh
. "$here/../support/postgres.sh"

bench_end()
{
    kill -9 "${node_pid[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    postgres_stop 2>/dev/null || true
}
node_pid=()
trap bench_end EXIT
postgres_start . "-c fsync=on" "-c shared_buffers=256MB" \
    "-c max_wal_size=4GB" >/dev/null

cat >sluice.conf <<'CONF'
[serve]
rate_address = 0
rate_site = 0
[site "bench"]
hook_secret = 0123456789abcdef0123456789abcdef
key = k3y0fthe8log
CONF
chmod 600 sluice.conf

# nodes_start NR URL
nodes_start()
{
    local i

    node_pid=()
    for ((i = 0; i < $1; i++)); do
        SLUICE_STORE=$2 "$program" serve \
            --listen "127.0.0.1:$((first_port + i))" >serve.out 2>>serve.err &
        node_pid+=($!)
    done
    for ((i = 0; i < $1; i++)); do
        until curl -sf "http://127.0.0.1:$((first_port + i))/readyz" \
            >/dev/null; do
            sleep 0.1
        done
    done
}

nodes_stop()
{
    kill -9 "${node_pid[@]}"
    wait "${node_pid[@]}" 2>/dev/null || true
    node_pid=()
}

ask()
{
    postgres_as "$postgres_bin/psql" -qtAX -U sluice -h "$postgres_socket" \
        postgres -c "$1"
}

# Transactions, and times that the log was written to the disk.
server_counts()
{
    ask 'SELECT pg_stat_clear_snapshot();' >/dev/null
    ask "SELECT (SELECT xact_commit FROM pg_stat_database
        WHERE datname = 'postgres'), (SELECT wal_sync FROM pg_stat_wal)"
}

# load NR SCRIPT: requests a second that were answered well, of all nodes.
load()
{
    local i pids=()

    SLUICE_BENCH_START=$(date +%s%N | cut -c 6-14)
    for ((i = 0; i < $1; i++)); do
        SLUICE_BENCH_START=$((SLUICE_BENCH_START + 1))
        export SLUICE_BENCH_START
        wrk -t1 -c$((connections / $1)) -d"$seconds" --latency \
            -s "$here/$2" "http://127.0.0.1:$((first_port + i))/" \
            >"wrk$i" &
        pids+=($!)
    done
    wait "${pids[@]}"
    for ((i = 0; i < $1; i++)); do
        awk '/ requests in / { nr = $1 } /Non-2xx/ { bad = $NF }
            /^Requests\/sec/ { rate = $2 }
            END { print rate * (nr - bad) / nr }' "wrk$i"
    done | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# measure NAME NR URL: each kind of load on a store of its own.
measure()
{
    local what before after

    for what in hooks akismet; do
        rm -f bench.db*
        ask 'DROP SCHEMA public CASCADE; CREATE SCHEMA public; CHECKPOINT' \
            2>/dev/null
        nodes_start "$2" "$3"
        before=$(server_counts)
        load "$2" "$what.lua" >>"$1.$what"
        sleep 1
        after=$(server_counts)
        awk -F'|' -v s="$seconds" -v rate="$(tail -n 1 "$1.$what")" '
            { t[NR] = $1; w[NR] = $2 }
            END { printf "%.0f %.0f %.1f\n", (t[2] - t[1]) / s,
                (w[2] - w[1]) / s, rate * s / (t[2] - t[1] + 1) }' \
            <<<"$before"$'\n'"$after" >>"$1.$what.server"
        nodes_stop
    done
}

median()
{
    cut -d' ' -f "${2:-1}" "$1" | sort -n | sed -n "$((rounds / 2 + 1))p"
}

url="postgresql://sluice@/postgres?host=$postgres_socket"
for ((round = 0; round < rounds; round++)); do
    measure file 1 bench.db
    for ((n = 1; n <= node_max; n++)); do
        measure "nodes$n" "$n" "$url"
    done
done

for what in hooks akismet; do
    [ "$what" = hooks ] && echo "durable intake" || echo "comment-check"
    base=$(median "file.$what")
    printf '  %-7s %7s/s\n' file "$base"
    for ((n = 1; n <= node_max; n++)); do
        rate=$(median "nodes$n.$what")
        printf '  %d node%s %7s/s  %3d %% of the file; server: %s %s\n' "$n" \
            "$([ "$n" = 1 ] && echo ' ' || echo s)" "$rate" \
            $((100 * rate / base)) \
            "$(median "nodes$n.$what.server" 1) transactions/s," \
            "$(median "nodes$n.$what.server" 2) log writes/s"
    done
done
