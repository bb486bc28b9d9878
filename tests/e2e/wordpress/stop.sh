#!/bin/bash
#
# Stop the WordPress that start.sh started in DIR.
#
#   stop.sh [--wipe] DIR
#
# Leaves all files where they are, for a look; --wipe removes DIR as well.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/e2e/wordpress/lib.sh
. "$here/lib.sh"

# A process that is no more, or that only waits for its parent to notice.
gone()
{
    ! grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"
}

stop()
{
    local pid

    if alive "$1"; then
        pid=$(cat "$home/run/$1.pid")
        kill -TERM "$pid"
        # Each daemon leads a process group, its workers being the rest.
        wait_for gone "$pid" || kill -KILL -- "-$pid"
    fi
    rm -f "$home/run/$1.pid"
}

wipe=
if [ "${1-}" = --wipe ]; then
    wipe=yes
    shift
fi
[ $# -eq 1 ] || die "usage: stop.sh [--wipe] DIR"
dir=$1

# Without a site, or with a link into a /tmp that was emptied, nothing runs.
if [ -d "$dir/site" ]; then
    home_find "$dir"
    stop nginx
    stop php-fpm
    stop mariadb
fi
if [ -n "$wipe" ] && { [ -d "$dir/site" ] || [ -L "$dir/site" ]; }; then
    rm -rf "$(readlink -f "$dir/site")" "$dir"
fi
