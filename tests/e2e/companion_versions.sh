#!/bin/bash
#
# The companion on the oldest and the newest WordPress that Debian has, with
# the PHP of that release, and with each other PHP from 7.4 to the newest.
#
#     tests/e2e/companion_versions.sh PROGRAM SCRATCH_DIR
#
# On the two releases the whole test of the routes passes again. The PHPs in
# between and beyond are WebAssembly from npm, on the newest WordPress that
# could be had; there the companion lives once from activation to
# uninstallation. What can't be fetched is skipped. The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"

releases=(bullseye sid)
# Debian has 7.4, 8.4 and, for all other tests, 8.2.
phps=(8.0 8.1 8.3 8.5)
newest=
default_path=$PATH

# What is fetched is kept beside the scratch files, which are not.
fetched()
{
    realpath -m "$scratch/../../$1"
}

# use RELEASE: from now on sites are of that release.
use()
{
    WP_RELEASE=$(fetched releases)/$1
    PATH=$WP_RELEASE:$default_path
    E2E_WORDPRESS=$scratch/$1
    export WP_RELEASE E2E_WORDPRESS
}

# Its checks count as ours.
routes()
{
    local last

    "$here/companion_routes.sh" "$program" "$scratch/$1.routes" >routes.out 2>&1
    last=$(tail -n 1 routes.out)
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        grep -A 20 FAILED routes.out | sed "s/^/$1: /"
    else
        check "the routes on $1" cat routes.out "died of: $last"
    fi
}

release()
{
    if ! "$here/wordpress/release.sh" "$1" "$(fetched releases)" >fetch.out 2>&1
    then
        skip "WordPress and PHP of $1" "$(tail -n 1 fetch.out)"
        return
    fi
    use "$1"
    newest=$1
    routes "$1"
    echo "$1: PHP $(php -r 'echo PHP_VERSION;'), WordPress $(sed -n \
        "s/^\$wp_version = '\(.*\)';/\1/p" \
        "$WP_RELEASE/root/usr/share/wordpress/wp-includes/version.php")"
}

install_php()
{
    local dir

    dir=$(fetched php_wasm)
    mkdir -p "$dir"
    cp "$here"/php_wasm/* "$dir/"
    cmp -s "$dir/package-lock.json" "$dir/installed" && return
    (cd "$dir" && npm ci --no-audit --no-fund --ignore-scripts) &&
        cp "$dir/package-lock.json" "$dir/installed"
}

# life PHP: what companion_life.php says there.
life()
{
    (cd "$(fetched php_wasm)" && timeout 100 node php.mjs "$1" \
        -s "$WP_DIR/run/mariadb.sock" \
        "$here/wordpress/companion_life.php" "$site_dir")
}

each_php()
{
    local php

    for php in "${phps[@]}"; do
        echo "PHP: $php" | cat - "$here/wordpress/companion_life.expected" \
            >wanted
        life "$php" >"life.$php" 2>&1
        check "with PHP $php" diff wanted "life.$php"
    done
}

begin "$@"
[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || {
    skip "other versions" "installing WordPress takes root"
    finish
    exit
}
check "what they run on can be installed" "$here/wordpress/install.sh"
export WP_COMPANION=plugin
for name in "${releases[@]}"; do
    release "$name"
done
if ! install_php >npm.out 2>&1; then
    skip "PHP ${phps[*]}" "npm can't give them: $(tail -n 1 npm.out)"
    finish
    exit
fi
[ -n "$newest" ] || unset WP_RELEASE E2E_WORDPRESS
site_begin
each_php
finish
