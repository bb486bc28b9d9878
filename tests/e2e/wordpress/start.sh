#!/bin/bash
#
# Start a real WordPress for tests, on loopback only, with a site made afresh.
#
#   start.sh [--keep] DIR
#
# Everything lives under DIR (see lib.sh); daemons of DIR that run already are
# used again, the site itself is always a new one. With --keep the site stays
# as stop.sh left it, passwords, port and comments included.
#
# stdout, and DIR/env: lines for a shell to read, WP_URL=... and so on.
#
# From the environment: WP_PERMALINKS=pretty (default) or plain, and
# WP_TIMEZONE, by default one half an hour off, so that a date read in the
# wrong zone shows, and without summer time, so that no hour comes twice.
# WP_PATH=blog/ puts the site into a directory of its server. WP_TYPE, by
# default local, is what WordPress takes its environment for: elsewhere it
# wants https for application passwords.
# WP_COMPANION=plugin or must-use installs src/wordpress/sluice.php.
# WP_RELEASE=DIR takes WordPress and its PHP from there (see release.sh), for a
# site in a directory of its own.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/e2e/wordpress/lib.sh
. "$here/lib.sh"

# Debian keeps daemons out of a plain user's PATH.
PATH=$PATH:/usr/sbin
php_fpm=$(compgen -G '/usr/sbin/php-fpm*' | tail -n 1) || true
docroot_debian=/usr/share/wordpress
if [ -n "${WP_RELEASE-}" ]; then
    PATH=$WP_RELEASE:$PATH
    php_fpm=$WP_RELEASE/php-fpm
    docroot_debian=$WP_RELEASE/root/usr/share/wordpress
fi

installed()
{
    [ -n "$php_fpm" ] && [ -d "$docroot_debian" ] &&
        command -v mariadbd nginx >/dev/null
}

# Copy a template from here, with the names between @ filled in.
fill()
{
    sed -e "s|@HOME@|$home|g" -e "s|@PORT@|$port|g" \
        -e "s|@PATH@|$path|g" -e "s|@TYPE@|${WP_TYPE:-local}|g" \
        -e "s|@WEB_USER@|$web_user|g" -e "s|@DB_PASSWORD@|$db_password|g" \
        "$here/$1.in"
}

owned_by()
{
    [ "$(id -u)" -ne 0 ] || chown "$@"
}

make_dirs()
{
    mkdir -p "$home"/{etc,log,run,tmp/db,tmp/php}
    touch "$home/log/wordpress.log"
    owned_by "$db_user" "$home/run" "$home/tmp/db"
    owned_by "$web_user" "$home/tmp/php" "$home/log/wordpress.log"
}

start_db()
{
    local sock="$home/run/mariadb.sock"

    if [ ! -d "$home/db" ]; then
        rm -rf "$home/db.new"
        mariadb-install-db --no-defaults --user="$db_user" \
            --datadir="$home/db.new" --skip-test-db \
            --auth-root-authentication-method=socket \
            --auth-root-socket-user="$(id -un)" \
            >"$home/log/mariadb-install.log" 2>&1 ||
            die "no database; see $home/log/mariadb-install.log"
        mv "$home/db.new" "$home/db"
    fi
    alive mariadb || {
        # Nothing waits for the disk: what is here need not survive a power
        # cut. It does survive a test that kills the server.
        setsid mariadbd --no-defaults --user="$db_user" \
            --datadir="$home/db" --tmpdir="$home/tmp/db" \
            --socket="$sock" --pid-file="$home/run/mariadb.pid" \
            --skip-networking --skip-log-bin \
            --character-set-server=utf8mb4 \
            --innodb-buffer-pool-size=64M --innodb-doublewrite=0 \
            --innodb-flush-log-at-trx-commit=2 \
            >>"$home/log/mariadb.log" 2>&1 </dev/null &
    }
    wait_for sql_admin -e 'SELECT 1' ||
        die "the database does not answer; see $home/log/mariadb.log"
}

start_php()
{
    ! alive php-fpm || return 0
    fill php-fpm.conf >"$home/etc/php-fpm.conf"
    "$php_fpm" -y "$home/etc/php-fpm.conf" \
        >>"$home/log/php-fpm.log" 2>&1 </dev/null ||
        die "PHP does not start; see $home/log/php-fpm.log"
}

# Below the ports that the kernel gives to outgoing connections.
any_port()
{
    echo $((20000 + RANDOM % 12000))
}

# The server's root leads to the site, or has it in a directory.
make_root()
{
    rm -rf "$home/www"
    if [ -z "$path" ]; then
        ln -s wordpress "$home/www"
    else
        mkdir -p "$home/www"
        ln -s ../wordpress "$home/www/${path%/}"
    fi
}

# It runs already; the site may be in another directory this time.
reload_web()
{
    fill nginx.conf >"$home/etc/nginx.conf"
    nginx -p "$home/" -c "$home/etc/nginx.conf" -e "$home/log/nginx.log" \
        -s reload >>"$home/log/nginx.out" 2>&1
}

# Start the web server on `port`, or on another if that is taken; only nginx
# can tell. A kept site has to have the port it had.
start_web()
{
    local i log="$home/log/nginx.log"

    if alive nginx; then
        [ -n "$keep" ] || reload_web
        return 0
    fi
    for ((i = 0; i < 5; i++)); do
        fill nginx.conf >"$home/etc/nginx.conf"
        echo "$port" >"$home/etc/port"
        if nginx -p "$home/" -c "$home/etc/nginx.conf" -e "$log" \
            >>"$home/log/nginx.out" 2>&1 </dev/null; then
            return 0
        fi
        [ -z "$keep" ] || break
        port=$(any_port)
    done
    die "nginx does not start on port $port; see $log"
}

# Put the companion where it is wanted; create_site.php activates a plugin.
companion()
{
    local to

    case ${WP_COMPANION-} in
    "") return ;;
    plugin) to=$1/plugins/sluice ;;
    must-use) to=$1/mu-plugins ;;
    *) die "WP_COMPANION: plugin or must-use, not $WP_COMPANION" ;;
    esac
    mkdir -p "$to"
    cp "$here/../../../src/wordpress/sluice.php" "$to/"
}

# The core is copied once: PHP looks for wp-config.php where its files really
# are, so links to Debian's would end in /etc/wordpress. wp-content, where
# tests put their plugins, is made new every time.
fresh_files()
{
    local root="$home/wordpress"

    if [ ! -d "$root" ]; then
        rm -rf "$root.new"
        cp -rL --preserve=timestamps "$docroot_debian" "$root.new"
        mv "$root.new" "$root"
    fi
    : >"$home/log/wordpress.log"
    rm -rf "$root/wp-content" "$root/.maintenance" "$root/.htaccess"
    cp -rL --preserve=timestamps "$docroot_debian/wp-content" "$root/"
    mkdir -p "$root/wp-content"/{mu-plugins,uploads}
    companion "$root/wp-content"
    owned_by -R "$web_user" "$root/wp-content"

    # Written beside and moved, so that nobody sees the password on the way.
    (umask 077 && fill wp-config.php >"$root/wp-config.php.new")
    owned_by "$web_user" "$root/wp-config.php.new"
    mv "$root/wp-config.php.new" "$root/wp-config.php"
}

fresh_database()
{
    sql_admin -e "
        DROP DATABASE IF EXISTS wordpress;
        CREATE DATABASE wordpress CHARACTER SET utf8mb4;
        CREATE OR REPLACE USER wordpress@localhost
            IDENTIFIED BY '$db_password';
        GRANT ALL ON wordpress.* TO wordpress@localhost;"
}

# Everything a test needs to know, as lines for a shell.
describe_site()
{
    php "$here/create_site.php" "$dir" ||
        die "the site was not made; see $home/log/wordpress.log"
    cat <<END
WP_DIR=$home
WP_ROOT=$home/wordpress
WP_DB_SOCKET=$home/run/mariadb.sock
WP_DB_NAME=wordpress
WP_DB_USER=wordpress
WP_DB_PASSWORD=$db_password
END
}

site_answers()
{
    [ "$(curl -s -o /dev/null -w '%{http_code}' \
        "http://127.0.0.1:$port/$path?rest_route=/")" = 200 ]
}

keep=
if [ "${1-}" = --keep ]; then
    keep=yes
    shift
fi
[ $# -eq 1 ] || die "usage: start.sh [--keep] DIR"
dir=$1

installed || die "WordPress is not installed; run $here/install.sh"

[ -z "$keep" ] || [[ -f $dir/env && -d $dir/site/db ]] ||
    die "$dir: no site to keep"
home_make "$dir"
port=$(cat "$home/etc/port" 2>/dev/null || any_port)
make_dirs
db_password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

path=${WP_PATH-}
[ -z "$keep" ] || path=$(cat "$home/etc/path")
echo "$path" >"$home/etc/path"
[ -n "$keep" ] || make_root
start_db
start_php
start_web
if [ -z "$keep" ]; then
    fresh_files
    fresh_database
    umask 077
    describe_site >"$dir/env.new"
    mv "$dir/env.new" "$dir/env"
fi
wait_for site_answers || die "the site does not answer; see $home/log"
cat "$dir/env"
