#!/bin/bash
#
# Install the clients of the Akismet protocol that the tests run.
#
#     install.sh DIR
#
# Debian's packages onto the machine, npm's into DIR/node_modules, as the lock
# file beside this script has them. Quiet, and quick, when nothing is missing.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
dir=$1
package=(libnet-akismet-perl ruby-akismet socat openssl jq)
missing=()
for p in "${package[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$p")
done
if [ "${#missing[@]}" -gt 0 ]; then
    sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo -n)
    "${sudo[@]}" apt-get -q update
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        --no-install-recommends install "${missing[@]}"
fi >&2

mkdir -p "$dir"
cp "$here/package.json" "$here/package-lock.json" "$dir/"
cmp -s "$here/package-lock.json" "$dir/installed" || {
    (cd "$dir" && npm ci --no-audit --no-fund --ignore-scripts) >&2
    cp "$here/package-lock.json" "$dir/installed"
}
