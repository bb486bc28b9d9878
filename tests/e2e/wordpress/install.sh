#!/bin/bash
#
# Install the Debian packages a test WordPress is made of.
#
#   install.sh
#
# Quiet, and quick, when nothing is missing. Only the programs are wanted: the
# test sites run their own daemons (start.sh), so the services that come with
# the packages are neither started now nor left to start at the next boot.
set -euo pipefail

# php-curl, php-mbstring and php-xml are not required by WordPress, but nearly
# every host has them: without cURL its outgoing requests take another road,
# and without XML there is no XML-RPC. The theme is what makes a page, and so a
# comment form, appear.
package=(
    wordpress wordpress-theme-twentytwentythree
    mariadb-server nginx curl
    php-fpm php-mysql php-curl php-mbstring php-xml
)
policy=/usr/sbin/policy-rc.d

missing=()
for p in "${package[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$p")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    exec sudo -- "$0"
fi

echo "install.sh: installing ${missing[*]}" >&2

tmp=$(mktemp -d)
made_policy=
tidy()
{
    rm -rf "$tmp"
    [ -z "$made_policy" ] || rm -f "$policy"
}
trap tidy EXIT

# A policy that is already there was somebody's decision: it stays.
if [ ! -e "$policy" ]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

quietly()
{
    "$@" >"$tmp/log" 2>&1 </dev/null || {
        cat "$tmp/log" >&2
        echo "install.sh: failed: $*" >&2
        exit 1
    }
}

export DEBIAN_FRONTEND=noninteractive
quietly apt-get -q update
# "apache2-bin-" keeps out the web server that PHP would rather have.
quietly apt-get -q -y --no-install-recommends install \
    "${missing[@]}" apache2-bin-

# A service that was here before belongs to the machine; one that came just
# now must not start at the next boot.
command -v systemctl >/dev/null || exit 0
for p in "${missing[@]}"; do
    case $p in
    mariadb-server) quietly systemctl disable mariadb.service ;;
    nginx) quietly systemctl disable nginx.service ;;
    php-fpm)
        version=$(php -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;')
        quietly systemctl disable \
            "php$version-fpm.service" phpsessionclean.timer
        ;;
    esac
done
