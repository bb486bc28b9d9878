#!/bin/bash
#
# Fetch the WordPress and the PHP of another Debian release.
#
#   release.sh RELEASE DIR
#
# Unpacks the packages of, say, bullseye or sid with all they need below
# DIR/RELEASE, and installs nothing: PHP runs with that release's own C
# library. Quiet, and quick, when that is done already. apt checks signatures
# as ever; the mirror is the one that this machine uses.
#
# What start.sh uses, with WP_RELEASE=DIR/RELEASE:
#
#   php-fpm    starts that release's PHP
#   php        the same for the command line
#   root/usr/share/wordpress
set -euo pipefail

[ $# -eq 2 ] || {
    echo "usage: release.sh RELEASE DIR" >&2
    exit 2
}
release=$1
mkdir -p "$2"
dir=$(realpath "$2")/$release
[ ! -e "$dir/php-fpm" ] || exit 0
rm -rf "$dir"
mkdir -p "$dir"/{apt/lists/partial,apt/cache/archives/partial,apt/state,root}
cd "$dir"

package=(wordpress php-fpm php-mysql php-curl php-mbstring php-xml)

# Needed by these only to be set up as services of a whole machine.
not_wanted=(
    apache2 ca-certificates debconf default-mysql-client dpkg
    init-system-helpers lsb-base media-types mime-support perl php php-gd
    procps psmisc systemd systemd-tmpfiles tzdata ucf
)

mirror()
{
    apt-get indextargets --format "\$(REPO_URI) \$(CODENAME)" \
        "Created-By: Packages" | awk '$2 !~ /-/ && /debian/ { print $1; exit }'
}

configure()
{
    local p

    for p in "${not_wanted[@]}"; do
        printf 'Package: %s\nStatus: install ok installed\n' "$p"
        printf 'Version: 999\nArchitecture: all\nDescription: none\n\n'
    done >apt/status
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
        "$(mirror) $release main" >apt/sources
    cat >apt/conf <<END
Dir::Etc::sourcelist "$dir/apt/sources";
Dir::Etc::sourceparts "/dev/null";
Dir::State "$dir/apt/state";
Dir::State::lists "$dir/apt/lists";
Dir::State::status "$dir/apt/status";
Dir::Cache "$dir/apt/cache";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
END
}

# Links that lead to / mean that release's, and some of them what is not here.
mend_links()
{
    local link to

    find root -type l -lname '/*' -printf '%p %l\n' | while read -r link to; do
        ln -sfn "$dir/root$to" "$link"
    done
    find root -xtype l -delete
}

# How an extension is loaded, and when, is in its package.
extensions()
{
    find root/usr/share/php[0-9]* -name '*.ini' |
        while read -r ini; do
            echo "$(sed -n 's/^; *priority=//p' "$ini") $ini"
        done | sort -n | cut -d' ' -f 2 | xargs cat | grep extension= |
        awk '!seen[$0]++'
    echo "extension_dir=$(dirname "$(find "$dir/root" -name mysqlnd.so)")"
}

# starter NAME PROGRAM
starter()
{
    local linker

    linker=$(find "$dir/root" -name 'ld-linux*.so.*' | sort | tail -n 1)
    cat >"$1.new" <<END
#!/bin/sh
PHP_INI_SCAN_DIR= exec $linker --library-path \\
    $dir/root/lib/x86_64-linux-gnu:$dir/root/usr/lib/x86_64-linux-gnu \\
    $2 -c $dir/php.ini "\$@"
END
    chmod +x "$1.new"
    mv "$1.new" "$1"
}

configure
export APT_CONFIG=$dir/apt/conf
apt-get -qq update
apt-get -qq -y --download-only install "${package[@]}"
for deb in apt/cache/archives/*.deb; do
    dpkg-deb -x "$deb" root
done
rm -rf apt
mend_links
extensions >php.ini
starter php "$(compgen -G "$dir/root/usr/bin/php[0-9]*")"
starter php-fpm "$(compgen -G "$dir/root/usr/sbin/php-fpm*")"
