#!/bin/bash
#
# Install what drives the page: Debian's Chromium onto the machine, and
# playwright-core and axe-core from npm into DIR/node_modules, as the lock file
# beside this script has them. Quiet, and quick, when nothing is missing.
#
#     install.sh DIR
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
dir=$1
command -v chromium >/dev/null || {
    sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo -n)
    "${sudo[@]}" apt-get -q update
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        --no-install-recommends install chromium fonts-liberation
} >&2

mkdir -p "$dir"
cp "$here/package.json" "$here/package-lock.json" "$dir/"
cmp -s "$here/package-lock.json" "$dir/installed" || {
    (cd "$dir" && npm ci --no-audit --no-fund --ignore-scripts) >&2
    cp "$here/package-lock.json" "$dir/installed"
}
