#!/bin/bash
# Runs a command with a PostgreSQL of its own: postgres.sh DIR COMMAND...
#
# A new cluster, of an unprivileged user, that listens on a
# socket and nowhere else; gone when the command ends. The command finds
# it by CHECK_POSTGRES, a URL whose user may do anything. What is written need
# not outlive the machine, so it does not wait for the disk.
#
# Sourced, it gives postgres_start, postgres_restart and postgres_stop.

postgres_bin=$(find /usr/lib/postgresql/*/bin -name initdb -printf '%h\n' \
    2>/dev/null | tail -1)

# A command to run it by, such as one that enters a network namespace.
postgres_inside=()

# As the user who may run a server: root may not.
postgres_as()
{
    if [ "$(id -u)" = 0 ]; then
        (cd / && "${postgres_inside[@]}" runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# postgres_start DIR [SETTING...]: false when there is no PostgreSQL here.
postgres_start()
{
    [ -n "$postgres_bin" ] || return 1
    # A socket's path must be short.
    postgres_socket=$(mktemp -d)
    [ "$(id -u)" != 0 ] ||
        chown postgres: "$postgres_socket"
    postgres_home=$postgres_socket/data
    postgres_as "$postgres_bin/initdb" -D "$postgres_home" -U sluice -A trust \
        -E UTF8 --locale=C.UTF-8 -N >"$1/postgres.log" || return 1
    postgres_settings="-c listen_addresses= -k $postgres_socket \
        -c fsync=off -c max_connections=200 ${*:2}"
    postgres_up
    CHECK_POSTGRES="postgresql://sluice@/postgres?host=$postgres_socket"
    export CHECK_POSTGRES
}

postgres_up()
{
    postgres_as "$postgres_bin/pg_ctl" -D "$postgres_home" -w -s \
        -l "$postgres_socket/log" -o "$postgres_settings" start
}

# postgres_restart [MODE]: "immediate" is as if it had died.
postgres_restart()
{
    postgres_as "$postgres_bin/pg_ctl" -D "$postgres_home" -w -s \
        -m "${1:-fast}" stop
    sleep "${2:-0}"
    postgres_up
}

postgres_stop()
{
    [ -z "${postgres_home:-}" ] ||
        postgres_as "$postgres_bin/pg_ctl" -D "$postgres_home" -w -s \
            -m immediate stop
    rm -rf "${postgres_socket:?}"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    dir=$1
    shift
    mkdir -p "$dir"
    if ! postgres_start "$dir"; then
        echo "skipped: PostgreSQL is not installed"
        exit 0
    fi
    trap postgres_stop EXIT
    "$@"
fi
