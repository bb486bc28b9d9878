#!/bin/bash
#
# Runs over a real WordPress that has the companion plugin: judged as over
# core, told in batches, nothing changed but the status, people win, undone.
#
#     tests/e2e/companion_run.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"
# shellcheck source=tests/e2e/line.sh
. "$here/line.sh"

# More than a page of 500, and 14 of them as wpDiscuz and others store them.
rows=1100

# Nothing is held for doubt, so that all are to be told.
decisive=(--policy-approve-below 0.5 --policy-spam-at 0.5
    --policy-abuse-hold-at 1 --no-table)

dump()
{
    "$here/wordpress/dump.sh" "$@" "$site_dir"
}

untouched()
{
    dump --no-status | cmp - before
}

plugin_file()
{
    echo "$WP_ROOT/wp-content/mu-plugins/sluice.php"
}

# What comments there are, in each of the ways they cross the border.
choose()
{
    "$here/make_rows.py" "$((rows - 72))" >comments.ndjson
    "$here/choose_comments.py" --sample >>comments.ndjson
}

# The companion's comments make the same verdicts as core's.
same_verdicts()
{
    check "judged over the companion" sluice 0 run --dry-run
    check "it is found" has err 'event=companion '
    mv out over_companion
    mv "$(plugin_file)" aside.php
    check "judged over core" sluice 0 run --dry-run
    check "what it would spare is said, once" \
        same "$(grep -c 'event=no_companion' err)" 1
    mv aside.php "$(plugin_file)"
    check "with the same verdicts" diff out over_companion
}

first_run()
{
    local before

    before=$(log_lines)
    check "run" sluice 0 run --no-table
    check "it says what it did" has out "^run 1: $rows seen, 0 known; .* failed 0"
    check "each comment is as its verdict says" verdicts_done
    check "all but the status is as it was, to the byte" untouched
    check "pages are of five hundred" \
        at_most "$(requests_since "$before" 'GET .*/sluice/v1/queue')" 4
    check "verdicts go together" \
        at_most "$(requests_since "$before" 'POST .*/sluice/v1/verdicts')" 6
    check "core's comments are left alone" \
        same "$(requests_since "$before" 'wp/v2/comments')" 0
    check "each comment has its reasons, what is held too" \
        same "$(site_sql "SELECT COUNT(*) FROM wp_commentmeta
            WHERE meta_key = '_sluice'" | tail -1)" "$rows"
    check "posts' counts are right" same "$(site_sql "SELECT COUNT(*) FROM
        wp_posts p WHERE comment_count <> (SELECT COUNT(*) FROM wp_comments
        WHERE comment_post_ID = p.ID AND comment_approved = '1')" | tail -1)" 0
    before=$(log_lines)
    check "another run" sluice 0 run --no-table
    check "it judges nothing" has out ' judged 0:'
    check "it tells nothing" same "$(requests_since "$before" 'POST ')" 0
}

undone()
{
    local mine

    mapfile -t mine < <(site_statuses | awk '$2 == "approved" { print $1 }' |
        head -n 2)
    check "a person marks as spam" site_person spam "${mine[0]}"
    check "a person throws away" site_person trash "${mine[1]}"
    site_statuses | awk -v mine=" ${mine[*]} " \
        '{ print $1, index(mine, " " $1 " ") ? $2 : "hold" }' >wanted
    check "undo" sluice 0 undo 1
    check "it says what it did" has out ' put back, 2 skipped .* 0 failed'
    site_statuses >is
    check "all wait again, but for what a person decided" diff is wanted
    check "all but the status is as it was" untouched
    check "history knows" same "$("$program" history --json --limit 0 \
        --state undone | wc -l)" "$(("$(wc -l <is)" - 2 - $("$program" history \
            --json --limit 0 --state kept | wc -l)))"
    check "a run after that" sluice 0 run --no-table
    site_statuses >is
    check "leaves to people what they took back" diff is wanted
}

all_wait()
{
    rm -f sluice.db*
    site_sql "UPDATE wp_comments SET comment_approved = '0';
        UPDATE wp_posts SET comment_count = 0;
        DELETE FROM wp_commentmeta WHERE meta_key NOT LIKE 'sluice_test%'"
}

# While the first verdicts are on their way, people are at work: they approve,
# mark, throw away, delete, edit and write.
people_win()
{
    local pid

    all_wait
    fault 'kind=slow&seconds=3&match=POST'
    SLUICE_SITE_URL=$line "$program" run "${decisive[@]}" >out 2>err &
    pid=$!
    until line_log | grep -q 'queue?status=hold&after=0&per_page=500'; do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
    done
    sleep 0.5
    site_sql "UPDATE wp_comments SET comment_approved = 'spam'
            WHERE comment_ID IN (21, 22);
        UPDATE wp_comments SET comment_approved = 'trash'
            WHERE comment_ID IN (23);
        DELETE FROM wp_comments WHERE comment_ID = 24;
        UPDATE wp_comments SET comment_content = 'edited'
            WHERE comment_ID = 25;
        INSERT INTO wp_comments (comment_post_ID, comment_author,
            comment_content, comment_approved) VALUES (1, 'New', 'new', '0')"
    wait "$pid"
    check "people at work during a run: it completes" same $? 0
    check "what they decided stays" same "$(site_statuses |
        awk '$1 >= 21 && $1 <= 25' | xargs)" "21 spam 22 spam 23 trash 25 hold"
    check "the others are as their verdicts say" same \
        "$(join <(site_statuses | sort) <(store_statuses | sort) |
            awk '($1 < 21 || $1 > 25) && $2 != $3' | wc -l)" 0
    check "the run says so" has out 'skipped [345], failed 0'
    fault kind=none
    check "a later run" sluice 0 run "${decisive[@]}"
    check "judges the edited one again" has out ' judged [12]:'
    check "and the new one, if the first run did not" same \
        "$(site_statuses | tail -n 1)" "$(store_statuses | tail -n 1)"
}

decided()
{
    [ "$(sqlite3 -readonly "$SLUICE_STORE" \
        'SELECT count(*) FROM decision' 2>/dev/null || echo 0)" -ge "$1" ]
}

told()
{
    [ "$(site_sql "SELECT COUNT(*) FROM wp_comments
        WHERE comment_approved <> '0'" | tail -1)" -ge "$1" ]
}

# killed_when COMMAND...: begin a run, and kill it once the command succeeds.
killed_when()
{
    local pid

    SLUICE_SITE_URL=$line "$program" run "${decisive[@]}" >out 2>err &
    pid=$!
    until "$@"; do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.02
    done
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    [ $? = 137 ] || {
        cat out err
        return 1
    }
}

killed()
{
    site_sql "DELETE FROM wp_comments"
    site_load comments.ndjson 2>load.err
    all_wait
    dump --no-status >before
    # Each request's work is done long before its answer comes.
    fault 'kind=slow&seconds=0.4&match=POST'
    check "killed when the first page is judged" killed_when decided 500
    check "killed while it tells the site" killed_when told 200
    check "killed late" killed_when told 800
    fault kind=none
    check "a run to the end" sluice 0 run "${decisive[@]}"
    check "each comment is judged once" same "$(sqlite3 "$SLUICE_STORE" \
        "SELECT count(*), count(DISTINCT comment) FROM decision
         WHERE detail NOT LIKE 'superseded%'")" "$rows|$rows"
    check "each comment is as its verdict says" verdicts_done
    check "nothing waits to be told" same \
        "$("$program" history --json --state pending | wc -l)" 0
    check "all but the status is as it was" untouched
    check "and the store is sound" same \
        "$(sqlite3 "$SLUICE_STORE" 'PRAGMA integrity_check')" ok
}

begin "$@"
export WP_COMPANION=must-use
site_begin
trap 'line_down; site_stop' EXIT
choose
check "rows" site_load comments.ndjson
dump --no-status >before
same_verdicts
first_run
undone
line_up 0
people_win
killed
check "PHP had nothing to say" same "$(cat "$WP_DIR/log/wordpress.log")" ""
finish
