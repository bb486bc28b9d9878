#!/bin/bash
#
# A real WordPress with the companion behind a bad line, and one that is down,
# restarting or in maintenance itself.
#
#     tests/e2e/companion_faults.sh PROGRAM SCRATCH_DIR
#
# As in faults.sh: the run has to say what is wrong and leave with the right
# code, and a later one to complete. The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"
# shellcheck source=tests/e2e/line.sh
. "$here/line.sh"

comments=24

options=(--policy-approve-below 0.5 --policy-spam-at 0.5
    --policy-abuse-hold-at 1 --site-retries 2 --no-table)

# All comments wait again, and nobody knows them.
fresh()
{
    rm -f sluice.db*
    site_sql "UPDATE wp_comments SET comment_approved = '0'"
}

dump()
{
    "$here/wordpress/dump.sh" "$@" "$site_dir"
}

# Each comment waits still, or is what its verdict says; nothing else is new.
no_harm()
{
    dump --no-status | cmp - before || return 1
    [ -e sluice.db ] || {
        same "$(site_statuses | grep -vc ' hold$')" 0
        return
    }
    join <(site_statuses | sort) <(store_statuses | sort) |
        awk '$2 != "hold" && $2 != $3 { print; bad = 1 } END { exit bad }'
}

completes()
{
    check "$1: a later run completes" sluice 0 run "${options[@]}"
    check "$1: each comment is as its verdict says" verdicts_done
    check "$1: nothing waits to be told" \
        same "$("$program" history --json --state pending)" ""
    check "$1: nothing else has changed" no_harm
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

bad_line()
{
    spoilt "lost verdicts" 0 "no answer" 'kind=lost&match=POST&times=2'
    spoilt "lost verdicts and no end" 3 "no answer" 'kind=lost&match=POST' \
        --site-retries 1
    spoilt "cut verdicts" 0 "no answer" 'kind=cut&match=POST&times=1'
    spoilt "silence" 0 "no answer: .*[Tt]ime" 'kind=hang&match=POST&times=1' \
        --site-timeout 1
    spoilt "cut queue" 0 "no answer" 'kind=cut&match=queue&times=1'
    spoilt "cut queue and no end" 3 "no answer" 'kind=cut&match=queue'
    spoilt "a slow site" 0 "" 'kind=slow&seconds=0.5'
    spoilt "busy" 0 "answers 429" \
        'kind=status&status=429&retry_after=1&match=POST&times=1'
    spoilt "502 and no end" 3 "answers 502" 'kind=status&status=502&match=POST'
    spoilt "firewall" 3 "firewall" 'kind=status&status=403&match=POST'
    spoilt "a page for an answer" 3 "page instead of JSON" \
        'kind=page&match=POST'
}

# What core would do is what is left then.
companion_goes()
{
    local before

    before=$(log_lines)
    spoilt "companion switched off" 0 "event=companion_lost" \
        'kind=status&status=404&code=rest_no_route&match=sluice/v1'
    check "companion switched off: core goes on" at_least \
        "$(posts_since "$before" | wc -l)" 1
    before=$(log_lines)
    spoilt "companion switched off half-way" 0 "event=companion_lost" \
        'kind=status&status=404&code=rest_no_route&match=sluice/v1&after=1'
    check "companion switched off half-way: core goes on" at_least \
        "$(posts_since "$before" | wc -l)" 1
}

# One comment over which PHP dies, whoever changes its status.
deadly_row()
{
    cat >"$WP_ROOT/wp-content/mu-plugins/dies.php" <<'END'
<?php
add_action('transition_comment_status', function ($new, $old, $comment) {
    if ((int) $comment->comment_ID === 3)
        exit(1);
}, 10, 3);
END
    fresh
    fault kind=none
    sluice 1 run "${options[@]}" --site-retries 0 >told 2>&1
    rm "$WP_ROOT/wp-content/mu-plugins/dies.php"
    check "PHP dies over one comment: the others are told" \
        at_most "$(site_statuses | grep -c ' hold$')" 1
    completes "PHP dies over one comment"
}

# The site's own ways of being away; nothing is between.
really_down()
{
    local url=$SLUICE_SITE_URL

    SLUICE_SITE_URL=$WP_URL
    fresh
    # shellcheck disable=SC2016
    echo '<?php $upgrading = time();' >"$WP_ROOT/.maintenance"
    check "maintenance: leaves with 3" \
        sluice 3 run "${options[@]}" --site-retries 0
    check "maintenance: says so" has err "answers 503.*later"
    rm "$WP_ROOT/.maintenance"
    completes "maintenance"

    fresh
    kill "$(cat "$site_dir/site/run/mariadb.pid")"
    sleep 1
    check "database down: leaves with 3" \
        sluice 3 run "${options[@]}" --site-retries 0
    check "database down: says so" has err "answers 500.*error log"
    "$here/wordpress/start.sh" --keep "$site_dir" >start.out
    completes "database down"

    fresh
    kill "$(cat "$site_dir/site/run/php-fpm.pid")"
    sleep 1
    check "PHP down: leaves with 3" \
        sluice 3 run "${options[@]}" --site-retries 0
    check "PHP down: says so" has err "answers 502"
    "$here/wordpress/start.sh" --keep "$site_dir" >start.out
    completes "PHP down"
    SLUICE_SITE_URL=$url
}

# PHP is killed under a run's hands and comes back; the run does not mind.
restarted()
{
    local pid php workers

    fresh
    fault 'kind=slow&seconds=1&match=POST'
    "$program" run "${options[@]}" --site-retries 8 >out 2>err &
    pid=$!
    until line_log | grep -q 'queue?.*per_page=500'; do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
    done
    php=$(cat "$site_dir/site/run/php-fpm.pid")
    mapfile -t workers < <(pgrep -P "$php")
    kill -9 "$php" "${workers[@]}"
    sleep 2
    "$here/wordpress/start.sh" --keep "$site_dir" >start.out
    wait "$pid"
    check "a site that restarts: the run completes" same $? 0
    check "a site that restarts: it was noticed" has err "event=http_retry"
    check "a site that restarts: all is told" verdicts_done
    check "a site that restarts: nothing else has changed" no_harm
    fault kind=none
}

begin "$@"
export WP_COMPANION=must-use
site_begin
trap 'line_down; site_stop' EXIT
"$here/choose_comments.py" --sample |
    jq -c 'select(.label != "abuse")' | head -n "$comments" >comments.ndjson
check "the comments are loaded" site_load comments.ndjson
dump --no-status >before
line_up 0
SLUICE_SITE_URL=$line
bad_line
companion_goes
deadly_row
restarted
really_down
check "the line is in order" same "$(cat line.err)" ""
finish
