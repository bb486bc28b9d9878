#!/bin/bash
#
# A real WordPress behind a bad line: down, refusing, busy, silent, cut off.
#
#     tests/e2e/faults.sh PROGRAM SCRATCH_DIR
#
# Each fault lasts for one run, or for part of it: the run has to say what is
# wrong and leave with the right code, and a later one to complete, with no
# comment told twice. The last line is a count. fault_proxy.py is the line.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"
# shellcheck source=tests/e2e/line.sh
. "$here/line.sh"

comments=8

# Nothing is held for doubt, so that all are to be told; the program is not
# patient, so that the tests are quick.
decisive=(--policy-approve-below 0.5 --policy-spam-at 0.5
    --policy-abuse-hold-at 1)
options=("${decisive[@]}" --site-retries 2 --no-table)

# All comments wait again, and nobody knows them.
fresh()
{
    rm -f sluice.db*
    site_sql "UPDATE wp_comments SET comment_approved = '0'"
    mark=$(log_lines)
}

# Each comment waits still, or is what its verdict says.
no_harm()
{
    [ -e sluice.db ] || {
        same "$(site_statuses | grep -vc ' hold$')" 0
        return
    }
    join <(site_statuses | sort) <(store_statuses | sort) |
        awk '$2 != "hold" && $2 != $3 { print; bad = 1 } END { exit bad }'
}

# The web server saw at most one change of each comment.
told_once()
{
    same "$(posts_since "$mark" | cut -d' ' -f 1 | sort | uniq -d)" ""
}

# Wait until the site is done with what reached it before the line was cut;
# no client can see that coming.
site_quiet()
{
    local lines

    lines=$(log_lines)
    sleep 1
    while [ "$(log_lines)" != "$lines" ]; do
        lines=$(log_lines)
        sleep 1
    done
}

completes()
{
    check "$1: a later run completes" sluice 0 run "${options[@]}"
    check "$1: each comment is as its verdict says" verdicts_done
    check "$1: nothing waits to be told" \
        same "$("$program" history --json --state pending)" ""
    check "$1: no comment was told twice" told_once
}

# first NAME CODE WORDS FAULT [OPTION...]: a run with this fault.
first()
{
    local name=$1 code=$2 words=$3 fields=$4

    shift 4
    fresh
    fault "$fields"
    check "$name: leaves with $code" sluice "$code" run "${options[@]}" "$@"
    check "$name: says so" has err "$words"
    check "$name: did happen" spoilt_something
    check "$name: does no harm" no_harm
}

# spoilt NAME CODE WORDS FAULT [OPTION...]: and then one without.
spoilt()
{
    first "$@"
    fault kind=none
    completes "$1"
}

not_there()
{
    fresh
    line_down
    check "site down: leaves with 3" sluice 3 run "${options[@]}"
    check "site down: says so" has err 'no answer: .*onnect'
    check "site down: does no harm" no_harm
    line_up "${line##*:}"
    completes "site down"

    fresh
    fault 'kind=down&match=POST&after=3'
    check "site going down: leaves with 3" sluice 3 run "${options[@]}"
    check "site going down: says so" has err 'no answer: '
    check "site going down: does no harm" no_harm
    line_down
    site_quiet
    line_up "${line##*:}"
    completes "site going down"
}

unauthorized()
{
    spoilt "401" 3 "user or the application password is wrong" \
        'kind=status&status=401&code=rest_not_logged_in&match=users/me'
    spoilt "401 half-way" 3 "user or the application password is wrong" \
        'kind=status&status=401&code=rest_not_logged_in&match=users/me|comments/[0-9]&after=6'
    spoilt "401 of the web server" 3 "password is asked for before WordPress" \
        'kind=status&status=401&match=wp-json'
}

# one_refused NAME: it is comment 3, and for good. It waits on, and has a name.
one_refused()
{
    check "$1: names the comment" has err 'comment_refused .*comment="3"'
    check "$1: the comment waits" \
        same "$(site_statuses | grep hold)" "3 hold"
    check "$1: history has why" \
        same "$("$program" history --json --state failed |
            jq -r 'select(.detail != "").id')" 3
    check "$1: no comment was told twice" told_once
}

forbidden()
{
    first "403 for a comment" 1 "give the user the role of an Editor" \
        'kind=status&status=403&code=rest_cannot_edit&match=comments/3\?'
    one_refused "403 for a comment"
    spoilt "403 of a firewall" 3 "firewall" 'kind=status&status=403'
    spoilt "403 of a firewall for changes" 3 "firewall" \
        'kind=status&status=403&match=POST'
    first "409 for a comment" 1 "409" \
        'kind=status&status=409&code=rest_conflict&match=POST .*comments/3\?'
    one_refused "409 for a comment"
}

# Deleted between the verdict and the telling.
missing()
{
    first "404 for a comment" 0 "" \
        'kind=status&status=404&code=rest_comment_invalid_id&match=comments/3\?'
    check "404 for a comment: counts as skipped" has out "skipped 1, failed 0"
    check "404 for a comment: the others are told" \
        same "$(site_statuses | grep -c hold)" 1
    check "404 for a comment: history knows" \
        same "$("$program" history --json --state gone | jq -r .id)" 3
    spoilt "404 of all the API" 3 "no REST API there" \
        'kind=status&status=404&match=wp-json|rest_route'
}

# For one second from each answer with Retry-After on, nothing came.
kept_quiet()
{
    awk '{ if (NR > 1 && $1 < until) { print; bad = 1 } }
         $4 == "status" { until = $1 + 1 }
         END { exit bad || !until }' log
}

busy()
{
    spoilt "429" 0 "answers 429, that is 'not now'" \
        'kind=status&status=429&retry_after=1&match=POST&after=2&times=1' \
        --site-in-flight 1
    check "429: nothing is sent before the time" kept_quiet
    spoilt "429 and no end" 3 "answers 429, that is 'not now'" \
        'kind=status&status=429&retry_after=1&match=comments' --site-retries 1
    spoilt "500" 0 "answers 500" 'kind=status&status=500&match=POST&times=2'
    spoilt "500 and no end" 3 "answers 500.*error log" \
        'kind=status&status=500&match=comments'
    spoilt "500 for a comment" 1 'comment_waits .*comment="3".*answers 500' \
        'kind=status&status=500&match=POST .*comments/3\?' --site-retries 1
    spoilt "500 for a list" 0 'answers 500' \
        'kind=status&status=500&code=internal_server_error&match=include=.*,3,' \
        --site-retries 0
    spoilt "503" 0 "answers 503" \
        'kind=status&status=503&retry_after=1&match=comments&after=5&times=1' \
        --site-in-flight 1
    check "503: nothing is sent before the time" kept_quiet
    spoilt "503 and no end" 3 "answers 503" \
        'kind=status&status=503&retry_after=1' --site-retries 1
}

silent()
{
    spoilt "silence" 3 "no answer: .*[Tt]ime" 'kind=hang' \
        --site-timeout 1 --site-retries 0
    spoilt "silence half-way" 0 "no answer: .*[Tt]ime" \
        'kind=hang&match=POST&after=2&times=2' --site-timeout 1
}

cut_off()
{
    spoilt "cut list" 0 "no answer" 'kind=cut&match=GET .*comments&times=1'
    spoilt "cut lists" 3 "no answer" 'kind=cut&match=GET .*comments'
    spoilt "cut answers" 0 "no answer" 'kind=cut&match=POST&times=3'
    spoilt "lost answers" 0 "no answer" 'kind=lost&match=POST&times=3'
    spoilt "lost answers and no end" 0 "no answer" 'kind=lost&match=POST' \
        --site-retries 1
}

pages()
{
    spoilt "login wall" 3 "a page instead of JSON" \
        'kind=page&match=comments'
    spoilt "page for a change" 0 "" 'kind=page&match=POST&times=2'
}

begin "$@"
site_begin
trap 'line_down; site_stop' EXIT
"$here/choose_comments.py" --sample |
    jq -c 'select(.label != "abuse")' | decided "${decisive[@]}" |
    head -n "$comments" >comments.ndjson
check "the comments are loaded" site_load comments.ndjson
line_up
SLUICE_SITE_URL=$line
not_there
unauthorized
forbidden
missing
busy
silent
cut_off
pages
check "the line is in order" same "$(cat line.err)" ""
finish
