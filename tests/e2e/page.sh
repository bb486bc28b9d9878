#!/bin/bash
#
# The moderators' page in a real browser: Debian's Chromium, driven by
# playwright-core, against `sluice serve` with a store that real judging has
# filled.
#
#     tests/e2e/page.sh PROGRAM SCRATCH_DIR
#
# The scripts in page/ go one after the other; each begins with what the ones
# before have left. The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/serving.sh
. "$here/serving.sh"

page=$here/../../src/page

# Nothing is approved at the site blog, so that what is written for it waits.
configure()
{
    cat >sluice.conf <<CONF
store = $scratch/sluice.db
listen = 127.0.0.1:$port
[site "blog"]
token = $token
approve = no
spam_at = 1
[site "news"]
token = ${token}2
CONF
    chmod 600 sluice.conf
}

# Whatever could make HTML, script or style of a text.
nothing_parses()
{
    ! grep -nE '(inner|outer)HTML|insertAdjacentHTML|document\.write' \
        "$page"/*.js &&
        ! grep -nE 'DOMParser|createContextualFragment|setHTML|\beval\b' \
            "$page"/*.js &&
        ! grep -nE 'new Function|srcdoc|javascript:' "$page"/*.js
}

# No script, style or handler within the HTML; nothing of another host.
nothing_inline()
{
    ! grep -niE '<style|style=|<script>|[^a-z]on[a-z]+=|//' \
        "$page"/*.html &&
        ! grep -nE '@import|url\(|https?:' "$page"/*.css &&
        ! grep -nE "https?://" "$page"/*.js | grep -vE 'w3\.org/2000/svg|\?:'
}

# drive SCRIPT: its failures are shown, its counts are added.
drive()
{
    local last

    node "$here/page/$1" >"$1.out" 2>&1
    last=$(tail -n 1 "$1.out")
    [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] || {
        check "$1 comes to its end" cat "$1.out" /nonexistent
        return
    }
    head -n -1 "$1.out"
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
}

begin "$@"
serving_begin
check "nothing of the page parses HTML" nothing_parses
check "nothing is inline, nothing from elsewhere" nothing_inline
if ! command -v npm >/dev/null; then
    skip "the page in a browser" "there is no npm"
    finish
    exit
fi
PAGE_NPM=$(dirname "$scratch")/npm
export PAGE_NPM
if ! check "the browser can be installed" "$here/page/install.sh" "$PAGE_NPM"
then
    finish
    exit
fi

configure
serve_start
check "a one-time link is shown" soon has serve.out '#/setup'
export PAGE_URL=http://127.0.0.1:$port PAGE_TOKEN=$token
PAGE_LINK=$(grep -oE '/#/setup[^ ]*' serve.out | head -n 1)
export PAGE_LINK
for script in ${PAGE_SCRIPTS:-door.mjs queue.mjs hostile.mjs verdicts.mjs \
    settings.mjs looks.mjs}; do
    drive "$script"
done
serve_stop TERM
finish
