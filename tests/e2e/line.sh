# shellcheck shell=bash
#
# A line between the program and a real WordPress that can be spoilt; sourced
# after site.sh. fault_proxy.py is the line.
#
# shellcheck source=tests/e2e/site.sh
[ -n "${here-}" ] || . "$(dirname "${BASH_SOURCE[0]}")/site.sh"

line_pid=

# A certificate that the line's own is signed with, if it speaks TLS.
line_ca=

# ask_line PATH [CURL_ARGUMENT...]
ask_line()
{
    local path=$1

    shift
    curl -sS --fail ${line_ca:+--cacert "$line_ca"} "$@" "$line/-/$path"
}

# line_up [[HOST:]PORT [PEM_FILE]]: start the proxy; its URL is `line`. Not to
# be run in a subshell, as `check` does it.
line_up()
{
    local i

    line=
    : >line.url
    "$here/fault_proxy.py" "$WP_URL" "$@" >line.url 2>>line.err &
    line_pid=$!
    for ((i = 0; i < 100; i++)); do
        read -r line <line.url && break
        sleep 0.05
    done
    check "the line is up" [ -n "$line" ] || {
        cat line.err
        finish
        exit
    }
}

line_down()
{
    [ -n "$line_pid" ] || return 0
    kill "$line_pid" 2>/dev/null
    wait "$line_pid" 2>/dev/null
    line_pid=
}

# fault FIELDS: what the line does from now on.
fault()
{
    ask_line fault -d "$1"
}

line_log()
{
    ask_line log
}

spoilt_something()
{
    line_log >log
    grep -Eq ' (status|page|hang|cut|lost|slow|strip|redirect) (passed|kept)$' log || {
        cat log
        return 1
    }
}
