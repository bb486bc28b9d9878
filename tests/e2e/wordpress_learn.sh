#!/bin/bash
#
# A real WordPress with a past: 2,000 comments that its moderators approved or
# marked, learned from through its API; then new ones come.
#
#     tests/e2e/wordpress_learn.sh PROGRAM SCRATCH_DIR
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"

begin "$@"

past=2000
new=150

# What moderators did over the years, in one statement.
moderated()
{
    site_sql "UPDATE wp_comments c JOIN wp_commentmeta m
              ON m.comment_id = c.comment_ID
              AND m.meta_key = 'sluice_test_label'
              SET c.comment_approved = IF(m.meta_value = 'spam', 'spam', '1')"
}

# mistakes: spam approved and honest comments marked, by their labels.
mistakes()
{
    site_sql "SELECT count(*) FROM wp_comments c JOIN wp_commentmeta m
              ON m.comment_id = c.comment_ID
              AND m.meta_key = 'sluice_test_label'
              WHERE (m.meta_value = 'spam' AND c.comment_approved = '1')
              OR (m.meta_value = 'ham' AND c.comment_approved = 'spam')" |
        tail -n 1
}

fell()
{
    echo "mistakes before: $1, after: $2 of $new"
    [ $(($2 * 4)) -lt "$1" ]
}

site_begin
"$here/site_history.py" 1 "$past" >past.ndjson
"$here/site_history.py" 5001 "$new" >new.ndjson
check "the past" site_load past.ndjson
check "was moderated" moderated
check "the new comments" site_load new.ndjson

check "first, without having learned" sluice 0 run --no-table
before=$(mistakes)
check "undone" sluice 0 undo 1
check "all is as it was" [ "$(mistakes)" = 0 ]

began=$SECONDS
check "learns" sluice 0 learn
echo "learning took $((SECONDS - began)) s"
check "from all of the past" has out "^read $past comments"
check "what it learned is live" has out ": live, better on the "

# What was undone has people's word and is let be: a new store asks again.
sqlite3 sluice.db "DELETE FROM reason; DELETE FROM decision;
    DELETE FROM content"
check "then, having learned" sluice 0 run --no-table
after=$(mistakes)
check "new comments are judged better" fell "$before" "$after"

# A person takes one spam comment out; that is a lesson, the rest is not.
one=$(site_statuses | awk -v past="$past" '$2 == "spam" && $1 > past {
    print $1; exit }')
check "there is new spam" [ -n "$one" ]
check "a person approves one" site_person approve "$one"
check "learns from that" sluice 0 learn
check "and from nothing else" has out " 1 labels new or changed"
check "as a correction" [ "$(sqlite3 sluice.db \
    "SELECT comment, spam FROM label WHERE source = 'correction'")" = \
    "$one|0" ]
check "the report" sluice 0 report
check "counts it" has out "^in all: 1 of 1 honest comments were marked"

finish
