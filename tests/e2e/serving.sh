# shellcheck shell=bash
#
# A running `sluice serve` for an end-to-end script; sourced after lib.sh.
#
# shellcheck source=tests/e2e/lib.sh
[ -n "${here-}" ] || . "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
# shellcheck disable=SC2034
token=0123456789abcdef0123456789abcdef
port=
serve_pid=
site_pid=
site_port=

free_port()
{
    /usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# soon COMMAND...: it succeeds within half a minute.
soon()
{
    local try

    for ((try = 0; try < 300; try++)); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    "$@"
}

# serving_begin: ports, and everything stopped when the script ends.
serving_begin()
{
    port=$(free_port)
    site_port=$(free_port)
    trap serving_end EXIT
    trap 'exit 130' INT TERM
}

serving_end()
{
    local pid

    for pid in $serve_pid $site_pid $(jobs -p); do
        kill -9 "$pid" 2>/dev/null
    done
    wait 2>/dev/null
}

# The site, which counts changes in site.log. Not within `check`, as
# serve_start isn't: what it starts would be a subshell's.
site_start()
{
    : >>site.log
    "$here/counting_site.py" "$site_port" site.log >site.err 2>&1 &
    site_pid=$!
    check "the site is up" soon curl -sf "http://127.0.0.1:$site_port/wp-json/"
}

# serve_start: in the background, its words going to serve.err; returns when
# it is ready.
serve_start()
{
    "$program" serve >serve.out 2>>serve.err &
    serve_pid=$!
    check "it is ready" soon curl -sf "http://127.0.0.1:$port/readyz"
}

# serve_stop SIGNAL: and its exit code must be 0.
serve_stop()
{
    local code=0 pid=$serve_pid

    kill "-$1" "$serve_pid"
    serve_pid=
    wait "$pid" || code=$?
    check "it leaves with 0 after SIG$1" same "$code" 0
}

# hook ARGUMENT...: of hook.py, after URL and secret.
hook()
{
    local site=$1

    shift
    "$here/hook.py" "http://127.0.0.1:$port/v1/hooks/$site" "$secret" "$@"
}

sql()
{
    sqlite3 -readonly -cmd '.timeout 5000' "$scratch/sluice.db" "$1"
}

# What was taken in and is not in the store yet.
taken_in()
{
    sqlite3 -readonly -cmd '.timeout 5000' "$scratch/sluice.db-intake" \
        'SELECT count(*) FROM entry'
}

# Nothing waits any more, to be carried over, to be judged, to be told.
all_done()
{
    [ "$(taken_in)" = 0 ] || return 1
    same "$(sql "SELECT (SELECT count(*) FROM event WHERE state = 'waiting'),
        (SELECT count(*) FROM decision WHERE state = 'pending')")" '0|0'
}

metric()
{
    curl -s "http://127.0.0.1:$port/metrics" | grep -F -- "$1" |
        sed 's/.* //'
}

# page_sign_in: the first admin, anna, by the one-time link that the server
# printed; the session is in page.jar, its token against forgery in page.csrf.
page_sign_in()
{
    local link

    link=$(cat serve.out serve.err | grep -oE 'setup\?token=[0-9a-f]+' |
        tail -n 1)
    page POST setup "{\"token\":\"${link#*=}\",\"login\":\"anna\",
        \"password\":\"four plain words here\"}" &&
        page POST session '{"login":"anna",
            "password":"four plain words here"}' &&
        jq -re .csrf page.out >page.csrf
}

# page METHOD ROUTE JSON: as the page itself would ask; answer in page.out.
page()
{
    curl -sS --fail-with-body -o page.out -b page.jar -c page.jar -X "$1" \
        -H 'Content-Type: application/json' -H 'Sec-Fetch-Site: same-origin' \
        -H "X-CSRF-Token: $(cat page.csrf 2>/dev/null || echo 1)" \
        -d "$3" "http://127.0.0.1:$port/v1/page/$2" || {
        cat page.out
        return 1
    }
}

# page_decides approve|spam|hold DECISION
page_decides()
{
    page POST actions "{\"id\":\"test-$(date +%s%N)\",\"action\":\"$1\",
        \"decisions\":[$2]}" || return 1
    grep '"done"' page.out || {
        cat page.out
        return 1
    }
}
