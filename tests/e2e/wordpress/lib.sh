# shellcheck shell=bash
#
# What the scripts here share; sourced, never run.
#
# A site's files are DIR/site, a directory or a link to one. Below it:
#
#   db/         the database server's own data
#   wordpress/  the document root, a copy of Debian's
#   etc/        configuration of the web server and of PHP
#   log/ run/ tmp/
#
# After home_find or home_make, `home` is that directory's real name.

# The daemons run as others, who must be able to read what is made here.
umask 022

db_user=$(id -un)
web_user=$db_user
if [ "$(id -u)" -eq 0 ]; then
    db_user=mysql
    web_user=www-data
fi

say()
{
    echo "${0##*/}: $*" >&2
}

die()
{
    say "$*"
    exit 1
}

home_find()
{
    [ -d "$1/site" ] || die "$1: no site here; make one with start.sh $1"
    home=$(readlink -f "$1/site")
}

# Whether the daemons can live in a directory: its name goes into their
# configuration unquoted, a socket's name has 107 bytes at most, and daemons
# that gave up root cannot pass through, say, /root.
home_will_do()
{
    local user

    [[ $1 =~ ^[A-Za-z0-9/._-]{1,80}$ ]] || return 1
    [ "$(id -u)" -eq 0 ] || return 0
    for user in "$db_user" "$web_user"; do
        runuser -u "$user" -- test -x "$1" || return 1
    done
}

home_make()
{
    if [ ! -d "$1/site" ]; then
        # stop.sh --wipe removes all of it, so all of it has to be ours. A
        # link that leads nowhere is ours too: /tmp has been emptied.
        [ -L "$1/site" ] || [ ! -d "$1" ] || rmdir "$1" 2>/dev/null ||
            die "$1: not empty, and no site; name a directory of its own"
        rm -f "$1/site"
        mkdir -p "$1/site"
        if ! home_will_do "$(readlink -f "$1/site")"; then
            rmdir "$1/site"
            ln -s "$(mktemp -d /tmp/sluice-wordpress.XXXXXX)" "$1/site"
            chmod 755 "$1/site/"
        fi
    fi
    home_find "$1"
}

# Whether a daemon of this site runs. Its process must name the site: a pid
# file can outlive its process, and the number be given to another.
alive()
{
    local pid

    pid=$(cat "$home/run/$1.pid" 2>/dev/null) || return 1
    grep -qsF "$home/" "/proc/$pid/cmdline"
}

# Wait for ten seconds or so for a command to succeed.
wait_for()
{
    local i

    for ((i = 0; i < 200; i++)); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.05
    done
    return 1
}

# SQL as the database's administrator, for whom the socket is proof enough.
sql_admin()
{
    mariadb --no-defaults --socket="$home/run/mariadb.sock" \
        --user="$(id -un)" "$@"
}
