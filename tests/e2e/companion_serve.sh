#!/bin/bash
#
# The whole way on a real WordPress: a visitor posts, the companion tells
# `sluice serve` by webhook, and the verdict comes back to the comment; what
# moderators do at the site is learned from; nobody who is down or killed
# loses anything.
#
#     tests/e2e/companion_serve.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/companion.sh
. "$here/companion.sh"
# serving.sh has a secret of its own.
companion_secret=$secret
# shellcheck source=tests/e2e/serving.sh
. "$here/serving.sh"
secret=$companion_secret

spam='Buy <a href="http://cheap-viagra.example">cheap viagra</a> online without
prescription, payday loans and replica watches at
[url=http://casino-bonus.example]casino bonus[/url]'
ham='I tried your recipe with rye flour yesterday, and it is really good. How
long do you let the dough rest when the kitchen is cold?'

write_config()
{
    cat >sluice.conf <<CONF
store = sluice.db
listen = 127.0.0.1:$port
[site "blog"]
kind = wordpress
url = $WP_URL
user = $WP_USER
password = $WP_PASSWORD
hook_secret = $secret
CONF
    chmod 600 sluice.conf
}

# visit AUTHOR TEXT: sets `id` to the new comment's number.
visit()
{
    curl -sS -o form.out -d comment_post_ID="$post" \
        --data-urlencode "author=$1" -d email="v$(date +%N)@example.org" \
        --data-urlencode "comment=$2" "$WP_URL/wp-comments-post.php"
    id=$(site_sql 'SELECT max(comment_ID) FROM wp_comments' | tail -n 1)
}

has_status()
{
    same "$(site_sql "SELECT comment_approved FROM wp_comments
        WHERE comment_ID = $1" | tail -n 1)" "$2"
}

# What was learned of a comment at the site.
said()
{
    sql "SELECT label || ' by ' || by FROM feedback WHERE comment = '$1'"
}

has_said()
{
    same "$(said "$1")" "$2"
}

nothing_waits()
{
    same "$(outbox 'COUNT(*)')" 0
}

judged_once()
{
    same "$(sql "SELECT count(*) FROM decision WHERE comment = '$1'")" 1
}

begin "$@"
# The program is told by its file alone.
export WP_COMPANION=must-use
site_begin
serving_begin
trap 'serving_end; site_stop' EXIT
for name in $(compgen -e SLUICE_); do
    unset "$name"
done
"$here/make_rows.py" 20 >rows.ndjson
check "rows" site_load rows.ndjson
post=$(site_sql "SELECT ID FROM wp_posts WHERE post_title = 'Post 1'" |
    tail -1)
no_flood
write_config
receiver=http://127.0.0.1:$port
connect
serve_start

visit "cheap viagra online" "$spam"
spam_id=$id
check "spam becomes spam" soon has_status "$spam_id" spam
visit Ann "$ham"
ham_id=$id
check "an honest comment is published" soon has_status "$ham_id" 1
visit Mary "Nice site, I enjoyed reading it and will come back soon."
held_id=$id
check "doubt stays held" soon judged_once "$held_id"
check "at the site" has_status "$held_id" 0
check "all is done" soon all_done
check "our own changes are no person's word" same \
    "$(sql 'SELECT count(*) FROM feedback')" 0

check "a moderator approves what was held" site_person approve "$held_id"
check "and marks the honest one as spam" site_person spam "$ham_id"
check "which is learned" soon has_said "$held_id" "approve by moderator"
check "and this, too" soon has_said "$ham_id" "spam by moderator"
check "and stands" has_status "$ham_id" spam

# Killed in the middle, and not there for a while.
kill -9 "$serve_pid"
wait "$serve_pid" 2>/dev/null
visit "cheap viagra online" "$spam And once more for you."
down_id=$id
check "while sluice is down a comment waits" has_status "$down_id" 0
check "and so does its event" same "$(outbox 'SUM(failed = 0)')" 1
serve_start
for ((try = 0; try < 60; try++)); do
    site_cron
    nothing_waits >/dev/null && break
    sleep 0.5
done
check "cron brings it" nothing_waits
check "it becomes spam" soon has_status "$down_id" spam
check "it was judged once" judged_once "$down_id"
check "so was the first" judged_once "$spam_id"
check "all is done" soon all_done
serve_stop TERM
check "PHP had nothing to say" same "$(complaints)" ""
finish
